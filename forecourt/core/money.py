"""Money: whole minor units and an ISO 4217 code."""

import functools
import re
from decimal import Decimal, DecimalException

from babel.numbers import format_currency
from moneyed import CurrencyDoesNotExist, get_currency

#: EN 16931 knows two decimals at most (BR-DEC), and payment providers want the same: an amount in a
#: currency of three decimals (KWD, BHD) is a multiple of ten of its minor units.
MOST_DECIMALS = 2


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has this code, in capital letters."""
    try:
        return code.isupper() and get_currency(code).code == code
    except CurrencyDoesNotExist:
        return False


@functools.cache
def exponent(currency: str) -> int:
    """The decimals of a currency by ISO 4217: 0 (JPY), 2 (EUR), 3 (KWD)."""
    return len(str(get_currency(currency).sub_unit)) - 1


@functools.cache
def step(currency: str) -> int:
    """The least amount that may stand on an invoice, in minor units: 10 where the currency has
    three decimals, else 1."""
    return int(10 ** max(0, exponent(currency) - MOST_DECIMALS))


def decimal(minor: int, currency: str) -> Decimal:
    """An amount in the currency itself: 1999 of EUR is 19.99."""
    return Decimal(minor).scaleb(-exponent(currency))


def minor(amount: Decimal, currency: str) -> int | None:
    """An amount in minor units; None for one with more decimals than its currency, or that is none."""
    try:
        found = amount.scaleb(exponent(currency))
    except DecimalException:
        return None
    return int(found) if found.is_finite() and found == int(found) else None


def printed(minor: int, currency: str) -> str:
    """An amount for programs: "19.99", without the currency, with no more than two decimals."""
    places = min(exponent(currency), MOST_DECIMALS)
    return f"{decimal(minor, currency):.{places}f}"


@functools.lru_cache(maxsize=10_000)
def said(minor: int, currency: str, language: str = "en") -> str:
    """An amount as people read it in a language: "€19.99". Kept, since a list of invoices has the
    same few amounts again and again, and to say one takes as long as to read a row."""
    places = exponent(currency)
    return _format(decimal(minor, currency), currency, _pattern(language, places), language)


def _format(amount: Decimal, currency: str, pattern: str, language: str) -> str:
    text = format_currency(amount, currency, pattern, locale=language, currency_digits=False)
    # A currency without a sign stands with its letters, and those not close to a digit (CLDR's
    # currencySpacing, which Babel leaves out).
    return _CLOSE.sub("\\1\N{NO-BREAK SPACE}\\2", text)


_CLOSE = re.compile(r"([A-Z]{3})(\d)")


@functools.cache
def _pattern(language: str, places: int) -> str:
    """The language's own pattern with ISO's number of decimals; CLDR drops those of some."""
    from babel import Locale

    own = Locale.parse(language).currency_formats["standard"].pattern
    return ";".join(
        part.replace(".00", "." + "0" * places if places else "") for part in own.split(";")
    )


def price(amount: Decimal, currency: str, language: str = "en") -> str:
    """A price for people, which may need two decimals more than the currency has: "€0.0125"."""
    places = exponent(currency)
    least = "0." + "0" * places if places else "0"
    most = least + "##" if places else "0.##"
    pattern = _pattern(language, places).replace(least, most)
    return _format(amount, currency, pattern, language)
