"""The door for people: who has a seat of a license."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecourt.core.pages import render, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Permission
from forecourt.products import actions, seat_list
from forecourt.products.seat_forms import AssignForm
from forecourt.products.seats import hindrance


@page(Permission.VIEW_PRODUCTS)
def seats(request: MemberRequest, license_id: int) -> HttpResponse:
    """The members, and who of them has a seat."""
    return _page(request, license_id)


@page(Permission.ASSIGN_SEATS, "POST")
def assign_seats(request: MemberRequest, license_id: int) -> HttpResponse:
    """Give a seat to everybody who is ticked."""
    form = AssignForm(request.POST)
    if form.is_valid():
        try:
            new = actions.assign_seats(
                request.member, license_id=license_id, member_ids=form.cleaned_data["member"]
            )
            return _done(request, license_id, _assigned(new))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return _page(request, license_id, form)


@page(Permission.ASSIGN_SEATS, "POST")
def free_seat(request: MemberRequest, license_id: int, member_id: int) -> HttpResponse:
    """Take one member's seat back."""
    member = actions.free_seat(request.member, license_id=license_id, member_id=member_id)
    return _done(request, license_id, _("%s has no seat any more.") % member.user.label())


def _page(request: MemberRequest, license_id: int, form: AssignForm | None = None) -> HttpResponse:
    """The page, with the form that has errors, if one has, and what was ticked in it."""
    found = seat_list.read(request.member, license_id, seat_list.Asked.from_query(request.GET))
    context = {
        "page": found,
        "form": form or AssignForm(),
        "chosen": {*form["member"].value()} if form else set(),
        "may_assign": request.member.may(Permission.ASSIGN_SEATS),
        "hindrance": hindrance(found.license),
    }
    status = 422 if form else 200
    return render(request, "products/seats.html", context, block="list", status=status)


def _assigned(new: list[Membership]) -> str:
    if len(new) == 1:
        return _("%s has a seat now.") % new[0].user.label()
    if not new:
        return _("They have a seat already.")
    return ngettext(
        "%(number)d member has a seat now.", "%(number)d members have a seat now.", len(new)
    ) % {"number": len(new)}


def _done(request: MemberRequest, license_id: int, sentence: str) -> HttpResponse:
    """Back to the part of the list from which it was asked, with what was done."""
    messages.success(request, sentence)
    here = reverse(
        "seats", kwargs={"slug": request.member.organization.slug, "license_id": license_id}
    )
    return see_other(request, here + seat_list.Asked.from_query(request.GET).query())
