"""The door for a former primary billing contact: the link in the mail that told them of the change.
Looking changes nothing."""

from django.http import HttpRequest, HttpResponse

from forecourt.account import undoing
from forecourt.account.actions import restore_primary
from forecourt.account.actors import Predecessor
from forecourt.account.mailing_views import HOLDER
from forecourt.core.pages import operation, render
from forecourt.core.refusals import Gone


@operation("GET", "POST", who=HOLDER)
def undo_primary(request: HttpRequest, token: str) -> HttpResponse:
    """Undo the change of the primary billing contact, by the button."""
    change = undoing.read(token)
    if change is None:
        return _dead(request)
    is_done = request.method == "POST"
    if is_done:
        try:
            restore_primary(Predecessor(change))
        except Gone:
            return _dead(request)
    context = {**undoing.story(change), "is_done": is_done}
    return render(request, "account/undo_primary.html", context)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "account/undo_dead.html", status=404)
