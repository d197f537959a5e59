"""What the Billing room asks of Stripe: the port that its actions know, and what a person waits for."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import periods, prices
from forecourt.billing.models import (
    BillingAccount,
    Invoice,
    ProviderCall,
    StripeCustomer,
    Subscription,
)
from forecourt.billing.stripe import asking, client
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused

Kind = ProviderCall.Kind


class ByStripe:
    """Stripe renews, invoices and collects. The actions write what the customer wants into our rows;
    a job has Stripe do the same, and then our rows follow what is true there."""

    issues_invoices = False

    def preview(
        self, account: BillingAccount, subscription: Subscription, seats: int
    ) -> prices.Preview:
        """As Stripe says it."""
        now, later = preview_seats(subscription, seats)
        return prices.Preview(
            seats=seats,
            now=now,
            later=later,
            day=subscription.period_end,
            currency=subscription.plan.currency,
            is_more=seats > subscription.seats,
        )

    def renews(self, actor: Any, subscription: Subscription, renews: bool) -> None:
        """Have it end with its period, or go on."""
        reason = subscription.cancel_reason
        self._ask(actor, Kind.RENEWS, subscription, renews=renews, reason=reason)

    def seats_changed(self, actor: Any, subscription: Subscription, added: int) -> None:
        """Have another number of seats."""
        seats = subscription.next_seats or subscription.seats
        paid = subscription.seats - added
        at = first_moment_of_today()
        self._ask(actor, Kind.SEATS, subscription, seats=seats, paid=paid, at=at)

    def ended(self, actor: Any, subscription: Subscription) -> None:
        """End it now."""
        self._ask(actor, Kind.END, subscription)

    def _ask(self, actor: Any, kind: str, subscription: Subscription, **params: Any) -> None:
        if not subscription.external_id:
            raise Refused(_("It is being started. Try again in a minute."))
        about = f"subscription:{subscription.pk}"
        asking.ask(actor, kind, about, subscription=subscription.external_id, **params)


def first_moment_of_today() -> int:
    """Further seats are paid for from here on, whenever on a day they are bought; in Stripe's time."""
    return int(periods.moment(periods.today()).timestamp())


def customer_of(organization_id: int) -> StripeCustomer | None:
    """Who the organization is at Stripe, with its payment method. In its scope."""
    return StripeCustomer.objects.filter(pk=organization_id).first()


@dataclass(frozen=True)
class Method:
    """How an organization pays by Stripe; `name` is "" where it has no payment method."""

    name: str
    last4: str
    expires_on: dt.date | None

    @property
    def has_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < periods.today()


def method(organization_id: int) -> Method | None:
    """For the Billing page; None where the vendor does not use Stripe. In the organization's scope."""
    if not client.is_on():
        return None
    customer = customer_of(organization_id)
    if customer is None or not customer.method_id:
        return Method("", "", None)
    kind = str(
        _("SEPA direct debit") if customer.method_kind == "sepa_debit" else customer.method_kind
    )
    name = customer.method_brand or kind
    return Method(name[:1].upper() + name[1:], customer.method_last4, customer.method_expires_on)


def details_changed(organization_id: int) -> None:
    """Have Stripe's customer follow the billing details; in the action that changes them."""
    customer = customer_of(organization_id)
    if customer is not None:
        later("billing.stripe_look", organization_id=organization_id, subject=customer.customer_id)


def away() -> Refused:
    """What a person is told who would have to wait too long."""
    return Refused(_("The payment provider cannot be reached just now. Try again in a minute."))


def preview_seats(subscription: Subscription, seats: int) -> tuple[int, int]:
    """What Stripe would ask for so many seats, in minor units with tax: now, for the rest of the
    period, and each period from then on. Raises Refused."""
    more = seats > subscription.seats
    try:
        with client.asking(waits=True) as api:
            found = api.v1.subscriptions.retrieve(subscription.external_id).to_dict()
            item = found["items"]["data"][0]
            changed: dict[str, Any] = {"items": [{"id": item["id"], "quantity": seats}]}
            asked = {"subscription": found["id"], "preview_mode": "recurring"}
            each = api.v1.invoices.create_preview({**asked, "subscription_details": changed}).total
            if not more:
                return 0, each
            at = max(first_moment_of_today(), item["current_period_start"])
            changed |= {"proration_behavior": "always_invoice", "proration_date": at}
            asked["preview_mode"] = "next"
            now = api.v1.invoices.create_preview({**asked, "subscription_details": changed}).total
            return max(0, now), each
    except (client.Away, client.Unknown) as problem:
        raise away() from problem
    except client.Declined as problem:
        raise Refused(problem.sentence) from problem


def payment_page(invoice: Invoice) -> str:
    """The address of Stripe's page where an invoice is paid: made for who asks now, kept nowhere.
    Raises Refused."""
    try:
        with client.asking(waits=True) as api:
            found = api.v1.invoices.retrieve(invoice.external_id)
    except (client.Away, client.Unknown) as problem:
        raise away() from problem
    except client.Declined as problem:
        raise Refused(problem.sentence) from problem
    if found.status != "open" or not found.hosted_invoice_url:
        raise Refused(_("%s is not open.") % invoice)
    return str(found.hosted_invoice_url)
