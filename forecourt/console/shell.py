"""The console's own rail around a page."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.console.gate import StaffRequest
from forecourt.core import pages
from forecourt.orgs.staff_permissions import StaffPermission


def render(
    request: StaffRequest, template: str, context: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """A page of the console; `more` as `core.pages.render`."""
    return pages.render(request, template, {"rooms": rooms(request), **(context or {})}, **more)


def sent(request: StaffRequest) -> QueryDict | None:
    """What a form was sent with, also where that is nothing; None where it was only asked for."""
    return request.POST if request.method == "POST" else None


def dialog(request: StaffRequest, template: str, **context: Any) -> HttpResponse:
    """A dialog of the console."""
    return pages.dialog(request, template, rooms=rooms(request), **context)


def may(request: StaffRequest) -> bool:
    """Whether they run the console itself."""
    return request.at_work.may(StaffPermission.MANAGE_STAFF)


def rooms(request: StaffRequest) -> list[tuple[str, str, str, bool]]:
    """(label, icon, address, whether one is in it)."""
    home = reverse("console")
    inside = {
        reverse("console_organizations"): (f"{home}lists/",),
        reverse("console_jobs"): (reverse("console_mails"),),
    }
    places = [
        (_("Overview"), "monitor", home),
        (_("Customers"), "building-2", reverse("console_organizations")),
        (_("Catalog"), "package", reverse("console_catalog")),
        (_("Jobs and mail"), "mail", reverse("console_jobs")),
    ]
    if may(request):
        places.append((_("Staff"), "users", reverse("console_staff")))
        places.append((_("Brand"), "palette", reverse("console_brand")))
    if request.at_work.may(StaffPermission.IMPORT_CUSTOMERS):
        places.append((_("Import"), "list-plus", reverse("console_imports")))
    return [
        (
            label,
            icon,
            href,
            any(request.path.startswith(place) for place in (href, *inside.get(href, ())))
            and (href != home or request.path == home),
        )
        for label, icon, href in places
    ]
