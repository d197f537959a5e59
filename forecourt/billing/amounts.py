"""Amounts: lines, tax and totals by EN 16931, in whole minor units.

Half a unit is rounded up (away from zero). Tax is taken once for each category and rate, of the sum
of its lines (BT-117 = BT-116 × BT-119), never line by line.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forecourt.billing.tax import Treatment

PRICE_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Item:
    """A line before it is one: `unit_amount` is the net price of one, `net` what counts."""

    text: str
    quantity: int
    unit_amount: Decimal
    net: int
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class Sums:
    """An invoice's totals in minor units, as `Invoice` has them."""

    net: int
    tax: int
    rounding: int

    @property
    def gross(self) -> int:
        return self.net + self.tax

    @property
    def total(self) -> int:
        return self.gross + self.rounding

    @property
    def columns(self) -> dict[str, int]:
        """As an invoice's row has them."""
        names = ("net", "tax", "gross", "rounding", "total")
        return {name: getattr(self, name) for name in names}


def rounded(amount: Decimal, step: int) -> int:
    """The nearest amount that may stand on an invoice; half of a step goes up."""
    return int((amount / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def tax_of(net: int, rate: Decimal, step: int) -> int:
    """The tax on a sum, at a rate in percent."""
    return rounded(net * rate / 100, step)


def net_of(listed: int, rate: Decimal, step: int) -> int:
    """The net amount of one that has tax in it."""
    return rounded(listed * Decimal(100) / (100 + rate), step)


def line(
    plan: Any, treatment: Treatment, *, quantity: int, listed: int, text: str, **days: Any
) -> Item:
    """A line for what costs `listed`, in minor units as the plan lists prices: with the tax in it,
    or before it. `quantity` is what the line counts."""
    each, net = Decimal(listed) / quantity, listed
    if plan.is_inclusive:
        each = each * 100 / (100 + treatment.rate)
        net = net_of(listed, treatment.rate, plan.step)
    return Item(text, quantity, each.quantize(PRICE_PLACES, ROUND_HALF_UP), net, **days)


def totals(items: Iterable[Item], rate: Decimal, step: int, *, listed: int | None = None) -> Sums:
    """The totals of lines of one rate. `listed`: what they cost together where the tax is in their
    prices; the total is that, to the last unit (BT-114 takes the rest)."""
    net = sum(item.net for item in items)
    tax = tax_of(net, rate, step)
    return Sums(net, tax, 0 if listed is None else listed - net - tax)


def share(amount: int, part: int, whole: int, step: int) -> int:
    """The share of an amount for `part` days of `whole`."""
    return rounded(Decimal(amount) * part / whole, step)
