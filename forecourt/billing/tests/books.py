"""Plans and subscriptions for the tests of this room."""

import datetime as dt

from django.utils import timezone

from forecourt.billing import actions, periods
from forecourt.billing.models import Invoice, Subscription
from forecourt.core.actors import System
from tests.cast import organization


def staff(slug: str = "acme") -> System:
    """The vendor, at work for an organization, whose scope stays open."""
    return System(organization(slug).pk, label="Lumen Tools")


def a_plan(**more):
    """A yearly plan of Deploy for 320 euros a seat, or another."""
    values = {
        "product": "deploy",
        "name": "Per admin, yearly",
        "interval": "year",
        "currency": "EUR",
        "unit_amount": 320_00,
        "slug": f"plan-{len(more)}-{more.get('unit_amount', 0)}-{more.get('currency', 'EUR')}",
    }
    return actions.add_plan(System(), **{**values, **more})


def a_subscription(who: str = "acme", *, seats: int = 5, ago: int = 0, **plan) -> Subscription:
    """A subscription that began so many days ago."""
    actor = staff(who)
    starts = timezone.localdate() - dt.timedelta(days=ago)
    return actions.start_subscription(
        actor, plan=a_plan(**plan).slug, seats=seats, starts_on=starts
    )


def due_today(who: str = "acme", *, periods_ago: int = 1, **plan) -> Subscription:
    """A subscription whose first period ended so many periods ago, less one: today if it is 1. (Its
    first invoice says that it begins in five days; it cannot be changed.)"""
    made = a_subscription(who, ago=-5, **plan)
    made.anchor_date = periods.first_day(timezone.localdate(), made.plan.months, -periods_ago)
    made.period_start = made.anchor_date
    made.period_end = periods.first_day(made.anchor_date, made.plan.months, 1)
    made.save()
    made.license.starts_at = periods.moment(made.period_start)
    made.license.ends_at = periods.moment(made.period_end)
    made.license.save()
    return made


def invoices(slug: str = "acme"):
    """An organization's invoices, oldest first."""
    return Invoice.objects.filter(organization=organization(slug)).order_by("pk")
