"""The door for staff to the programs that sign people in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console import catalog
from forecourt.console.catalog_forms import show
from forecourt.console.catalog_views import rights
from forecourt.console.client_forms import ClientForm, RotationForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, render, sent
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.products import actions
from forecourt.products.actions.clients import NewSecret


@page(StaffPermission.VIEW_CONSOLE)
def clients(request: StaffRequest) -> HttpResponse:
    """Every program."""
    context = {"clients": catalog.clients(), **rights(request)}
    return render(request, "console/clients.html", context)


@page(StaffPermission.VIEW_CONSOLE)
def client(request: StaffRequest, client_id: str) -> HttpResponse:
    """Everything about one, but its secret."""
    context = {
        "it": catalog.client_called(client_id),
        "now": timezone.now(),
        **rights(request),
    }
    return render(request, "console/client.html", context)


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST", fresh=True)
def add_client(request: StaffRequest) -> HttpResponse:
    """Let a program sign people in; its secret is in the answer, and never again."""
    form = ClientForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_client(request.at_work, **_given(form.cleaned_data))
        except Refused as refusal:
            show(form, refusal, public="is_public")
        else:
            return _show_once(request, made)
    return dialog(request, "console/add_client.html", form=form)


def _given(cleaned: dict[str, Any]) -> dict[str, Any]:
    """As the action takes it."""
    rest = {name: cleaned[name] for name in cleaned if name != "asks"}
    return {**rest, "is_own": not cleaned["asks"]}


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST", fresh=True)
def rotate_client_secret(request: StaffRequest, client_id: str) -> HttpResponse:
    """Another secret, in the answer, and never again."""
    found = catalog.client_called(client_id)
    form = RotationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.rotate_client_secret(
                request.at_work, client_id=client_id, **form.cleaned_data
            )
        except Refused as refusal:
            show(form, refusal)
        else:
            return _show_once(request, made)
    return dialog(request, "console/rotate_client.html", form=form, client=found)


def _show_once(request: StaffRequest, made: NewSecret) -> HttpResponse:
    """A whole page, which nothing closes by chance and nobody keeps."""
    if not made.secret:
        messages.success(request, _("%s can sign people in.") % made.client.name)
        return see_other(request, "console_client", client_id=made.client.client_id)
    answer = render(request, "console/client_secret.html", {"made": made})
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST")
def disable_client(request: StaffRequest, client_id: str) -> HttpResponse:
    """Let a program sign in nobody any more, once it was confirmed."""
    found = catalog.client_called(client_id)
    if request.method == "POST":
        actions.disable_client(request.at_work, client_id=client_id)
        messages.success(request, _("%s signs in nobody any more.") % found.name)
        return see_other(request, "console_client", client_id=client_id)
    return dialog(request, "console/disable_client.html", client=found)
