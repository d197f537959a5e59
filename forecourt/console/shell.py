"""The console's own rail around a page."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.console.gate import StaffRequest
from forecourt.core import pages


def render(
    request: StaffRequest, template: str, context: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """A page of the console; `more` as `core.pages.render`."""
    return pages.render(request, template, {"rooms": rooms(request), **(context or {})}, **more)


def dialog(request: StaffRequest, template: str, **context: Any) -> HttpResponse:
    """A dialog of the console."""
    return pages.dialog(request, template, rooms=rooms(request), **context)


def rooms(request: StaffRequest) -> list[tuple[str, str, str, bool]]:
    """(label, icon, address, whether one is in it)."""
    home = reverse("console")
    places = [
        (_("Overview"), "monitor", home),
        (_("Customers"), "building-2", reverse("console_organizations")),
    ]
    return [
        (
            label,
            icon,
            href,
            request.path == href or (href != home and request.path.startswith(href)),
        )
        for label, icon, href in places
    ]
