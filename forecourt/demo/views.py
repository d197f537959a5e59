"""The mailbox's pages: every mail that the demo sent, with its links working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from forecourt.core.pages import operation, render
from forecourt.demo import mailbox

# A mail brings its own styles and must not bring anything else. It stands in a frame of our page,
# and its links open in the whole window.
MAIL_POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "sandbox": ["allow-top-navigation-by-user-activation", "allow-popups"],
}


@operation("GET", who="anyone")
def mails(request: HttpRequest) -> HttpResponse:
    """The list of mails, the newest first."""
    return render(request, "demo/mail.html", {"mails": mailbox.newest(_folder())})


@operation("GET", who="anyone")
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail with its text, its links, and a frame for its design."""
    return render(request, "demo/mail_message.html", {"mail": _find(mail_id)})


@operation("GET", who="anyone")
def mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The mail's design alone, for the frame."""
    found = _find(mail_id)
    if not found.has_html:
        raise Http404
    response = HttpResponse(_links_on_top(found.html))
    response._csp_config = MAIL_POLICY  # type: ignore[attr-defined]  # read by django-csp
    response.xframe_options_exempt = True  # read by Django
    return response


def _links_on_top(html: str) -> str:
    """Have every link open in the whole window rather than in the frame."""
    before, head, after = html.partition("<head>")
    base = '<base target="_top">'
    return f"{before}{head}{base}{after}" if head else base + html


def _find(mail_id: str) -> mailbox.Mail:
    found = mailbox.read(_folder(), mail_id)
    if found is None:
        raise Http404
    return found


def _folder() -> Path:
    return settings.ENVIRONMENT.data / "mail"
