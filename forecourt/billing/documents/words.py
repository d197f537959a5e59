"""Amounts and days in words of a language. An invoice has dozens, and the next one many of the same."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from forecourt.core import money

#: How many of each are remembered.
MOST = 2000

said = money.said  # which remembers by itself
price = lru_cache(MOST)(money.price)


@lru_cache(MOST)
def number(value: int, locale: str) -> str:
    """A whole number: "1,000"."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=locale))


@lru_cache(MOST)
def percent(rate: Decimal, locale: str) -> str:
    """A rate of tax, with no more decimals than it needs: "19%"."""
    from babel.numbers import format_percent

    return str(format_percent(rate / 100, "#,##0.##%", locale=locale))


@lru_cache(MOST)
def day(value: dt.date, locale: str) -> str:
    """A day: "Nov 25, 2026"."""
    from babel.dates import format_date

    return str(format_date(value, "medium", locale=locale))
