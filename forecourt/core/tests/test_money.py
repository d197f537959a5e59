"""Amounts as people and programs read them: the currency's own decimals. A213."""

import pytest

from forecourt.core import money

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("minor", "currency", "said", "printed"),
    [
        (1999, "EUR", "€19.99", "19.99"),
        (1999, "JPY", "¥1,999", "1999"),
        (5, "ISK", f"ISK{SPACE}5", "5"),
        (1500, "UGX", f"UGX{SPACE}1,500", "1500"),
        (500000, "HUF", f"HUF{SPACE}5,000.00", "5000.00"),
        (19990, "KWD", f"KWD{SPACE}19.990", "19.99"),
        (-1999, "USD", "-$19.99", "-19.99"),
        (0, "TWD", "NT$0.00", "0.00"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(minor, currency, said, printed):
    assert money.said(minor, currency) == said
    assert money.printed(minor, currency) == printed


def test_a_currency_is_one_of_iso_4217_in_capitals():
    assert [money.is_currency(code) for code in ("EUR", "KRW", "BHD")] == [True] * 3
    assert not any(money.is_currency(code) for code in ("eur", "EURO", "XQQ", "", "€"))
    assert (money.step("KWD"), money.step("JPY"), money.step("EUR")) == (10, 1, 1)
