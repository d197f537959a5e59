"""Sample invoices: what a vendor in Berlin sends to whom."""

import dataclasses
import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from forecourt.billing.documents.document import (
    CORRECTED,
    CREDIT_NOTE,
    INVOICE,
    Account,
    Document,
    Line,
    Party,
    Tax,
)
from forecourt.core import money

SELLER = Party(
    name="Lattice Tools GmbH",
    street="Torstraße 20",
    postal_code="10119",
    city="Berlin",
    country="DE",
    tax_id="DE129273398",
    tax_number="37/123/45678",
    registration="HRB 12345 B",
    email="billing@lattice.example",
)
ACME = Party(
    name="Acme GmbH",
    street="Hauptstraße 5\n3. Etage",
    postal_code="80331",
    city="München",
    country="DE",
    tax_id="DE136695976",
    email="invoices@acme.example",
)
VIENNA = Party(
    name="Donau Systeme AG",
    street="Praterstraße 1",
    postal_code="1020",
    city="Wien",
    country="AT",
    tax_id="ATU13585627",
)
OSAKA = Party(
    name="Osaka Seiki",
    street="1-2-3 Umeda",
    postal_code="530-0001",
    city="Osaka",
    region="Osaka",
    country="JP",
)
KUWAIT = Party(name="Gulf Data", street="Block 3", city="Kuwait City", country="KW")
ACCOUNT = Account("Lattice Tools GmbH", "DE89370400440532013000", "COBADEFFXXX", "Commerzbank")
REASONS = {
    "S": ("", ""),
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "G": ("Export outside of the EU", "VATEX-EU-G"),
    "E": ("Small business, § 19 UStG", ""),
}
DAY = dt.date(2026, 11, 25)
HOSTILE = (
    "<b>&amp;]]></b><!-- #panic() $x$ *bold* @ref `raw` \\u{41} \x00\x08\x1b\x9f\ufffe\ud800 "
    "\u202egnp.exe\u202c \u2066שלום\u2069 مرحبا 株式会社 👩‍👩‍👧🎉 {{ 7 * 7 }} {% raw %}"
)


def line(
    net, category="S", rate="19", *, quantity=5, text="Grid Server, Per admin, yearly", **more
):
    """A line by its net amount in the currency itself."""
    return {
        "text": text,
        "quantity": quantity,
        "net": Decimal(net),
        "tax_category": category,
        "tax_rate": Decimal(rate),
        "starts_on": dt.date(2026, 12, 1),
        "ends_on": dt.date(2027, 11, 30),
        **more,
    }


def document(*lines, currency="EUR", **changes):
    """A document whose sums are right, with these lines (none: one of 500.00)."""
    places = money.exponent(currency)
    made = []
    for values in lines or [line("500.00")]:
        price = values.get("unit_price", values["net"] / values["quantity"])
        net = int(values["net"].scaleb(places))
        made.append(Line(**{**values, "unit_price": price, "net": net}))
    taxes = _taxes(made, money.step(currency))
    net, tax = sum(line.net for line in made), sum(tax.tax for tax in taxes)
    values = {
        "kind": INVOICE,
        "number": "LT-2026-00417",
        "issued_on": DAY,
        "currency": currency,
        "language": "en",
        "seller": SELLER,
        "buyer": ACME,
        "due_on": DAY + dt.timedelta(days=14),
        "account": ACCOUNT,
        "reference": "LT-2026-00417",
        "customer_number": "K-1042",
        **changes,
    }
    payable = net + tax + values.get("rounding", 0) - values.get("paid", 0)
    return Document(
        lines=tuple(made), taxes=taxes, net=net, tax=tax, gross=net + tax, payable=payable, **values
    )


def _taxes(lines, step):
    taxable = {}
    for line in lines:
        key = line.tax_category, line.tax_rate
        taxable[key] = taxable.get(key, 0) + line.net
    return tuple(
        Tax(
            category,
            rate,
            net,
            int((net * rate / 100 / step).quantize(Decimal(1), ROUND_HALF_UP)) * step,
            *REASONS[category],
        )
        for (category, rate), net in taxable.items()
    )


def twelve(number=0, **changes):
    """An invoice of twelve lines; the number makes it one of many."""
    lines = [
        line(f"{100 + i + number % 89}.50", quantity=i + 1, text=f"Grid Server {i + 1}, yearly")
        for i in range(12)
    ]
    return document(*lines, number=f"LT-2026-{number:05}", po_number="PO-7781", **changes)


def hostile():
    """An invoice in which every text is one that wants to be something else."""
    long = HOSTILE + " wide" * 1000 + "w" * 5000
    party = dataclasses.replace(ACME, name=HOSTILE, street=HOSTILE + "\n" + HOSTILE, city=HOSTILE)
    return document(
        line("500.00", text=long),
        buyer=party,
        po_number=HOSTILE,
        buyer_reference=HOSTILE,
        notes=(HOSTILE,),
    )


REVERSE_CHARGE = document(
    line("500.00", "AE", "0"), buyer=VIENNA, notes=("Reverse charge: the recipient owes the VAT.",)
)
CREDIT = document(
    number="LT-2026-00418",
    kind=CREDIT_NOTE,
    preceding=("LT-2026-00417", DAY),
    due_on=None,
    account=None,
)
COPY = document(
    number="LT-2026-00417-2", kind=CORRECTED, preceding=("LT-2026-00417", DAY), po_number="PO-9"
)
YEN = document(line("50000", "G", "0"), currency="JPY", buyer=OSAKA)
DINAR = document(line("123.450", "G", "0"), currency="KWD", buyer=KUWAIT)

SAMPLES = {
    "standard": document(),
    "reverse charge": REVERSE_CHARGE,
    "export": document(line("500.00", "G", "0"), currency="USD", buyer=OSAKA),
    "exempt": document(
        line("500.00", "E", "0"), seller=dataclasses.replace(SELLER, tax_id="", registration="")
    ),
    "several rates": document(
        line("500.00"),
        line("80.00", rate="7", text="Handbook"),
        line("-33.33", quantity=-1, text="Seats given back", unit_price=Decimal("33.33")),
    ),
    "rounded and partly paid": document(line("499.99"), rounding=1, paid=10000),
    "paid": document(paid=59500, account=None, due_on=None),
    "on receipt": document(due_on=None, buyer_reference="04011000-12345-67"),
    "credit note": CREDIT,
    "corrected copy": COPY,
    "yen": YEN,
    "dinar": DINAR,
    "price with tax inside": document(
        line("252.10", quantity=3, unit_price=Decimal("84.0336134453781512605042"))
    ),
    "twelve lines": twelve(),
    "hostile": hostile(),
}
