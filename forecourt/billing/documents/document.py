"""What an invoice or credit note says, as plain values: what the PDF and the XML are made of."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

INVOICE, CREDIT_NOTE, CORRECTED = "invoice", "credit_note", "corrected"


@dataclass(frozen=True)
class Party:
    """The seller or the buyer. `street` may have several lines; `tax_id`: a VAT identifier with its
    country's prefix; `tax_number`: the seller's local one; `registration`: of its company."""

    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    tax_id: str = ""
    tax_number: str = ""
    registration: str = ""
    email: str = ""


@dataclass(frozen=True)
class Account:
    """Where to pay to."""

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True)
class Line:
    """One line. `unit_price` is net, in the currency itself, with as many decimals as it needs;
    `net` is minor units; `quantity` is negative where something is taken back. The period is its
    first and its last day."""

    text: str
    quantity: int
    unit_price: Decimal
    net: int
    tax_category: str
    tax_rate: Decimal
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class Tax:
    """The tax of one category and rate (percent): minor units. `reason` and `reason_code` (VATEX)
    where none is charged."""

    category: str
    rate: Decimal
    taxable: int
    tax: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Document:
    """An invoice, a credit note (its amounts are positive, as EN 16931 has them), or a corrected
    copy of an invoice. Amounts are minor units of `currency`: gross = net + tax, payable =
    gross + rounding - paid. `reference`: what the payer writes on the transfer."""

    kind: str
    number: str
    issued_on: dt.date
    currency: str
    language: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    net: int
    tax: int
    gross: int
    payable: int
    rounding: int = 0
    paid: int = 0
    due_on: dt.date | None = None
    po_number: str = ""
    buyer_reference: str = ""
    customer_number: str = ""
    #: The document that this one corrects or credits: its number and day.
    preceding: tuple[str, dt.date] | None = None
    account: Account | None = None
    reference: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def period(self) -> tuple[dt.date | None, dt.date | None]:
        """The first and the last day of all its lines."""
        starts = [line.starts_on for line in self.lines if line.starts_on]
        ends = [line.ends_on for line in self.lines if line.ends_on]
        return min(starts, default=None), max(ends, default=None)
