"""What the vendor's staff do with plans."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from forecourt.billing.events import Event
from forecourt.billing.models import Plan
from forecourt.billing.plan_rules import new_plan
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused


@action("add_plan")
def add_plan(
    actor,
    *,
    unit_amount: int,
    currency: str,
    interval: str,
    inclusive: bool = False,
    **more,
) -> Plan:
    """Offer a product for a price: so many minor units of a currency for a seat and interval,
    before tax or (`inclusive`) with it. `more`: product, name, slug."""
    behavior = Plan.TaxBehavior.INCLUSIVE if inclusive else Plan.TaxBehavior.EXCLUSIVE
    price: dict[str, Any] = {"unit_amount": unit_amount, "currency": currency, "interval": interval}
    plan = new_plan(**price, **more, tax_behavior=behavior)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as problem:
        raise Refused(_("There is a plan “%s” already.") % plan.slug, field="slug") from problem
    audit.record(actor, Event.PLAN_ADDED, plan, after=price)
    return plan


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
