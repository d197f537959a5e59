"""Who is asking, without a query of its own."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import auth
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from forecourt.core.pages import is_fragment
from forecourt.people import devices
from forecourt.people.models import Session

SEEN_EVERY = dt.timedelta(minutes=5)


def signed_in_person(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Make `request.user` the person of the session's own query, and note that they were here."""

    def confirm(request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Ask for a fresh proof, and go on with what was asked after it."""
        if not isinstance(problem, ReauthenticationRequired):
            return None
        there = _to_confirm(request)
        if is_fragment(request):
            told = HttpResponse(status=204)
            told["HX-Redirect"] = there["Location"]
            return told
        return there

    def answer(request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        translation.deactivate()
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
        response = get_response(request)
        if came_in := getattr(request, "came_in", None):
            devices.remember(request, response, came_in)
        if "Cache-Control" not in response and request.session.accessed:
            # Pages about a person stay in no cache: neither a proxy's nor, after signing out,
            # the browser's.
            response["Cache-Control"] = "private, no-store"
        return response

    answer.process_exception = confirm  # type: ignore[attr-defined]
    return answer


def _to_confirm(request: HttpRequest) -> HttpResponse:
    """To "Confirm that it is you", with what was asked kept in the session where it was a POST."""
    # What an earlier request left there was not confirmed; this one is another.
    request.session.pop(STATE_SESSION_KEY, None)
    if any("password" in name for name in request.POST):
        # allauth would keep the request in the session, where no password belongs.
        return redirect(f"{reverse('account_reauthenticate')}?next={quote(request.path)}")
    kept = copy.copy(request)
    # Nor does the session's own key; and whoever confirms does so on a page, not in a fragment.
    kept.META = {
        name: value
        for name, value in request.META.items()
        if name != "HTTP_COOKIE" and not name.startswith("HTTP_HX_")
    }
    return suspend_request(kept, reverse("account_reauthenticate"))


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
        if user.time_zone:
            timezone.activate(user.time_zone)
        if user.language:
            translation.activate(user.language)
        return user
    return auth.get_user(request)  # signed in just now, keys rotated, password changed elsewhere


def _seen(row: Any) -> None:
    now = timezone.now()
    if now - row.seen_at > SEEN_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=now)
