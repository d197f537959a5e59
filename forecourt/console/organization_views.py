"""The door for staff to customers: the list, one of them, and a new one."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console import customers
from forecourt.console.actions import add_note
from forecourt.console.forms import NoteForm, OrganizationForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, render, sent
from forecourt.core import happenings, money
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.members.actions import start_organization
from forecourt.orgs.models import Organization
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.VIEW_CONSOLE)
def organizations(request: StaffRequest) -> HttpResponse:
    """Every customer, a page at a time."""
    context = {
        "page": customers.listed(request.GET),
        "may_add": request.at_work.may(StaffPermission.HELP_CUSTOMERS),
    }
    return render(request, "console/organizations.html", context)


@page(StaffPermission.VIEW_CONSOLE)
def organization(request: StaffRequest, slug: str) -> HttpResponse:
    """Everything about one customer."""
    return _page(request, customers.called(slug), NoteForm())


@page(StaffPermission.HELP_CUSTOMERS, "POST")
def note(request: StaffRequest, slug: str) -> HttpResponse:
    """Write something down."""
    organization, form = customers.called(slug), NoteForm(sent(request))
    if form.is_valid():
        actor = replace(request.at_work, organization_id=organization.pk)
        try:
            add_note(actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("The note is kept."))
            return see_other(request, "console_organization", slug=slug)
    return _page(request, organization, form)


def _page(request: StaffRequest, organization: Organization, note: NoteForm) -> HttpResponse:
    def may(permission: StaffPermission) -> bool:
        # Nothing is done for a customer that is part of another one.
        return not hasattr(organization, "merged") and request.at_work.may(permission)

    context = {
        "said": happenings.said,
        "money": money.said,
        "customer": customers.read(organization),
        "may_help": may(StaffPermission.HELP_CUSTOMERS),
        "me": request.at_work.actor_id,
        "note": note,
        "may_money": may(StaffPermission.MANAGE_MONEY),
        "may_merge": may(StaffPermission.IMPORT_CUSTOMERS),
    }
    status = 422 if note.errors else 200
    return render(request, "console/organization.html", context, status=status)


@page(StaffPermission.HELP_CUSTOMERS, "GET", "POST")
def add_organization(request: StaffRequest) -> HttpResponse:
    """A new customer, whose first Admin is invited."""
    form = OrganizationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = start_organization(
                given["name"],
                given["email"],
                primary_email=given["primary_email"],
                actor=request.at_work,
            )
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("%s is a customer now.") % made.name)
            return see_other(request, "console_organization", slug=made.slug)
    return dialog(request, "console/add_organization.html", form=form)
