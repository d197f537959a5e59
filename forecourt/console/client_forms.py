"""What the input about programs that sign people in looks like; the rules are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.products.launching.client_rules import LONGEST_OVERLAP
from forecourt.products.models import Product


class Addresses(forms.CharField):
    """Addresses, one on a line, as a list."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return [line for each in text.splitlines() if (line := each.strip())]


class ClientForm(forms.Form):
    """A program that signs people in."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As people read it when they are asked.")
    )
    product = forms.ChoiceField(
        label=_("Product"),
        required=False,
        help_text=_("Only who has a license of it gets in."),
    )
    redirect_uris = Addresses(
        label=_("Redirect addresses"),
        required=False,
        max_length=5_000,
        help_text=_(
            "Where people come back to, signed in: one a line, with https://. Only a device needs none."
        ),
    )
    logout_uris = Addresses(
        label=_("Addresses after signing out"),
        required=False,
        max_length=5_000,
        help_text=_("Where people may be sent after signing out: one a line."),
    )
    launch_url = forms.CharField(
        label=_("Launch address"),
        required=False,
        max_length=300,
        help_text=_("Where Open on the Products page leads; empty: there is no Open."),
    )
    logout_url = forms.CharField(
        label=_("Logout address"),
        required=False,
        max_length=300,
        help_text=_("Where it is told that somebody is signed out; empty: it is not."),
    )
    is_public = forms.BooleanField(
        label=_("It can keep no secret"),
        required=False,
        help_text=_("It runs in a browser or on people's own machines."),
    )
    is_device = forms.BooleanField(
        label=_("It runs on a device without a browser"),
        required=False,
        help_text=_("People sign in by a code. It is one that can keep no secret."),
    )
    asks = forms.BooleanField(
        label=_("Ask people before it learns who they are"),
        required=False,
        help_text=_("For programs that are not your own."),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        chosen: Any = self.fields["product"]
        every = ("", _("Whatever they have licensed"))
        chosen.choices = [every, *Product.objects.values_list("slug", "name")]


class RotationForm(forms.Form):
    """Another secret."""

    overlap_hours = forms.IntegerField(
        label=_("Hours for which the present secret works on"),
        min_value=0,
        max_value=LONGEST_OVERLAP,
        initial=24,
        help_text=_("From 0, where it was stolen, to 720."),
    )
