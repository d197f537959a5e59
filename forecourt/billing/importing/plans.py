"""A plan that another system sold by."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing.importing.amounts import check_currency, minor
from forecourt.billing.models import Plan
from forecourt.billing.plan_rules import check_plan
from forecourt.core import money
from forecourt.core.refusals import Refused


def plan_of(values: dict[str, Any]) -> Plan:
    """The plan that is meant, without its product and not saved; raises Refused."""
    currency = values["currency"]
    check_currency(currency)
    if values["price"] < 0:
        raise Refused(_("A price is 0 or more, and not as much as that."), field="price")
    behavior = Plan.TaxBehavior
    plan = Plan(
        slug=values["slug"],
        name=values["name"],
        interval=values["interval"],
        currency=currency,
        unit_amount=minor(values["price"], currency, "price"),
        step=money.step(currency),
        tax_behavior=behavior.INCLUSIVE if values.get("inclusive") else behavior.EXCLUSIVE,
        is_offered=not values.get("withdrawn"),
    )
    if values.get("created"):
        plan.created_at = values["created"]
    check_plan(plan)
    return plan
