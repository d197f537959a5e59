"""Invoices of another system before they are rows: looked at, whether what they say adds up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import amounts
from forecourt.billing.importing.amounts import check_currency, minor
from forecourt.billing.models import Invoice, InvoiceLine, Payment, Provider
from forecourt.billing.tax import EXEMPT, EXPORT, REVERSE_CHARGE, STANDARD
from forecourt.core import money
from forecourt.core.refusals import Refused

Status = Invoice.Status
#: What stands in links, file names and on bank transfers.
_NUMBER = re.compile(r"[\w./#-]+( [\w./#-]+)*", re.ASCII)
#: Categories without tax. "Z" is a rate of 0.
FREE = (REVERSE_CHARGE, EXPORT, EXEMPT, "Z")
#: Taken back or given up: whatever was paid.
CLOSED = (Status.VOID, Status.UNCOLLECTIBLE)


@dataclass
class Sheet:
    """An invoice with its lines, and the payments that came for it, none of them saved. What it
    points to is filled in by whoever writes it."""

    row: Invoice
    lines: list[InvoiceLine]
    #: As they were said; None where they were not.
    status: str | None = None
    paid: int | None = None
    payments: list[Payment] = field(default_factory=list)
    #: Of an invoice of Stripe's.
    dispute: str = ""
    failures: int = 0
    #: Who issued it, where that is said; else who does now.
    seller: dict[str, str] | None = None

    @property
    def is_ours(self) -> bool:
        return self.row.provider == Provider.INVOICE

    def says(self) -> tuple[Any, ...]:
        """What never changes of it."""
        return _says(self.row, self.lines)


def _says(row: Invoice, lines: Iterable[InvoiceLine]) -> tuple[Any, ...]:
    names = "kind provider external_id issued_on due_on currency net tax rounding total note"
    inside = [(x.text, x.quantity, x.net, x.tax_category, x.tax_rate) for x in lines]
    return (*(getattr(row, name) for name in names.split()), inside)


def said_by(invoice: Invoice) -> tuple[Any, ...]:
    """The same of an invoice that is there."""
    return _says(invoice, invoice.lines.order_by("pk"))


def sheet_of(values: dict[str, Any], lines: list[InvoiceLine]) -> Sheet:
    """The invoice that this says, with its lines; raises Refused."""
    _check_kind(values)
    currency = values["currency"]
    check_currency(currency)
    sums = {name: minor(values.get(name), currency, name) for name in ("net", "tax", "rounding")}
    names = ("number", "kind", "provider", "external_id", "note")
    row = Invoice(
        **{name: values[name] for name in names if values.get(name)},
        period_start=values.get("period_start"),
        period_end=values.get("period_end"),
        issued_on=values["issued"],
        due_on=values.get("due"),
        currency=currency,
        **sums,
        gross=sums["net"] + sums["tax"],
        total=minor(values["total"], currency, "total"),
        paid_on=values.get("paid_on"),
    )
    if values.get("created"):
        row.created_at = values["created"]
    _check_days(row)
    sheet = Sheet(row, lines, values.get("status") or None)
    if values.get("paid") is not None:
        sheet.paid = minor(values["paid"], currency, "paid")
    sheet.dispute, sheet.failures = values.get("dispute") or "", values.get("failures") or 0
    _check_sums(sheet)
    return sheet


def _check_kind(values: dict[str, Any]) -> None:
    is_credit = values.get("kind") == Invoice.Kind.CREDIT_NOTE
    if not _NUMBER.fullmatch(values["number"]):
        raise Refused(_("Letters, digits, and - . / # _ alone."), field="number")
    if is_credit and not values.get("credits"):
        raise Refused(_("Say which invoice it credits."), field="credits")
    if not is_credit and values.get("credits"):
        raise Refused(_("Only a credit note credits an invoice."), field="credits")
    status = values.get("status") or (Status.ISSUED if is_credit else Status.OPEN)
    if (status == Status.ISSUED) != is_credit:
        raise Refused(_("Credit notes are “issued”, and nothing else is."), field="status")
    is_stripes = values.get("provider") == Provider.STRIPE
    if not is_stripes and (values.get("external_id") or values.get("dispute")):
        raise Refused(_("Only a provider has its own name for it."), field="external_id")
    if is_stripes and not values.get("external_id"):
        raise Refused(_("Say what Stripe calls it."), field="external_id")


def _check_days(row: Invoice) -> None:
    if row.due_on and row.due_on < row.issued_on:
        raise Refused(_("It cannot be due before it is issued."), field="due")
    if (row.period_start is None) != (row.period_end is None):
        raise Refused(_("A period has a beginning and an end."), field="period_end")
    if row.period_start and row.period_end and row.period_end <= row.period_start:
        raise Refused(_("A period ends after it begins."), field="period_end")


def line_of(values: dict[str, Any], currency: str, *, is_ours: bool) -> InvoiceLine:
    """A line of an invoice; raises Refused. (What Stripe says of its own is not multiplied again.)"""
    net, rate = minor(values["net"], currency, "net"), values.get("tax_rate") or Decimal(0)
    category = values.get("tax_category") or (STANDARD if rate else EXEMPT)
    quantity, price = values.get("quantity") or 1, values.get("unit_price")
    each = Decimal(net) / quantity
    if price is not None:
        each = price.scaleb(money.exponent(currency))
    line = InvoiceLine(
        text=values["text"],
        quantity=quantity,
        unit_amount=each.quantize(amounts.PRICE_PLACES, ROUND_HALF_UP),
        net=net,
        tax_category=category,
        tax_rate=rate,
        starts_on=values.get("starts"),
        ends_on=values.get("ends"),
    )
    _check_line(line)
    if is_ours and abs(quantity * line.unit_amount - net) > money.step(currency):
        listed = f"{quantity} × {money.decimal(1, currency) * line.unit_amount.normalize():f}"
        said = {"listed": listed, "net": f"{money.decimal(net, currency):f}"}
        raise Refused(_("%(listed)s is not %(net)s.") % said, field="unit_price")
    return line


def _check_line(line: InvoiceLine) -> None:
    rate = line.tax_rate
    if rate != round(rate, 2) or not 0 <= rate < 100:
        raise Refused(_("A rate is percent with two decimals at most."), field="tax_rate")
    if line.tax_category not in (STANDARD, *FREE) or (line.tax_category == STANDARD) != (rate > 0):
        raise Refused(
            _("S with a rate, or one of these without: %s.") % ", ".join(FREE),
            field="tax_category",
        )
    if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
        raise Refused(_("A period ends after it begins."), field="ends")


def _check_sums(sheet: Sheet) -> None:
    """Whether the lines add up to the invoice, with the tax as the paper will show it: once for each
    rate, of the sum of its lines. (What Stripe issued has a paper of Stripe's.)"""
    row, step = sheet.row, money.step(sheet.row.currency)
    if row.total != row.gross + row.rounding or row.total < 0:
        raise _unequal("total", _("net, tax and rounding"), row.gross + row.rounding, row)
    if not -32_768 <= row.rounding <= 32_767:
        raise Refused(_("That is too much."), field="rounding")
    if not sheet.is_ours:
        return
    if not sheet.lines:
        raise Refused(_("There is no line of it in invoice_lines.csv."))
    if (net := sum(line.net for line in sheet.lines)) != row.net:
        raise _unequal("net", _("its lines"), net, row)
    nets: dict[tuple[str, Decimal], int] = {}
    for line in sheet.lines:
        kind = (line.tax_category, line.tax_rate)
        nets[kind] = nets.get(kind, 0) + line.net
    tax = sum(amounts.tax_of(net, rate, step) for (_category, rate), net in nets.items())
    if tax != row.tax:
        said = {"said": _said(row.tax, row), "found": _said(tax, row)}
        raise Refused(
            _("It says %(said)s, but the tax on its lines is %(found)s. The rest can be rounding.")
            % said,
            field="tax",
        )


def _unequal(name: str, what: Any, found: int, row: Invoice) -> Refused:
    sentence = _("It says %(said)s, but %(what)s come to %(found)s.") % {
        "said": _said(getattr(row, name), row),
        "what": what,
        "found": _said(found, row),
    }
    return Refused(sentence, field=name)


def _said(amount: int, row: Invoice) -> str:
    return f"{money.decimal(amount, row.currency):f}"


def settle(sheet: Sheet, credited: int) -> None:
    """Set what became of an invoice, by what was paid and credited (minor units), and by what is
    said; raises Refused where that is something else."""
    row = sheet.row
    if row.is_credit_note:
        row.status = Status.ISSUED
        return
    if credited > row.total:
        raise Refused(_("More is credited than it is about."), field="total")
    row.credited = credited
    _set_paid(sheet)
    row.status = sheet.status or Status.OPEN
    if sheet.is_ours and sheet.status not in CLOSED:
        row.status = _standing(row)
        if sheet.status not in (None, row.status):
            words = {"said": sheet.status, "so": row.status}
            sentence = _("By what was paid and credited it is “%(so)s”, not “%(said)s”.") % words
            raise Refused(sentence, field="status")


def _set_paid(sheet: Sheet) -> None:
    """What came by payments; where none is told of, what is said."""
    row = sheet.row
    row.paid = max(0, sum(payment.amount for payment in sheet.payments))
    if sheet.payments and sheet.is_ours:
        row.paid_on = row.paid_on or max(payment.received_on for payment in sheet.payments)
    elif not sheet.payments and sheet.paid is not None:
        row.paid = max(0, sheet.paid)
    elif not sheet.payments and sheet.status == Status.PAID:
        row.paid, row.paid_on = row.total - row.credited, row.paid_on or row.issued_on
    if sheet.paid not in (None, row.paid):
        words = {"said": _said(sheet.paid or 0, row), "found": _said(row.paid, row)}
        sentence = _("It says %(said)s, but %(found)s came by payments.csv.") % words
        raise Refused(sentence, field="paid")


def _standing(row: Invoice) -> str:
    """As `issuing.settle` has it."""
    if row.credited >= row.total and row.total:
        return Status.CREDITED
    return Status.PAID if row.paid + row.credited >= row.total else Status.OPEN
