"""Setting up an authenticator app, and entering codes: of the app, or for when it is not at hand."""

import time
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from cryptography.fernet import InvalidToken
from django import forms
from django.http import HttpRequest

from forecourt.core import sealing
from forecourt.people import app_codes

Type = Authenticator.Type
#: Seconds for which the page shows the same secret again: another tab does not break the first.
SHOWN_FOR = 600


class ActivateAppForm(ActivateTOTPForm):
    """allauth's, but what it keeps in the session, which is a row of the database, is sealed."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        self.user = keywords.pop("user")
        forms.Form.__init__(self, *args, **keywords)
        self.secret = _secret(context.request, at_any_age=self.is_bound)


def _secret(request: HttpRequest, *, at_any_age: bool) -> str:
    """The secret that this session was shown, or a new one (base32)."""
    try:
        kept = sealing.unseal(str(request.session.get(SECRET_SESSION_KEY, "")).encode())
    except InvalidToken:
        kept = None
    if kept and (at_any_age or time.time() - kept["at"] < SHOWN_FOR):
        return kept["secret"]
    secret = generate_totp_secret()
    sealed = sealing.seal({"secret": secret, "at": time.time()})
    request.session[SECRET_SESSION_KEY] = sealed.decode()
    return secret


class OneCode(BaseAuthenticateForm):
    """allauth's, but it is `app_codes` that says which codes of an app are good."""

    def clean_code(self) -> str:
        forgive = check_rate_limit(self.user)
        code = self.cleaned_data["code"]
        factors = Authenticator.objects.filter(user=self.user).exclude(type=Type.WEBAUTHN)
        # The app first: a code that fits nothing is noted as a try at it.
        tried = list(factors.order_by("-type"))
        for factor in tried:
            if used := _used(factor, code):
                used.user = self.user
                self.authenticator = used
                forgive()
                return code
        if tried:
            self._emit_authentication_failed(tried[0])
        raise get_adapter().validation_error("incorrect_code")


def _used(factor: Authenticator, code: str) -> Authenticator | None:
    """The factor as it is once the code was used; None where it is none of its codes."""
    if factor.type == Type.TOTP:
        return factor if app_codes.use(factor, code) else None
    codes = factor.wrap()
    return codes.instance if codes.validate_code(code) else None


class SecondStepCodeForm(OneCode, AuthenticateForm):
    """At sign-in, after the first proof."""


class ConfirmCodeForm(OneCode, ReauthenticateForm):
    """To confirm that it is you."""
