"""The gate before a person's own pages."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from forecourt.core.pages import View, operation
from forecourt.people.models import User
from forecourt.people.proof import require_fresh


class SignedInRequest(HttpRequest):
    """A request of a signed-in person, as a view behind `signed_in` gets it."""

    user: User


def signed_in(*methods: str, fresh: bool = False) -> Callable[[View], View]:
    """A view for any signed-in person, of no organization; `fresh`: they proved within the last
    minutes who they are, or do it now (O26)."""

    def decorate(view: View) -> View:
        @operation(*(methods or ("GET",)), who="signed in")
        @wraps(view)
        def run(request: HttpRequest, *args: object, **keywords: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if fresh:
                require_fresh(request)
            return view(request, *args, **keywords)

        return run

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here after it (a POST comes back to the front page)."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    response = redirect_to_login(back)
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = response["Location"]
        return answer
    return response
