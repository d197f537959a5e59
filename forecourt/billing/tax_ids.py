"""Tax ids: their form by country, and whether the European Union's register (VIES) knows them."""

import json
import re
import time
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.billing.addresses import country_name
from forecourt.billing.tax import UNION

LONGEST = 30
#: Where a tax id begins with something else than the country's code.
PREFIXES = {"GR": "EL", "MC": "FR", "IM": "GB"}
#: Countries that put no tax id of the buyer on invoices.
NOT_ASKED = frozenset({"US"})
#: Where the form is known so well that another is refused; elsewhere any text is taken.
STRICT = UNION | {"AU", "CH", "GB", "IS", "MC", "NO", "NZ"}
#: What VIES knows, by prefix; XI is Northern Ireland.
IN_VIES = (UNION - {"GR"}) | {"EL", "XI"}

VAT = gettext_lazy("VAT number")
LABELS: dict[str, Any] = {
    **dict.fromkeys([*UNION, "GB", "IM", "IS", "MC", "NO", "SM"], VAT),
    "AU": gettext_lazy("ABN"),
    "CA": gettext_lazy("Business number"),
    "CH": gettext_lazy("UID with VAT"),
    "IN": gettext_lazy("GSTIN"),
    "NZ": gettext_lazy("GST number"),
}
#: Seconds that the register has for its answer.
PATIENCE = 10
#: Bytes of an answer; it has some hundreds.
MOST = 50_000


class NoAnswer(Exception):
    """The register did not say whether it knows a tax id: worth another try."""


def label(country: str) -> Any:
    """What a country calls its tax id."""
    return LABELS.get(country, gettext_lazy("Tax id"))


def checked(country: str, typed: str) -> tuple[str, str]:
    """A tax id in its compact form, which begins with the country's prefix; and what is wrong with
    it, a sentence, or ""."""
    if not typed or country in NOT_ASKED:
        return "", ""
    plain = re.sub(r"\s+", "", typed).upper()
    prefix = PREFIXES.get(country, country)
    if country in ("GB", "IM") and plain.startswith("XI"):
        prefix, plain = "XI", plain[2:]
    module = "gb" if prefix == "XI" else country.lower()
    found = _compact(module, plain) or _compact(module, plain.removeprefix(prefix))
    if found is None:
        if country in STRICT:
            return typed, _(
                "%(name)s: this is not its form in %(country)s. Look for a slip, or leave it empty."
            ) % {"name": label(country), "country": country_name(country)}
        found = plain
    result = found if found.startswith(prefix) else prefix + found
    if len(result) > LONGEST:
        return typed, _("It is too long for a tax id.")
    return result, ""


def _compact(country: str, number: str) -> str | None:
    """The number as the country writes it without spaces and signs; None where it is not one, or
    nobody here knows its form."""
    import stdnum
    from stdnum.exceptions import ValidationError

    module = stdnum.get_cc_module(country, "vat")
    if module is None or len(number) > LONGEST:
        return None
    try:
        return str(module.validate(number))
    except ValidationError:
        return None


def is_asked(tax_id: str) -> bool:
    """Whether the register is asked for it."""
    return bool(settings.TAX_ID_CHECK) and tax_id[:2] in IN_VIES


def is_known(tax_id: str) -> bool:
    """Whether the register knows it, and it may be used across borders. Raises NoAnswer."""
    import requests
    from urllib3.exceptions import HTTPError

    address = f"{settings.TAX_ID_CHECK}/ms/{quote(tax_id[:2])}/vat/{quote(tax_id[2:], safe='')}"
    # As it is: what is packed could be any size.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        with requests.get(
            address, headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != 200:
                raise NoAnswer(f"status {answer.status_code}")
            return _said(json.loads(_read(answer.raw)))
    except (requests.RequestException, HTTPError, OSError, ValueError, RecursionError) as problem:
        raise NoAnswer(type(problem).__name__) from None


def _read(raw: Any) -> bytes:
    """An answer's bytes, as long as they come soon and are not too many."""
    end, found = time.monotonic() + PATIENCE, b""
    while part := raw.read1(8_192, decode_content=False):
        found += part
        if len(found) > MOST or time.monotonic() > end:
            raise NoAnswer("too long")
    return found


def _said(answer: Any) -> bool:
    """Only a plain yes or no counts: a country's own register that is down looks like a no."""
    said = answer if isinstance(answer, dict) else {}
    if said.get("isValid") is True:
        return True
    if said.get("isValid") is False and said.get("userError") == "INVALID":
        return False
    raise NoAnswer(f"it says {str(said.get('userError'))[:40]!r}")
