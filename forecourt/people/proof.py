"""How a session was proved: by what, and how long ago.

allauth keeps a list of proofs in the session. A dangerous act wants a fresh one (O26); an
organization may want one by a second factor, or one that is not older than its own limit. All is
read from the session that a request has anyway.
"""

import datetime as dt
import time

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

#: How long a proof is fresh.
FRESH = dt.timedelta(minutes=15)


def _records(request: HttpRequest) -> list[dict]:
    return get_authentication_records(request, request.user)


def proved_at(request: HttpRequest) -> dt.datetime | None:
    """When the person last proved who they are, in this session."""
    records = _records(request)
    return dt.datetime.fromtimestamp(records[-1]["at"], dt.UTC) if records else None


def began_with(request: HttpRequest) -> str:
    """What the session began with: "password", "code", "socialaccount" or "mfa" (a passkey)."""
    records = _records(request)
    return records[0]["method"] if records else ""


def is_strong(request: HttpRequest) -> bool:
    """Whether a second factor, or a passkey, was part of it, which is still the person's."""
    return any(
        record["method"] == "mfa" and not record.get("removed") for record in _records(request)
    )


def is_fresh(request: HttpRequest, by: tuple[str, ...] = ()) -> bool:
    """Whether there is a proof of the last 15 minutes (`by`: with one of these methods)."""
    since = time.time() - FRESH.total_seconds()
    return any(
        record["at"] >= since and (not by or record["method"] in by) for record in _records(request)
    )


def require_fresh(request: HttpRequest) -> None:
    """Go to "Confirm that it is you", and back, unless there is a fresh proof; raises
    ReauthenticationRequired."""
    if not is_fresh(request):
        raise ReauthenticationRequired


def note_added(request: HttpRequest, factor: Authenticator) -> None:
    """Whoever has just set up a factor has proved to hold it."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)


def weaken(request: HttpRequest) -> None:
    """What a factor has proved in this session counts no more once it is off the account. The
    record stays, for it says how the session began."""
    theirs = Authenticator.objects.filter(user_id=request.user.pk)
    there = {*theirs.values_list("pk", flat=True)}
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "removed": True}
        if record["method"] == "mfa" and record.get("id") not in there
        else record
        for record in _records(request)
    ]
