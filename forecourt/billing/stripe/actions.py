"""What people and staff want of Stripe. Each is written down; Stripe hears of it after the commit."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.accounts import present_seller
from forecourt.billing.events import Event
from forecourt.billing.finding import invoice_of
from forecourt.billing.models import (
    Plan,
    Provider,
    ProviderCall,
    StripeCustomer,
    Subscription,
)
from forecourt.billing.plan_rules import check_seats, check_terms, offered
from forecourt.billing.stripe import asking, client
from forecourt.billing.stripe.finding import details_of
from forecourt.billing.stripe.port import customer_of
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization, lock
from forecourt.orgs.permissions import Permission

Kind = ProviderCall.Kind


@action(Permission.EDIT_BILLING)
def ask_for_customer(actor) -> ProviderCall:
    """Have Stripe know the organization, by its billing details."""
    organization = lock(actor.organization_id)
    audit.unchanged()  # where it was asked for before
    return asking.ask_once(actor, Kind.CUSTOMER, "customer", waits=True, **details_of(organization))


@action(Permission.EDIT_BILLING)
def ask_for_method_page(actor) -> ProviderCall:
    """Have Stripe open a page where a payment method is entered: a card, or an account for direct
    debits in euros."""
    organization = lock(actor.organization_id)
    customer = customer_of(actor.organization_id)
    if customer is None:
        raise Refused(_("The payment provider does not know you yet. Try again in a minute."))
    back = settings.PUBLIC_URL + reverse("billing", args=[organization.slug])
    return asking.ask(
        actor,
        Kind.SETUP,
        "setup",
        waits=True,
        customer=customer.customer_id,
        payment_method_types=["card", "sepa_debit"],
        success_url=settings.PUBLIC_URL + reverse("method_set_up", args=[organization.slug]),
        cancel_url=back,
    )


@action("start_with_stripe")
def start_with_stripe(
    actor, *, plan: str, seats: int, unit_amount: int | None = None
) -> Subscription:
    """Have an organization pay for a plan by Stripe, from now on. The license comes with the first
    payment."""
    organization, found = lock(actor.organization_id), offered(plan)
    price = found.unit_amount if unit_amount is None else unit_amount
    check_seats(seats)
    check_terms(found, periods.today(), price)
    customer = _who_can_pay(organization)
    _check_not_started(organization, found)
    present_seller()
    subscription = _begun(organization, found, seats, price)
    audit.record(actor, Event.SUBSCRIPTION_STARTED, subscription, after={"seats": seats})
    params = {"subscription": subscription.pk, "seats": seats, "price": _price(found, price)}
    params["tax"] = settings.STRIPE_TAX
    about = f"subscription:{subscription.pk}"
    asking.ask_once(actor, Kind.START, about, customer=customer.customer_id, **params)
    return subscription


def _who_can_pay(organization: Organization) -> StripeCustomer:
    customer = customer_of(organization.pk)
    if not client.is_on() or customer is None or not customer.method_id:
        raise Refused(_("%s has no payment method yet: it is set up in Billing.") % organization)
    return customer


def _check_not_started(organization: Organization, plan: Plan) -> None:
    """One start after the other: what is asked for twice by mistake would be paid twice."""
    mine = Subscription.objects.filter(organization=organization, plan=plan, provider="stripe")
    if mine.filter(license=None).exclude(status=Subscription.Status.ENDED).exists():
        raise Refused(_("This plan is being started already."), field="plan")


def _begun(organization: Organization, plan: Plan, seats: int, price: int) -> Subscription:
    today = periods.today()
    return Subscription.objects.create(
        organization=organization,
        plan=plan,
        seats=seats,
        unit_amount=price,
        provider=Provider.STRIPE,
        anchor_date=today,
        period_start=today,
        period_end=periods.first_day(today, plan.months, 1),
    )


def _price(plan: Plan, unit_amount: int) -> dict[str, Any]:
    """The plan as Stripe has it, under a name that is the same each time."""
    return {
        "currency": plan.currency.lower(),
        "unit_amount": unit_amount,
        "recurring": {"interval": plan.interval},
        "tax_behavior": plan.tax_behavior,
        "nickname": f"{plan.product.name}, {plan.name}",
        "lookup_key": f"forecourt-{plan.slug}-{unit_amount}",
        "product_data": {"name": f"{plan.product.name}, {plan.name}"},
    }


@action("refund_payment")
def refund_payment(actor, *, invoice_id: int, amount: int | None = None) -> ProviderCall:
    """Give back what was paid for an invoice of Stripe's, or a part of it in minor units."""
    lock(actor.organization_id)
    invoice = invoice_of(actor, invoice_id)
    payment = invoice.payments.filter(amount__gt=0).exclude(reference="").first()
    if invoice.provider != Provider.STRIPE or payment is None:
        raise Refused(_("Nothing was paid for %s by Stripe.") % invoice)
    amount = invoice.paid if amount is None else amount
    if not 0 < amount <= invoice.paid:
        raise Refused(_("More than 0, and no more than was paid."), field="amount")
    refund = {"payment_intent": payment.reference, "amount": amount}
    about, of = f"invoice:{invoice.pk}", invoice.external_id
    return asking.ask(actor, Kind.REFUND, about, invoice=of, refund=refund)
