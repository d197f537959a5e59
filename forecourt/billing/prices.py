"""What a subscription will cost."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from forecourt.billing import amounts
from forecourt.billing.accounts import treatment_of
from forecourt.billing.amounts import Sums
from forecourt.billing.models import BillingAccount, Provider, Subscription
from forecourt.billing.tax import EXEMPT, Treatment


@dataclass(frozen=True)
class Coming:
    """The next invoice of a subscription: its day, and its total in minor units."""

    day: dt.date
    total: int
    currency: str


def sums(account: BillingAccount, subscription: Subscription, listed: int) -> Sums:
    """What is to be paid for what the plan lists at `listed` minor units, with today's tax."""
    plan, tax = subscription.plan, treatment_of(account)
    if subscription.provider == Provider.STRIPE and not settings.STRIPE_TAX:
        tax = Treatment(EXEMPT, Decimal(0))
    item = amounts.line(plan, tax, quantity=1, listed=listed, text="")
    return amounts.totals([item], tax.rate, plan.step, listed=listed if plan.is_inclusive else None)


def coming(account: BillingAccount, subscription: Subscription) -> Coming | None:
    """The next invoice; None where there will be none."""
    if subscription.has_ended or subscription.cancels_at_period_end or not subscription.amount:
        return None
    total = sums(account, subscription, subscription.amount).total
    return Coming(subscription.period_end, total, subscription.plan.currency)


@dataclass(frozen=True)
class Preview:
    """What another number of seats costs, in minor units with tax: `now` for the rest of the period
    (0: nothing), then `later` each period."""

    seats: int
    now: int
    later: int
    day: dt.date
    currency: str
    is_more: bool


def added(subscription: Subscription, seats: int) -> int:
    """What further seats cost until the period ends, in minor units as the plan lists prices: by the
    day, today counted."""
    whole = (subscription.period_end - subscription.period_start).days
    left = min(subscription.days_left, whole)
    step = subscription.plan.step
    return amounts.share(seats * subscription.unit_amount, left, whole, step)


def preview(account: BillingAccount, subscription: Subscription, seats: int) -> Preview:
    """What the subscription would cost with so many seats."""
    more = max(0, seats - subscription.seats)
    return Preview(
        seats=seats,
        now=sums(account, subscription, added(subscription, more)).total if more else 0,
        later=sums(account, subscription, seats * subscription.unit_amount).total,
        day=subscription.period_end,
        currency=subscription.plan.currency,
        is_more=more > 0,
    )
