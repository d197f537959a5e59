"""Amounts as they were written down: decimals of a currency, in its minor units."""

from decimal import Decimal

from django.utils.translation import gettext as _

from forecourt.billing.plan_rules import MOST
from forecourt.core import money
from forecourt.core.refusals import Refused


def check_currency(currency: str) -> None:
    """Raise Refused for what is no currency."""
    if not money.is_currency(currency):
        raise Refused(_("“%s” is no currency of ISO 4217.") % currency[:10], field="currency")


def minor(amount: Decimal | None, currency: str, field: str) -> int:
    """In minor units; 0 where there is none. Raises Refused for what the currency does not have."""
    found = money.minor(amount or Decimal(0), currency)
    if found is None or found % money.step(currency):
        raise Refused(_("That is no amount of %s.") % currency, field=field)
    if abs(found) > MOST:
        raise Refused(_("That is too much."), field=field)
    return found
