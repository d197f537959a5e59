"""Which tax an invoice bears: a table of where the seller and the customer are."""

from decimal import Decimal

import pytest

from forecourt.billing import tax

NOT_IN_IT = ("GB", "CH", "US", "NO", "XI", "EL")

#: The seller's country and tax id; the customer's, and what is known of it; category and rate.
TABLE = [
    # At home, with or without a tax id.
    ("DE", "DE999999995", "DE", "", "unknown", "S", "19"),
    ("DE", "DE999999995", "DE", "DE136695976", "valid", "S", "19"),
    ("DE", "", "DE", "", "unknown", "S", "19"),
    # No country is told yet: as at home.
    ("DE", "DE999999995", "", "", "unknown", "S", "19"),
    # Elsewhere in the Union: the customer owes it, unless their tax id is known to be wrong.
    ("DE", "DE999999995", "FR", "FR40303265045", "valid", "AE", "0"),
    ("DE", "DE999999995", "FR", "FR40303265045", "unknown", "AE", "0"),
    ("DE", "DE999999995", "FR", "FR40303265045", "invalid", "S", "20"),
    ("DE", "DE999999995", "GR", "EL094259216", "valid", "AE", "0"),
    # A consumer there: that country's rate, else the rate of home.
    ("DE", "DE999999995", "FR", "", "unknown", "S", "20"),
    ("DE", "DE999999995", "AT", "", "unknown", "S", "19"),
    # Outside of the Union.
    *(("DE", "DE999999995", country, "", "unknown", "G", "0") for country in NOT_IN_IT),
    ("DE", "DE999999995", "CH", "CHE-116.281.710", "valid", "G", "0"),
    # A seller without a tax id can say neither.
    ("DE", "", "FR", "FR40303265045", "valid", "S", "20"),
    ("DE", "", "AT", "", "unknown", "S", "19"),
    ("DE", "", "US", "", "unknown", "S", "19"),
    # Home has no rate: a small business, say.
    ("BE", "BE0428759497", "BE", "", "unknown", "E", "0"),
    ("BE", "BE0428759497", "NL", "", "unknown", "E", "0"),
    ("BE", "BE0428759497", "NL", "NL123456782B90", "valid", "AE", "0"),
    # A seller outside of the Union: a rate or none, for each country.
    ("CH", "CHE116281710", "CH", "", "unknown", "S", "8.1"),
    ("CH", "CHE116281710", "FR", "FR40303265045", "valid", "S", "20"),
    ("CH", "CHE116281710", "US", "", "unknown", "E", "0"),
    ("US", "12-3456789", "US", "", "unknown", "E", "0"),
]


@pytest.mark.parametrize(("home", "own", "country", "tax_id", "state", "category", "rate"), TABLE)
def test_the_tax_is(settings, home, own, country, tax_id, state, category, rate):
    settings.SELLER = {**settings.SELLER, "country": home, "tax_id": own}
    settings.TAX_RATES = {"DE": Decimal(19), "FR": Decimal(20), "CH": Decimal("8.1")}
    found = tax.treatment(country, tax_id, state)
    assert (found.category, found.rate) == (category, Decimal(rate))


def test_a_rate_of_nothing_is_no_tax(settings):
    """S with 0 percent would break BR-S-05."""
    settings.TAX_RATES = {"DE": Decimal(0)}
    assert tax.treatment("DE", "", "unknown").category == "E"


def test_what_bears_no_tax_says_why():
    for category in (tax.REVERSE_CHARGE, tax.EXPORT, tax.EXEMPT):
        assert str(tax.REASONS[category][0]).endswith(".")
    assert len(tax.UNION) == 27 and not {*NOT_IN_IT} & tax.UNION
