"""Starting and ending subscriptions: what the vendor's staff do."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import periods, providers
from forecourt.billing.accounts import account_of, present_seller
from forecourt.billing.events import Event
from forecourt.billing.finding import subscription_of
from forecourt.billing.issuing import issue_for
from forecourt.billing.models import BillingAccount, Subscription
from forecourt.billing.plan_rules import check_seats, check_terms, offered
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.models import lock
from forecourt.products import licenses


@action("start_subscription")
def start_subscription(
    actor,
    *,
    plan: str,
    seats: int,
    starts_on: dt.date | None = None,
    unit_amount: int | None = None,
) -> Subscription:
    """Have an organization pay for a plan from a day on (today, or up to a month back or ahead),
    for a price of its own if it has one: license and first invoice are there at once."""
    organization, found = lock(actor.organization_id), offered(plan)
    starts = starts_on or periods.today()
    price = found.unit_amount if unit_amount is None else unit_amount
    check_seats(seats)
    check_terms(found, starts, price)
    subscription = Subscription(plan=found, seats=seats, unit_amount=price, anchor_date=starts)
    subscription.organization = organization
    subscription.period_start = starts
    subscription.period_end = periods.first_day(starts, found.months, 1)
    subscription.save(force_insert=True)
    audit.record(actor, Event.SUBSCRIPTION_STARTED, subscription, after=_said(subscription))
    _deliver(actor, account_of(organization), subscription)
    return subscription


def _said(subscription: Subscription) -> dict[str, object]:
    return {
        "seats": subscription.seats,
        "unit_amount": subscription.unit_amount,
        "currency": subscription.plan.currency,
        "until": subscription.period_end.isoformat(),
    }


def _deliver(actor, account: BillingAccount, subscription: Subscription) -> None:
    """The license for the first period, and its invoice."""
    present_seller()
    plan = subscription.plan
    subscription.license = licenses.grant(
        actor,
        plan.product,
        plan=plan.name,
        seats=subscription.seats,
        starts_at=periods.moment(subscription.period_start),
        ends_at=periods.moment(subscription.period_end),
        renews=True,
    )
    subscription.save(update_fields=["license"])
    if subscription.amount:
        issue_for(
            actor,
            account,
            subscription,
            quantity=subscription.seats,
            listed=subscription.amount,
            starts_on=subscription.period_start,
            period_start=subscription.period_start,
            period_end=subscription.period_end,
        )


@action("end_subscription")
def end_subscription(actor, *, subscription_id: int) -> Subscription:
    """End a subscription now, and its license with it. What was paid for it is for staff to credit."""
    lock(actor.organization_id)
    subscription = subscription_of(actor, subscription_id)
    if subscription.has_ended:
        raise Refused(_("This subscription has ended already."))
    subscription.status, subscription.ended_at = Subscription.Status.ENDED, timezone.now()
    subscription.save(update_fields=["status", "ended_at"])
    audit.record(actor, Event.SUBSCRIPTION_ENDED, subscription)
    if subscription.license:
        licenses.end(actor, subscription.license)
    providers.of(subscription).ended(actor, subscription)
    return subscription
