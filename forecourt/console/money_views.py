"""The door for staff to a customer's money: subscriptions started and ended, invoices paid and
credited."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.billing import actions
from forecourt.billing.models import Invoice, Subscription
from forecourt.console import customers
from forecourt.console.actors import AtWork
from forecourt.console.gate import StaffRequest, page
from forecourt.console.money_forms import ChangeForm, CreditForm, IssueForm, PaidForm, StartForm
from forecourt.console.shell import dialog, sent
from forecourt.core import money
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization
from forecourt.orgs.staff_permissions import StaffPermission

MONEY = StaffPermission.MANAGE_MONEY
Do = Callable[[AtWork, dict[str, Any]], str]


@page(MONEY, "GET", "POST")
def start(request: StaffRequest, slug: str) -> HttpResponse:
    """Have a customer pay for a plan."""
    organization, form = customers.called(slug), StartForm(sent(request))

    def do(actor: AtWork, given: dict[str, Any]) -> str:
        made = actions.start_subscription(actor, **given)
        return _("%(organization)s pays for %(plan)s.") % {
            "organization": organization.name,
            "plan": made.plan.name,
        }

    verb = _("Start the subscription")
    return _answer(request, organization, form, do, _("Start a subscription"), verb=verb)


@page(MONEY, "GET", "POST")
def change(request: StaffRequest, slug: str, subscription_id: int) -> HttpResponse:
    """Another number of seats; cancel a subscription at the end of its period, resume it, or end it
    now."""
    organization = customers.called(slug)
    found = customers.one_of(organization, Subscription, subscription_id, "plan__product")
    now = {"how": "seats", "seats": found.next_seats or found.seats}
    form = ChangeForm(sent(request), initial=now)

    def do(actor: AtWork, given: dict[str, Any]) -> str:
        ids = {"subscription_id": found.pk}
        match given["how"]:
            case "seats":
                actions.change_seats(actor, **ids, seats=given["seats"])
            case "cancel":
                actions.cancel_subscription(actor, **ids, reason=given["reason"])
            case "resume":
                actions.resume_subscription(actor, **ids)
            case _:
                actions.end_subscription(actor, **ids)
        return _("The subscription is changed.")

    title = _("Change the subscription of %s") % found.plan.product.name
    return _answer(request, organization, form, do, title)


@page(MONEY, "GET", "POST")
def issue(request: StaffRequest, slug: str) -> HttpResponse:
    """Bill something that no subscription does."""
    organization, form = customers.called(slug), IssueForm(sent(request))

    def do(actor: AtWork, given: dict[str, Any]) -> str:
        made = actions.issue_invoice(actor, **given)
        total = money.said(made.total, made.currency)
        return _("%(number)s over %(total)s is issued.") % {"number": made.number, "total": total}

    verb = _("Issue the invoice")
    return _answer(request, organization, form, do, _("Issue an invoice"), verb=verb)


@page(MONEY, "GET", "POST")
def mark_paid(request: StaffRequest, slug: str, invoice_id: int) -> HttpResponse:
    """Note that money came."""
    organization = customers.called(slug)
    found = customers.one_of(organization, Invoice, invoice_id)
    form = PaidForm(sent(request), currency=found.currency, outstanding=found.outstanding)

    def do(actor: AtWork, given: dict[str, Any]) -> str:
        paid = actions.mark_paid(actor, invoice_id=found.pk, **given)
        amount = money.said(paid.amount, found.currency)
        return _("%(amount)s came for %(number)s.") % {"amount": amount, "number": found.number}

    title, verb = _("%s is paid") % found.number, _("Mark as paid")
    return _answer(request, organization, form, do, title, verb=verb)


@page(MONEY, "GET", "POST", fresh=True)
def credit(request: StaffRequest, slug: str, invoice_id: int) -> HttpResponse:
    """Take an invoice back by a credit note."""
    organization = customers.called(slug)
    found = customers.one_of(organization, Invoice, invoice_id)
    form = CreditForm(sent(request))

    def do(actor: AtWork, given: dict[str, Any]) -> str:
        note = actions.credit_invoice(actor, invoice_id=found.pk, **given)
        words = {"note": note.number, "number": found.number}
        return _("%(note)s takes %(number)s back.") % words

    return _answer(
        request,
        organization,
        form,
        do,
        _("Credit %s") % found.number,
        verb=_("Credit the invoice"),
        danger=True,
    )


def _answer(
    request: StaffRequest,
    organization: Organization,
    form: forms.Form,
    do: Do,
    title: str,
    *,
    verb: str = "",
    danger: bool = False,
) -> HttpResponse:
    """The dialog; or, of a form that is right, what it asks for, done."""
    if request.method == "POST" and form.is_valid():
        try:
            said = do(replace(request.at_work, organization_id=organization.pk), form.cleaned_data)
        except Refused as refusal:
            field = {"on": "received_on"}.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, said)
            return see_other(request, "console_organization", slug=organization.slug)
    context = {"form": form, "organization": organization, "title": title}
    context |= {"verb": verb, "danger": danger}
    return dialog(request, "console/money.html", **context)
