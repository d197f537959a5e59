"""How a session was proved: by what, and how long ago.

allauth keeps a list of proofs in the session. A dangerous act wants a fresh one (O26); an
organization may want one by a second factor, or one that is not older than its own limit. All is
read from the session that a request has anyway.
"""

import datetime as dt
import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
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
    """Whether a second factor, or a passkey, was part of it."""
    return any(record["method"] == "mfa" for record in _records(request))


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
