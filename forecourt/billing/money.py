"""Money, as the cellar keeps and says it."""

from forecourt.core.money import (
    MOST_DECIMALS,
    decimal,
    exponent,
    is_currency,
    minor,
    price,
    printed,
    said,
    step,
)

__all__ = [
    "MOST_DECIMALS",
    "decimal",
    "exponent",
    "is_currency",
    "minor",
    "price",
    "printed",
    "said",
    "step",
]
