"""What people type on "Profile & security"."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecourt.people import zones
from forecourt.people.accounts import verified_account
from forecourt.people.names import PersonName


class ProfileForm(forms.Form):
    """Name, language where there is a choice, and time zone."""

    name = PersonName()
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        fields: dict[str, Any] = self.fields
        chosen = self["time_zone"].value() or ""
        fields["time_zone"].choices = zones.choices(gettext("As my browser says"), chosen)
        if len(settings.LANGUAGES) > 1:
            fields["language"].choices = [("", gettext("As the portal")), *settings.LANGUAGES]
        else:
            del fields["language"]


class AddAddressForm(allauth.AddEmailForm):
    """Another address. Whether somebody else has it, nobody learns but its owner, by mail."""

    def save(self, request: HttpRequest) -> EmailAddress:
        email = self.cleaned_data["email"]
        owner = verified_account(email)
        if owner is None or owner == self.user:
            return super().save(request)
        state = EmailVerificationProcess.initial_state(self.user, email)
        process = EmailVerificationProcess(request=request, user=self.user, state=state)
        process.state["account_already_exists"] = True
        process.generate_code()
        process.send()
        process.persist()
        return process.email_address
