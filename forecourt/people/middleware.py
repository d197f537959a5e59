"""Who is asking, without a query of its own."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import auth
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from forecourt.people.models import Session

SEEN_EVERY = dt.timedelta(minutes=5)


def signed_in_person(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Make `request.user` the person of the session's own query, and note that they were here."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
        response = get_response(request)
        if "Cache-Control" not in response and request.session.accessed:
            # Pages about a person stay in no cache: neither a proxy's nor, after signing out,
            # the browser's.
            response["Cache-Control"] = "private, no-store"
        return response

    return answer


def person_of(request: HttpRequest):
    """The session's person, if the session still fits the password; AnonymousUser otherwise."""
    session = request.session
    digest = session.get(HASH_SESSION_KEY)
    row = getattr(session, "row", None)
    user = row.user if row is not None and row.user_id else None
    if (
        user is not None
        and user.is_active
        and digest
        and str(user.pk) == session.get(SESSION_KEY)
        and constant_time_compare(digest, user.get_session_auth_hash())
    ):
        _seen(row)
        return user
    return auth.get_user(request)  # signed in just now, keys rotated, password changed elsewhere


def _seen(row: Any) -> None:
    now = timezone.now()
    if now - row.seen_at > SEEN_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=now)
