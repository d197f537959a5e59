"""What the Billing room asks of Stripe: the port that its actions know, and what a person waits for."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing.models import Invoice, ProviderCall, StripeCustomer, Subscription
from forecourt.billing.stripe import asking, client
from forecourt.core.refusals import Refused

Kind = ProviderCall.Kind


class ByStripe:
    """Stripe renews, invoices and collects. The actions write what the customer wants into our rows;
    a job has Stripe do the same, and then our rows follow what is true there."""

    issues_invoices = False

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
    return int(
        timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time())).timestamp()
    )


def customer_of(organization_id: int) -> StripeCustomer | None:
    """Who the organization is at Stripe, with its payment method. In its scope."""
    return StripeCustomer.objects.filter(pk=organization_id).first()


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
            later = api.v1.invoices.create_preview({**asked, "subscription_details": changed}).total
            if not more:
                return 0, later
            at = max(first_moment_of_today(), item["current_period_start"])
            changed |= {"proration_behavior": "always_invoice", "proration_date": at}
            asked["preview_mode"] = "next"
            now = api.v1.invoices.create_preview({**asked, "subscription_details": changed}).total
            return max(0, now), later
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
