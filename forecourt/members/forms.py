"""What the room's input looks like; the rules are in the actions."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.permissions import Role
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import User
from forecourt.people.names import PersonName

MOST_BYTES = 200_000


class Address(forms.CharField):
    """One e-mail address, brought into the form in which it is kept."""

    def __init__(self, **options):
        options.setdefault("label", _("E-mail address"))
        options.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"})
        )
        super().__init__(max_length=500, **options)

    def clean(self, value):
        value = super().clean(value)
        try:
            return normalize(value) if value else value
        except BadAddress as problem:
            raise ValidationError(str(problem)) from problem


class RoleField(forms.ChoiceField):
    """Member or Admin, starting at the least power."""

    def __init__(self, **options):
        options.setdefault("initial", Role.MEMBER)
        super().__init__(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect, **options)


class InviteForm(forms.Form):
    """One address; whoever may choose a role sees the choice."""

    email = Address()
    role = RoleField(required=False)

    def __init__(self, *args, may_choose_role: bool = False, **keywords):
        super().__init__(*args, **keywords)
        if not may_choose_role:
            del self.fields["role"]


class SeveralForm(forms.Form):
    """Several addresses: pasted, or as a CSV file."""

    people = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line, or separated by commas. Names around an address are ignored."),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        help_text=_("With an address in each line, and member or admin in another column."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    role = RoleField(required=False)

    def __init__(self, *args, may_choose_role: bool = False, **keywords):
        super().__init__(*args, **keywords)
        if not may_choose_role:
            del self.fields["role"]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload is None:
            return ""
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 200 KB."))
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise ValidationError(_("The file is not text in UTF-8.")) from problem
        if "\x00" in text:
            raise ValidationError(_("The file holds null characters; it is not a CSV file."))
        return text

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        text = "\n".join(filter(None, (cleaned.get("people"), cleaned.get("file"))))
        if not text.strip():
            raise ValidationError({"people": _("Enter at least one address, or choose a file.")})
        cleaned["text"] = text
        return cleaned


class RoleForm(forms.Form):
    """The role of a member, and the one that was seen when the dialog opened."""

    role = RoleField()
    was = forms.ChoiceField(choices=Role.choices, required=False, widget=forms.HiddenInput)


class RemoveForm(forms.Form):
    """Whether the person's entry among the contacts goes too."""

    remove_contact = forms.BooleanField(required=False)


class FactorResetForm(forms.Form):
    """Why somebody's second factor shall be taken off; they read it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("They read it. “Lost their phone, asked me in person”, say."),
    )


class DeleteAccountForm(forms.Form):
    """The address that somebody types to show that they mean it."""

    email = forms.CharField(
        label=_("Type your e-mail address to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class NewAccountForm(forms.Form):
    """The password of an invited person who has no account yet."""

    name = PersonName()
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=2_000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is fine."),
    )

    def __init__(self, *args, email: str = "", **keywords):
        super().__init__(*args, **keywords)
        self.email = email

    def clean(self):
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as problem:
                self.add_error("password", problem)
        return cleaned
