"""The door for staff to see the portal as a customer does."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

from forecourt.console import customers
from forecourt.console.forms import VisitForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, sent
from forecourt.console.visiting import end_visit, start_visit, unfinished
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.orgs.visiting import KEY


@page(StaffPermission.HELP_CUSTOMERS, "GET", "POST", fresh=True)
def start(request: StaffRequest, slug: str) -> HttpResponse:
    """See the portal as this customer does, after a question; another visit ends by it."""
    organization, form = customers.called(slug), VisitForm(sent(request))
    if request.method == "POST" and form.is_valid():
        _renew(request)
        actor = replace(request.at_work, organization_id=organization.pk)
        key = request.session.session_key or ""
        try:
            visit = start_visit(actor, session=key, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            _end(request, but=visit.pk)
            request.session[KEY] = visit.pk
            return see_other(request, "products", slug=slug)
    return dialog(request, "console/see.html", form=form, organization=organization)


@page(StaffPermission.VIEW_CONSOLE, "POST", any_session=True)
def end(request: StaffRequest, slug: str) -> HttpResponse:
    """Leave, and go on in the console."""
    _renew(request)
    _end(request)
    messages.success(request, _("You see the portal as yourself again."))
    return see_other(request, "console_organization", slug=slug)


def _renew(request: StaffRequest) -> None:
    """Another key for the session and another secret for its forms, at each change of what it opens
    (A066). The person stays signed in."""
    request.session.pop(KEY, None)
    request.session.cycle_key()
    rotate_token(request)


def _end(request: StaffRequest, but: int = 0) -> None:
    for visit in unfinished(request.at_work.actor_id):
        if visit.pk != but:
            actor = replace(request.at_work, organization_id=visit.organization_id)
            end_visit(actor, visit_id=visit.pk)
