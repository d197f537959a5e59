"""What the brand's input looks like; what it may be, `core.brand_rules` says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from forecourt.console.brand_actions import mark
from forecourt.core import brand, brand_rules, logos
from forecourt.core.brand_rules import LONGEST_FOOTER, LONGEST_TEXT
from forecourt.core.refusals import Refused

PLAIN = {"autocomplete": "off"}
PICTURES = "image/png,image/jpeg,image/webp"


def _line(label: Any, help_text: Any = "", *, most: int = 300, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={**PLAIN, **attrs})
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=most, widget=widget
    )


def _link(label: Any, help_text: Any = "") -> forms.CharField:
    return _line(label, help_text, inputmode="url")


def _text(label: Any, help_text: Any, most: int = LONGEST_TEXT) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=most, widget=widget
    )


def _picture(label: Any, help_text: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": PICTURES})
    return forms.FileField(
        label=label, help_text=help_text, required=False, widget=widget, validators=[_is_small]
    )


def _is_small(file: Any) -> None:
    if file.size > logos.MOST_BYTES:
        raise ValidationError(logos.too_large())


class BrandForm(forms.Form):
    """Everything that makes the brand. `chosen`: what it is now."""

    #: So that no field needs to say it.
    is_all_optional = True

    name = _line(_("Name"), most=80)
    support_email = _line(_("Support address"), most=254, inputmode="email")
    help_url = _link(_("Help pages"))
    community_url = _link(_("Community"))
    privacy_url = _link(_("Privacy"))
    terms_url = _link(_("Terms"))
    imprint_url = _link(_("Imprint"), _("These three stand below every page, where they are set."))
    logo = _picture(
        _("Logo"),
        _("PNG, JPEG or WebP of at most 1 MB. It is drawn anew, at most 512 × 128 pixels."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    dark_logo = _picture(_("Logo on dark pages"), _("Where the first one cannot be seen there."))
    remove_dark_logo = forms.BooleanField(label=_("Remove the logo on dark pages"), required=False)
    accent = _line(
        _("Accent"), _("A color like #1e6f5c, of buttons and links."), most=7, spellcheck="false"
    )
    sign_in_text = _text(_("On the sign-in page"), _("Markdown, above the form."))
    products_text = _text(_("On Products"), _("Markdown, for everybody: what is new, say."))
    billing_text = _text(_("On Billing"), _("Markdown, for those who see it."))
    no_organization_text = _text(
        _("For people without an organization"), _("Markdown: how they become a customer, say.")
    )
    sender_name = _line(_("Sender's name"), most=80)
    sender_address = _line(_("Sender's address"), most=254, inputmode="email")
    mail_footer = _text(
        _("Below every mail"), _("Markdown: who you are before the law, say."), LONGEST_FOOTER
    )
    #: The marks that the page had.
    saw = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, chosen: dict[str, Any]) -> None:
        words = {name: chosen[name] for name in brand.WORDS}
        super().__init__(data, files, initial=words)
        #: Of each value the mark that the person saw. A form brings it back.
        self.marks = {name: mark(value) for name, value in chosen.items()}
        self._now = dict(self.marks)
        for name, value in brand.fallbacks().items():
            if value:
                said = _now("Empty: %(value)s.") % {"value": value}
                self.fields[name].help_text = said
        self.fields["sender_name"].help_text = _now("Empty: the name above.")
        address = self.fields["sender_address"]
        address.help_text += " " + _now("The mail server has to be allowed to send for its domain.")

    def refuse(self, refusal: Refused) -> None:
        """Say at its field what somebody else made of it, which the person sees thereby."""
        self.add_error(refusal.field, refusal.sentence)
        if refusal.field in self._now:
            self.marks[refusal.field] = self._now[refusal.field]

    def clean_saw(self) -> None:
        """What the form brought back."""
        given = self.cleaned_data["saw"]
        if isinstance(given, dict):
            self.marks |= {
                name: given[name] for name in self.marks if isinstance(given.get(name), str)
            }

    def clean(self) -> dict[str, Any]:
        """With `given`: what the person changed, as it will be kept."""
        cleaned = super().clean() or {}
        sent = {name: cleaned[name] for name in brand.WORDS if name in cleaned}
        sent |= {name: self._sent(name, cleaned) for name in brand.LOGOS if name in cleaned}
        given = {name: value for name, value in sent.items() if value is not None}
        good, bad = brand_rules.sorted_out(given)
        for refusal in bad:
            self.add_error(refusal.field, refusal.sentence)
        changed = {name: value for name, value in good.items() if mark(value) != self.marks[name]}
        return {**cleaned, "good": good, "given": changed}

    def _sent(self, name: str, cleaned: dict[str, Any]) -> bytes | None:
        """The file; b"" to have none any more; None to leave it as it is."""
        if file := cleaned[name]:
            return file.read()
        return b"" if cleaned.get(f"remove_{name}") else None
