"""What the demo adds around every request."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

Handler = Callable[[HttpRequest], HttpResponse]
#: What else this machine is called.
OTHER_NAMES = ("127.0.0.1", "::1", "0.0.0.0")  # noqa: S104


def one_address(get_response: Handler) -> Handler:
    """Send whoever typed the machine's number to the portal's one address at localhost."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and _elsewhere(request):
            return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())
        return get_response(request)

    return answer


def _elsewhere(request: HttpRequest) -> bool:
    if urlsplit(settings.PUBLIC_URL).hostname != "localhost":
        return False
    try:
        return urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname in OTHER_NAMES
    except ValueError:
        return False
