"""The door for staff to a customer's primary billing contact."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.account.actions import change_primary
from forecourt.console import actions, customers
from forecourt.console.actors import Confirming
from forecourt.console.forms import MoveForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.models import PrimaryMove
from forecourt.console.shell import dialog, sent
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission

HELP = StaffPermission.HELP_CUSTOMERS


@page(HELP, "GET", "POST", fresh=True)
def ask(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask for another primary billing contact."""
    organization, form = customers.called(slug), MoveForm(sent(request))
    if request.method == "POST" and form.is_valid():
        actor = replace(request.at_work, organization_id=organization.pk)
        try:
            actions.ask_primary_move(actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Another of the staff has to confirm it now."))
            return see_other(request, "console_organization", slug=slug)
    return dialog(request, "console/move.html", form=form, organization=organization)


@page(HELP, "POST", fresh=True)
def decide(request: StaffRequest, slug: str, move_id: int) -> HttpResponse:
    """Confirm what another of the staff has asked for, or turn it down."""
    organization = customers.called(slug)
    move = customers.one_of(organization, PrimaryMove, move_id)
    is_confirmed = request.POST.get("answer") == "confirm"
    actor = replace(request.at_work, organization_id=organization.pk)
    if is_confirmed:
        why = _("%(reason)s (asked by %(by)s)") % {"reason": move.reason, "by": move.asked_by_label}
        change_primary(
            Confirming(actor.staff, organization.pk, move_id=move.pk),
            name=move.name,
            email=move.email,
            phone=move.phone,
            reason=why[:500],
        )
    actions.close_primary_move(actor, move_id=move.pk, was_done=is_confirmed)
    said = _("%s is the primary billing contact.") if is_confirmed else _("%s was turned down.")
    messages.success(request, said % move.email)
    return see_other(request, "console_organization", slug=slug)
