"""Who sells: the vendor as invoices name it, from the settings SELLER and TAX_RATES."""

import json
import re
from decimal import Decimal, InvalidOperation

#: What SELLER may have; the first four it needs.
KEYS = (
    "name",
    "street",
    "city",
    "country",
    "postal_code",
    "region",
    "tax_id",
    "tax_number",
    "registration",
    "email",
    "iban",
    "bic",
    "bank",
)
NEEDED = KEYS[:4]
_COUNTRY = re.compile("[A-Z]{2}")


def parse(text: str) -> dict[str, str]:
    """The seller of a JSON object, with "" for what it does not say; all is "" where there is none.
    Raises ValueError with a sentence."""
    given = _object(text)
    if unknown := sorted(set(given) - set(KEYS)):
        raise ValueError(f"it has {', '.join(unknown)}, but may have {', '.join(KEYS)} alone.")
    if not all(isinstance(value, str) for value in given.values()):
        raise ValueError("every value must be text.")
    seller = {key: given.get(key, "").strip() for key in KEYS}
    if not given:
        return seller
    if missing := [key for key in NEEDED if not seller[key]]:
        raise ValueError(f"it lacks {', '.join(missing)}.")
    if not _COUNTRY.fullmatch(seller["country"]):
        raise ValueError('a country is two capital letters: "DE".')
    if not (seller["tax_id"] or seller["tax_number"] or seller["registration"]):
        # EN 16931, BR-CO-26
        raise ValueError("it needs a tax_id, a tax_number or a registration.")
    for key in ("iban", "bic", "tax_id"):
        seller[key] = seller[key].replace(" ", "").upper()
    return _checked(seller)


def _checked(seller: dict[str, str]) -> dict[str, str]:
    from stdnum import bic, iban

    if seller["iban"] and not iban.is_valid(seller["iban"]):
        raise ValueError("its iban is not one.")
    if seller["bic"] and not bic.is_valid(seller["bic"]):
        raise ValueError("its bic is not one.")
    return seller


def rates(text: str) -> dict[str, Decimal]:
    """The tax rates of a JSON object, in percent by country. Raises ValueError with a sentence."""
    found = {}
    for country, rate in _object(text).items():
        try:
            found[country] = Decimal(str(rate))
        except InvalidOperation:
            raise ValueError(f"the rate of {country} is no number.") from None
        if not _COUNTRY.fullmatch(country) or not 0 <= found[country] < 100:
            raise ValueError('write it like {"DE": "19"}: a country, and percent below 100.')
        if found[country] != round(found[country], 2):
            raise ValueError("a rate has two decimals at most.")
    return found


def _object(text: str) -> dict:
    try:
        given = json.loads(text or "{}")
    except ValueError:
        raise ValueError("it is not JSON.") from None
    if not isinstance(given, dict):
        raise ValueError("it must be an object.")
    return given
