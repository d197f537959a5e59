"""What the forms of contacts look like; the rules are in the actions."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecourt.core.languages import only_one
from forecourt.orgs.mail_kinds import LABELS, MailKind

KINDS = [(kind.value, LABELS[kind]) for kind in MailKind]


class PersonForm(forms.Form):
    """Who it is, and in which language one writes to them where there is a choice."""

    name = forms.CharField(
        label=_("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=500,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.CharField(
        label=_("Language of e-mails"), required=False, widget=forms.Select()
    )

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        fields: dict[str, Any] = self.fields
        if only_one():
            del fields["language"]
        else:
            choices = [("", gettext("As the portal")), *settings.LANGUAGES]
            fields["language"].widget.choices = choices


class ContactForm(PersonForm):
    """An additional contact, and which mail they get."""

    kinds = forms.MultipleChoiceField(
        label=_("E-mails they get"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PrimaryForm(PersonForm):
    """The primary billing contact."""

    remove_former = forms.BooleanField(label=_("Delete the former contact's entry"), required=False)
