"""How allauth is fitted into the house: its mails are our queued mails, its addresses ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from forecourt.core import audit, mail, scope
from forecourt.people.accounts import verified_account
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.proof import require_fresh
from forecourt.people.tries import Tries

#: allauth's name of a mail → ours
MAILS = {
    "email_confirmation_signup": "verify_address",
    "email_confirmation": "verify_address",
    "account_already_exists": "address_already_exists",
    "login_code": "login_code",
    "confirm_code": "confirm_code",  # ours
    "password_reset_code": "password_reset_code",
    "unknown_account": "unknown_account",
    "password_changed": "password_changed",
    "password_reset": "password_changed",
    "password_set": "password_set",
    "totp_activated": "factor_added",
    "totp_deactivated": "factor_removed",
    "recovery_codes_generated": "recovery_codes_made",
}
CODE_MINUTES = {
    "login_code": 3,
    "confirm_code": 3,
    "password_reset_code": 3,
    "verify_address": 15,
}


class Adapter(DefaultAccountAdapter):
    """allauth's hooks."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP

    def clean_email(self, email: str) -> str:
        try:
            return normalize(email)
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem

    def get_client_ip(self, request: HttpRequest) -> str:
        return audit.origin.get() or "0.0.0.0"  # noqa: S104 - a name for "unknown", not a socket

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth rolls it back when the password was right.
        address = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = Tries(request, address)
        if not self._login_failed_rl_usage.allowed:
            raise self.validation_error("too_many_login_attempts")

    def login(self, request: HttpRequest, user: Any) -> None:
        """A first sign-in is news to nobody; Django notes the time of every one."""
        request.first_sign_in = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        name = MAILS[template_prefix.rpartition("/")[2]]
        if name == "unknown_account" and verified_account(email) is not None:
            name = "no_password"  # There is one, but its ways in are others (D10).
        code = context.get("code")
        with transaction.atomic(), scope.organization(None):
            mail.queue(
                f"people.{name}",
                email,
                secrets={"code": code} if code else None,
                email=email,
                minutes=CODE_MINUTES.get(name, 0),
                at=timezone.now().isoformat(timespec="minutes"),
            )

    def is_reauthentication_required(self, *, app: str, **keywords: Any) -> bool:
        """Whether a fresh proof is wanted (O26). It is raised here, for allauth lets people through
        who have nothing but a provider."""
        require_fresh(self.request)
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject
