"""Setting up an authenticator app: the secret between showing it and its first code."""

import time
from typing import Any

from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from cryptography.fernet import InvalidToken
from django import forms
from django.http import HttpRequest

from forecourt.core import sealing

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
