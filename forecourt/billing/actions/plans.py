"""What the vendor's staff do with plans."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecourt.billing import money
from forecourt.billing.events import Event
from forecourt.billing.models import Plan
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.products.models import Product

#: 10^12 minor units, times a million seats, still fits into 64 bits.
MOST = 10**12


@action("add_plan")
def add_plan(
    actor,
    *,
    product: str,
    name: str,
    interval: str,
    currency: str,
    unit_amount: int,
    inclusive: bool = False,
    slug: str = "",
) -> Plan:
    """Offer a product for a price: so many minor units of a currency for a seat and interval,
    before tax or (`inclusive`) with it."""
    found = Product.objects.filter(slug=product).first()
    if found is None:
        raise Refused(_("There is no product “%s”.") % product[:60], field="product")
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise Refused(_("A plan's name has 1 to 80 letters."), field="name")
    _check_price(currency, unit_amount)
    behavior = Plan.TaxBehavior.INCLUSIVE if inclusive else Plan.TaxBehavior.EXCLUSIVE
    plan = Plan(
        product=found,
        name=name,
        slug=slug or slugify(f"{found.slug} {name} {currency}")[:60],
        interval=interval,
        currency=currency,
        unit_amount=unit_amount,
        step=money.step(currency),
        tax_behavior=behavior,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as problem:
        raise Refused(_("There is a plan “%s” already.") % plan.slug, field="slug") from problem
    after = {"unit_amount": unit_amount, "currency": currency, "interval": interval}
    audit.record(actor, Event.PLAN_ADDED, plan, after=after)
    return plan


def _check_price(currency: str, unit_amount: int) -> None:
    if not money.is_currency(currency):
        raise Refused(_("“%s” is no currency of ISO 4217.") % currency[:10], field="currency")
    if not 0 <= unit_amount <= MOST:
        raise Refused(_("A price is 0 or more, and not as much as that."), field="unit_amount")
    if unit_amount % money.step(currency):
        raise Refused(
            _("A price in %s has two decimals: invoices cannot say a third.") % currency,
            field="unit_amount",
        )


@action("withdraw_plan")
def withdraw_plan(actor, *, plan: str) -> Plan:
    """Offer a plan to nobody any more; whoever has it keeps it."""
    found = Plan.objects.select_for_update(no_key=True).filter(slug=plan).first()
    if found is None:
        raise Refused(_("There is no plan “%s”.") % plan[:60], field="plan")
    if not found.is_offered:
        audit.unchanged()
        return found
    found.is_offered = False
    found.save(update_fields=["is_offered"])
    audit.record(actor, Event.PLAN_WITHDRAWN, found)
    return found
