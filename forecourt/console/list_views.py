"""The door for staff to the lists: a page of one, and the whole of it as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from forecourt.console import listed, lists
from forecourt.console.actions import export_list
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import render
from forecourt.core.refusals import Gone
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.VIEW_CONSOLE)
def one(request: StaffRequest, name: str) -> HttpResponse:
    """A part of a list."""
    context = {"page": lists.page(_called(name), request.GET)}
    return render(request, "console/list.html", context)


@page(StaffPermission.VIEW_CONSOLE, "POST")
def export(request: StaffRequest, name: str) -> HttpResponse:
    """The whole list, as it was narrowed; the log says who took it."""
    found = _called(name)
    asked = lists.asked_of(found, request.POST)
    export_list(request.at_work, name=name, asked=asked)
    answer = StreamingHttpResponse(
        lists.export(found, asked), content_type="text/csv; charset=utf-8"
    )
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = content_disposition_header(True, file_name)
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


def _called(name: str) -> lists.Listing:
    if name not in listed.LISTS:
        raise Gone
    return listed.LISTS[name]()
