"""The door to taking a member's lost second factor off."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Refused
from forecourt.members import actions
from forecourt.members.forms import FactorResetForm
from forecourt.members.views import blame, person_of
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission
from forecourt.people.factor_resets import waiting


@page(Permission.RESET_FACTORS, "GET", "POST")
def reset_factor(request: MemberRequest, member_id: int) -> HttpResponse:
    """Ask for it, or see what was asked."""
    person = person_of(request, member_id)
    form = FactorResetForm()
    if request.method == "POST":
        form = FactorResetForm(request.POST)
        if form.is_valid():
            try:
                actions.ask_factor_reset(request.member, member_id=member_id, **form.cleaned_data)
                said = _("%s is told. Without an objection it happens in 72 hours.")
                messages.success(request, said % person.label)
                return see_other(request, "members", slug=request.member.organization.slug)
            except Refused as refusal:
                blame(form, refusal)
    reset = waiting(person.member.user_id)
    # What another organization's or the vendor's people asked for is nothing to this one.
    theirs = reset if reset and reset.asked_in == request.member.organization_id else None
    return dialog(request, "members/reset_factor.html", person=person, form=form, reset=theirs)


@page(Permission.RESET_FACTORS, "POST")
def withdraw_factor_reset(request: MemberRequest, member_id: int) -> HttpResponse:
    """Take back what was asked."""
    actions.withdraw_factor_reset(request.member, member_id=member_id)
    person = person_of(request, member_id)
    messages.success(request, _("The second factor of %s stays.") % person.label)
    return see_other(request, "members", slug=request.member.organization.slug)
