"""What happens around every request: where it came from, and an answer when something broke."""

import ipaddress
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from forecourt.core import audit, errors
from forecourt.core.refusals import Forbidden, Gone, Refused, Suspended, TooMany

log = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


def friendly_errors(get_response: Handler) -> Handler:
    """Before all that reads the request, and inside what adds the security headers: a NUL is
    refused before anything reads it, a database that is away is a page."""

    def answer(request: HttpRequest) -> HttpResponse:
        if _unreadable(request):
            return errors.bad_request(request)
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.not_allowed(request, response.get("Allow", ""))
        return response

    def process_exception(request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return translate(request, problem)

    answer.process_exception = process_exception  # type: ignore[attr-defined]
    return answer


def _unreadable(request: HttpRequest) -> bool:
    """Whether there is a NUL in path or query, or the form is in another encoding than ours
    (Django takes any codec's name, also of one that makes no text)."""
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8")


def translate(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """The page for what an action raised and no view caught; None: a bug, and a 500."""
    match problem:
        case Suspended():
            return errors.suspended(request)
        case Forbidden():
            _denied(request, problem)
            return errors.forbidden(request)
        case Gone() | Http404():
            return errors.not_found(request)
        case TooMany():
            return errors.too_many(request, problem)
        case Refused():
            return errors.refused(request, problem)
        case PermissionDenied():
            return errors.forbidden(request)
        case OperationalError() | InterfaceError() | PoolTimeout():
            log.error("the database did not answer: %s", type(problem).__name__)
            return errors.unavailable(request)
    return None


def _denied(request: HttpRequest, problem: Forbidden) -> None:
    """A line for whoever watches. Not in the audit log, which nobody shall be able to fill by trying; and
    without the address as it was sent, which may hold anything."""
    place = request.resolver_match.view_name if request.resolver_match else None
    who = getattr(request, "user", None)
    said = (problem, request.method, place, getattr(who, "pk", None), audit.origin.get())
    log.warning("denied: %s, at %s %s, to account %s from %s", *said)


def client_address(get_response: Handler) -> Handler:
    """Note the client's address. X-Forwarded-For counts only as far as the vendor's own proxies
    wrote it (TRUSTED_PROXIES, a number; 0: not at all)."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = audit.origin.set(_address(request))
        try:
            return get_response(request)
        finally:
            audit.origin.reset(token)

    return answer


def _address(request: HttpRequest) -> str | None:
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()] + hops
    index = max(0, len(hops) - 1 - settings.TRUSTED_PROXIES)
    try:
        return str(ipaddress.ip_address(hops[index]))
    except ValueError:
        return None
