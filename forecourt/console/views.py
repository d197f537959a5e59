"""The door for the vendor's staff: home, and finding."""

from django.http import HttpResponse

from forecourt.console import attention, plots
from forecourt.console import search as searching
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import render
from forecourt.orgs.sign_in_policy import has_second_factor
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.VIEW_CONSOLE)
def home(request: StaffRequest) -> HttpResponse:
    """What needs attention, and how it went lately."""
    context = {"needs": attention.read(), "plots": plots.read()}
    return render(request, "console/home.html", context)


@page(StaffPermission.VIEW_CONSOLE)
def search(request: StaffRequest) -> HttpResponse:
    """The ten most likely, as one types; the whole page without script."""
    q = request.GET.get("q", "")
    context = {"q": q, "hits": searching.find(q)}
    return render(request, "console/search.html", context, block="hits")


@page(StaffPermission.VIEW_CONSOLE, any_session=True)
def second_factor(request: StaffRequest) -> HttpResponse:
    """Why the console does not open to a session without a second factor, and what to do."""
    context = {"has_factor": has_second_factor(request.user.pk or 0)}
    return render(request, "console/second_factor.html", context)
