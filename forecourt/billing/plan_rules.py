"""What a plan and a subscription may be: the rules of what the vendor's staff type."""

import datetime as dt
from typing import Any

from django.core.validators import slug_re
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.models import Plan
from forecourt.core import money
from forecourt.core.refusals import Refused
from forecourt.products.models import Product

#: 10^12 minor units, times a million seats, still fits into 64 bits.
MOST = 10**12
#: A million seats of one subscription are a slip of the keyboard.
MOST_SEATS = 1_000_000
LONGEST_AHEAD = dt.timedelta(days=31)


def new_plan(*, product: str, name: str, currency: str, slug: str = "", **more: Any) -> Plan:
    """A plan that may be one, not saved yet; raises Refused."""
    found = Product.objects.filter(slug=product).first()
    if found is None:
        raise Refused(_("There is no product “%s”.") % product[:60], field="product")
    slug = slug or slugify(f"{found.slug} {name} {currency}")[:60].strip("-")
    step = money.step(currency) if money.is_currency(currency) else 1
    plan = Plan(product=found, name=name, currency=currency, slug=slug, step=step, **more)
    check_plan(plan)
    return plan


def check_plan(plan: Plan) -> None:
    """Raise Refused for what cannot be a plan of any product; sets its name right."""
    plan.name = " ".join(plan.name.split())
    if not 1 <= len(plan.name) <= 80 or not plan.name.isprintable():
        raise Refused(_("A plan's name has 1 to 80 letters."), field="name")
    currency = plan.currency
    if not money.is_currency(currency):
        raise Refused(_("“%s” is no currency of ISO 4217.") % currency[:10], field="currency")
    if not slug_re.match(plan.slug) or len(plan.slug) > 60:
        raise Refused(_("A plan's slug has 1 to 60 letters, digits, - and _."), field="slug")
    if not 0 <= plan.unit_amount <= MOST:
        raise Refused(_("A price is 0 or more, and not as much as that."), field="unit_amount")
    if plan.unit_amount % plan.step:
        raise Refused(
            _("A price in %s has two decimals: invoices cannot say a third.") % currency,
            field="unit_amount",
        )


def offered(slug: str) -> Plan:
    """The plan with this slug, as long as it is offered; raises Refused."""
    found = Plan.objects.select_related("product").filter(slug=slug, is_offered=True).first()
    if found is None:
        raise Refused(_("No plan “%s” is offered.") % slug[:60], field="plan")
    return found


def check_seats(seats: int) -> None:
    """Raise Refused for what is no number of seats."""
    if not 1 <= seats <= MOST_SEATS:
        raise Refused(_("From 1 to 1,000,000 seats."), field="seats")


def check_terms(plan: Plan, starts_on: dt.date, unit_amount: int) -> None:
    """Raise Refused for a beginning or a price that no subscription to this plan has."""
    if abs(starts_on - periods.today()) > LONGEST_AHEAD:
        raise Refused(_("It starts at most a month back or ahead."), field="starts_on")
    if not 0 <= unit_amount <= MOST or unit_amount % plan.step:
        raise Refused(_("That is no price of this plan."), field="unit_amount")
