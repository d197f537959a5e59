"""A mailed code as the fresh proof of somebody who has nothing else (O26). It is made, mailed and
limited as a code to sign in, and is asked for by whoever is signed in already."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.userkit import user_id_to_str
from django.http import HttpRequest

from forecourt.core import sealing

_SESSION = "people_mailed_proof"


class MailedProof(AbstractCodeVerificationProcess):
    """allauth's code to sign in wants a person who is not; this is the same for one who is. The
    session keeps the code, sealed, until it is entered."""

    def __init__(self, request: HttpRequest, state: dict) -> None:
        self.request = request
        super().__init__(
            state=state,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            user=request.user,
        )

    @property
    def code(self) -> str:
        return sealing.unseal(self.state["code"].encode())["code"]

    @classmethod
    def initiate(cls, request: HttpRequest) -> None:
        """Mail a code to the person's primary address. One that was mailed before is dead."""
        user: Any = request.user
        process = cls(request, cls.initial_state(user, email=user.email))
        process.send()
        process.persist()

    @classmethod
    def resume(cls, request: HttpRequest) -> "MailedProof | None":
        """What waits in this session for its code; None where nothing does, or no longer: it is
        another person's by now, or mail goes to another address."""
        user: Any = request.user
        state = request.session.get(_SESSION)
        if not state or (state["user_id"], state["email"]) != (user_id_to_str(user), user.email):
            return None
        return cls(request, state).abort_if_invalid()

    def send(self) -> None:
        code = get_adapter().generate_login_code()
        self.state["code"] = sealing.seal({"code": code}).decode()
        get_adapter().send_mail("account/email/confirm_code", self.state["email"], {"code": code})

    def persist(self) -> None:
        self.request.session[_SESSION] = self.state

    def abort(self) -> None:
        self.request.session.pop(_SESSION, None)

    def finish(self) -> None:
        """The code was right: it is worth nothing more, and this session is proved anew."""
        self.abort()
        record_authentication(
            self.request,
            self.request.user,
            method="code",
            email=self.state["email"],
            reauthenticated=True,
        )
