"""The door to stopping that one's second factor is taken off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import operation, render, see_other
from forecourt.core.refusals import Forbidden, Gone
from forecourt.people import actions
from forecourt.people.actors import Person
from forecourt.people.factor_resets import by_token
from forecourt.people.gate import SignedInRequest, signed_in


@signed_in("POST")
def cancel_factor_reset(request: SignedInRequest) -> HttpResponse:
    """Keep one's second factors, against whoever asked to have them taken off."""
    actions.cancel_factor_reset(Person(request.user))
    messages.success(request, _("Your second factors stay."))
    return see_other(request, "profile")


@operation("GET", "POST", who="whoever holds the link")
def keep_factor(request: HttpRequest, token: str) -> HttpResponse:
    """The same, from the notice by mail: looking changes nothing."""
    reset = by_token(token)
    if reset is None:
        return _dead(request)
    if request.method == "POST":
        try:
            actions.cancel_factor_reset(Person(reset.user), why="by the link in the notice")
        except (Forbidden, Gone):
            return _dead(request)
    page = {"reset": reset, "kept": request.method == "POST"}
    return render(request, "people/keep_factor.html", page)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "people/revert_dead.html", status=404)
