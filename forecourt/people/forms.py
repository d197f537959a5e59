"""Sign-in and sign-up, as allauth's forms with what ours add."""

from typing import Any

from allauth.account import forms as allauth
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import User


class PlainHelp:
    """One sentence below a new password, where allauth lists every rule as HTML."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["password1"].help_text = _(  # type: ignore[attr-defined]
            "At least 12 characters; a sentence is fine."
        )


class SignUpForm(PlainHelp, allauth.SignupForm):
    """Signing up takes the same time whether or not the address has an account."""

    field_order = ("name", "email", "password1")

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            User().set_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class LoginForm(allauth.LoginForm):
    """Every spelling of an address signs in to the same account."""

    def clean_login(self) -> str:
        login = super().clean_login()
        try:
            return normalize(login)
        except BadAddress:
            return login


class ChangePasswordForm(PlainHelp, allauth.ChangePasswordForm):
    """A new password for somebody who knows the old one."""


class SetPasswordForm(PlainHelp, allauth.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(PlainHelp, allauth.ResetPasswordKeyForm):
    """A new password for somebody who proved their address with a code."""
