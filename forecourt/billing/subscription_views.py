"""The door for people: canceling, resuming, and seats."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forecourt.billing import actions, ledger, providers
from forecourt.billing.finding import subscription_of
from forecourt.billing.forms import CancelForm, SeatsForm
from forecourt.core import money
from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.EDIT_BILLING, "GET", "POST")
def cancel_subscription(request: MemberRequest, subscription_id: int) -> HttpResponse:
    """Cancel a subscription, after a question."""
    found = subscription_of(request.member, subscription_id, locked=False)
    form: forms.Form = CancelForm()
    if request.method == "POST":
        form = CancelForm(request.POST)
        if form.is_valid():
            try:
                ids = {"subscription_id": subscription_id}
                actions.cancel_subscription(request.member, **ids, **form.cleaned_data)
                values = {"product": found.plan.product.name, "day": _day(found.period_end)}
                said = _("%(product)s is canceled. It can be used until %(day)s.") % values
                return _done(request, said)
            except Refused as refusal:
                form.add_error(refusal.field, refusal.sentence)
    return dialog(request, "billing/cancel.html", subscription=found, form=form)


@page(Permission.EDIT_BILLING, "POST")
def resume_subscription(request: MemberRequest, subscription_id: int) -> HttpResponse:
    """Take a cancellation back."""
    found = subscription_of(request.member, subscription_id, locked=False)
    try:
        actions.resume_subscription(request.member, subscription_id=subscription_id)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return see_other(request, "billing", slug=request.member.organization.slug)
    values = {"product": found.plan.product.name, "day": _day(found.period_end)}
    return _done(request, _("%(product)s goes on. It renews %(day)s.") % values)


@page(Permission.EDIT_BILLING, "GET", "POST")
def change_seats(request: MemberRequest, subscription_id: int) -> HttpResponse:
    """Have another number of seats; `?seats=` shows what it costs first."""
    found = subscription_of(request.member, subscription_id, locked=False)
    form: forms.Form = SeatsForm(initial={"seats": found.next_seats or found.seats})
    wanted = request.POST if request.method == "POST" else request.GET
    preview = None
    if "seats" in wanted:
        form = SeatsForm(wanted)
        if form.is_valid():
            seats = form.cleaned_data["seats"]
            try:
                if request.method == "POST":
                    ids = {"subscription_id": subscription_id}
                    actions.change_seats(request.member, **ids, seats=seats)
                    return _done(request, _("The seats of %s are changed.") % found.plan.product)
                preview = providers.of(found).preview(
                    ledger.account_of(request.member), found, seats
                )
            except Refused as refusal:
                form.add_error(refusal.field, refusal.sentence)
    context = {"subscription": found, "form": form, "preview": preview, "money": money.said}
    return dialog(request, "billing/change_seats.html", **context)


def _day(day) -> str:
    return date_format(day, "M j, Y")


def _done(request: MemberRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(request, "billing", slug=request.member.organization.slug)
