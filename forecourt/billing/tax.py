"""Tax: which one an invoice bears. The vendor answers for it; docs/running.md says what is assumed."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

#: The European Union's VAT area, as ISO 3166 has its countries. Greece's VAT numbers begin with EL,
#: Northern Ireland's (XI) count as the Union's for goods alone, so not here.
UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)

# EN 16931, UNTDID 5305
STANDARD, REVERSE_CHARGE, EXPORT, EXEMPT = "S", "AE", "G", "E"

#: category → (sentence, code of the VATEX list)
REASONS = {
    REVERSE_CHARGE: (_("Reverse charge: the customer owes the tax."), "VATEX-EU-AE"),
    EXPORT: (_("Supplied outside of the European Union: no tax is charged."), "VATEX-EU-G"),
    EXEMPT: (_("No tax is charged."), ""),
}


@dataclass(frozen=True)
class Treatment:
    """A category of EN 16931 and its rate in percent."""

    category: str
    rate: Decimal


def treatment(country: str, tax_id: str, tax_id_state: str) -> Treatment:
    """What an invoice to a customer in this country bears. A tax id that is not known to be wrong
    counts: whether it exists may be known only tomorrow, and then the invoice is corrected."""
    home = settings.SELLER["country"]
    country = country or home
    rates: dict[str, Decimal] = settings.TAX_RATES
    if country == home:
        return _at(rates.get(home))
    if home not in UNION:
        return _at(rates.get(country))
    if not settings.SELLER["tax_id"]:
        # Neither can be said without a VAT identifier (BR-G-02, BR-AE-02).
        return _at(rates.get(country, rates.get(home)))
    if country not in UNION:
        return Treatment(EXPORT, Decimal(0))
    if tax_id and tax_id_state != "invalid":
        return Treatment(REVERSE_CHARGE, Decimal(0))
    return _at(rates.get(country, rates.get(home)))


def _at(rate: Decimal | None) -> Treatment:
    return Treatment(STANDARD, rate) if rate else Treatment(EXEMPT, Decimal(0))
