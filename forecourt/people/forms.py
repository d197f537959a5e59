"""Sign-in and sign-up, as allauth's forms with what ours add."""

from typing import Any

from allauth.account import forms as allauth
from django.http import HttpRequest

from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import User


class SignUpForm(allauth.SignupForm):
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
