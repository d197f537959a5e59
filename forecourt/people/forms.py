"""Sign-in and sign-up, as allauth's forms with what ours add."""

import datetime as dt
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecourt.core.refusals import TooMany
from forecourt.people.accounts import may_have_password, one_at_a_time, verified_account
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import User

#: How soon another code may be sent to an address to prove it: allauth's limit.
CODE_EVERY = dt.timedelta(seconds=10)


class PlainHelp:
    """One sentence below a new password, where allauth lists every rule as HTML."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        fields = self.fields  # type: ignore[attr-defined]
        if "password1" in fields:  # not where one signs up with a passkey
            fields["password1"].help_text = _("At least 12 characters; a sentence is fine.")


class SignUpForm(PlainHelp, allauth.SignupForm):
    """Signing up takes the same time whether or not the address has an account."""

    field_order = ("name", "email", "password1")

    def clean_email(self) -> str:
        email = super().clean_email()
        # An account that never proved the address does not count as existing (D13).
        self.account_already_exists = verified_account(email) is not None
        return email

    def try_save(self, request: HttpRequest) -> Any:
        email = self.cleaned_data["email"]
        if not consume_email_verification_rate_limit(request, email, dry_run=True):
            # Said before anything is changed: the code that was mailed just now stays good.
            raise TooMany(
                gettext("A code was sent to this address just now."),
                again_at=timezone.now() + CODE_EVERY,
            )
        if self.account_already_exists:
            User().set_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class ConfirmAddressForm(allauth.ConfirmEmailVerificationCodeForm):
    """The code for an address. Only an account that has proved the address stands in the way:
    several may claim it until one of them has the code (D13), and the others go then."""

    def clean_code(self) -> str:
        code = allauth.BaseConfirmCodeForm.clean_code(self)
        if self.email:
            one_at_a_time(self.email)
        owner = verified_account(self.email) if self.email else None
        if owner is not None and owner != self.user:
            raise get_adapter().validation_error("email_taken")
        return code


class LoginForm(allauth.LoginForm):
    """Every spelling of an address signs in to the same account."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        # The page has the link to a new password at the label; allauth would look for a template.
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        login = super().clean_login()
        try:
            return normalize(login)
        except BadAddress:
            return login


class ForgotPasswordForm(allauth.ResetPasswordForm):
    """A code for a new password goes to the address as we keep it, however it was typed."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = get_adapter().clean_email(self.cleaned_data["email"])
        email = super().clean_email()
        # Who signs in by a provider alone gets no password this way (D10); the answer is the same.
        found = vars(self)["users"]
        self.users = [user for user in found if may_have_password(user)]
        return email


class LoginCodeForm(allauth.RequestLoginCodeForm):
    """A code for signing in goes to the address as we keep it, however it was typed."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = get_adapter().clean_email(self.cleaned_data["email"])
        return super().clean_email()


class ChangePasswordForm(PlainHelp, allauth.ChangePasswordForm):
    """A new password for somebody who knows the old one."""


class SetPasswordForm(PlainHelp, allauth.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(PlainHelp, allauth.ResetPasswordKeyForm):
    """A new password for somebody who proved their address with a code."""
