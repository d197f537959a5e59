"""The pages for everything that is not a page: each says what to do next."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from forecourt.core.pages import render
from forecourt.core.refusals import Refused, TooMany


def _page(request: HttpRequest, status: int, title: str, text: str, **more: object) -> HttpResponse:
    context = {
        "status": status,
        "title": title,
        "text": text,
        "action_url": "/",
        "action_label": _("Go to the portal"),
        **more,
    }
    return render(request, "core/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form cannot be read."""
    return _page(
        request,
        400,
        _("This request cannot be read"),
        _("The address or the form holds characters that do not belong there."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: an insider without the right."""
    return _page(
        request,
        403,
        _("You may not open this"),
        _("Your role does not include it. An Admin of your organization can change your role."),
    )


def suspended(request: HttpRequest) -> HttpResponse:
    """403: what a link leads to belongs to an organization that the vendor keeps shut."""
    return _page(
        request,
        403,
        _("This is suspended"),
        _("The organization that it belongs to is suspended. Nothing of it can be opened now."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same bytes for what is not there and for what is not yours."""
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The page does not exist, or you are not signed in to the organization it belongs to."),
    )


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: the address is there, but not for this kind of request."""
    response = _page(
        request,
        405,
        _("This address cannot be used like that"),
        _("It answers a form of the portal alone. Go back and use the button there."),
    )
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours."""
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("Nothing that you entered before is lost. Try again; if it stays so, write to us."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away for a moment."""
    response = _page(
        request,
        503,
        _("Down for a moment"),
        _("The portal cannot reach its database. It comes back by itself; try again shortly."),
    )
    response["Retry-After"] = "10"
    return response


def full(request: HttpRequest) -> HttpResponse:
    """503: as many downloads are under way as this server sends at once."""
    response = _page(
        request,
        503,
        _("Many downloads at once"),
        _("There is no room for one more just now. Try again in a minute."),
    )
    response["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection did not fit, most often because a page was open too long."""
    return _page(
        request,
        403,
        _("This form is out of date"),
        _("Nothing was changed. Go back, load the page again, and send the form once more."),
    )


def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    """422: a rule that no form caught."""
    return _page(request, 422, _("That is not possible"), problem.sentence)


def too_often(request: HttpRequest) -> HttpResponse:
    """429 from sign-in's own limits."""
    again = now() + dt.timedelta(minutes=1)
    return too_many(request, TooMany(_("This was tried too often just now."), again_at=again))


def when(problem: TooMany) -> str:
    """The sentence of a limit, with the time from which it is worth another try."""
    at = date_format(localtime(problem.again_at), "H:i T")
    return f"{problem.sentence} " + _("Try again at %(time)s.") % {"time": at}


def too_many(request: HttpRequest, problem: TooMany) -> HttpResponse:
    """429: a limit, and when to try again."""
    response = _page(
        request,
        429,
        _("Too many tries"),
        when(problem),
        retry_at=problem.again_at,
    )
    response["Retry-After"] = str(problem.seconds)
    return response
