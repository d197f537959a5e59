"""What the forms of contacts look like; the rules are in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.mail_kinds import LABELS, MailKind

KINDS = [(kind.value, LABELS[kind]) for kind in MailKind]


class PersonForm(forms.Form):
    """Who it is."""

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
