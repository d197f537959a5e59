"""What is wrong with the invoices of a customer, and with what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from forecourt.billing import importing
from forecourt.billing.models import Invoice, Payment, Provider
from forecourt.console.transfer.lines import Line
from forecourt.core.refusals import Refused

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Customer


def check(
    customer: Customer,
    there: dict[str, Invoice],
    sellers: dict[str, dict[str, str]],
    terms: dict[str, importing.Terms],
) -> None:
    """Say it in the lines. `there`: invoices of the portal, by number."""
    theirs = {number: row for number, row in there.items() if row.organization_id == customer.pk}
    news = [line for line in customer.lines["invoices"] if not customer.is_known(line)]
    details = customer.names("billing_details", "former_details")
    subscriptions = customer.names("subscriptions")
    for line in news:
        if not line.problem:
            with line.judged():
                _make(line)
                _check_subscription(line, subscriptions, terms)
                _check_refs(line, details, sellers)
    _check_credits(news, theirs)
    came = _payments(customer, theirs)
    for line in news:
        if line.made:
            line.made.payments = came.get(line.ref, [])
    _settle(customer, [line for line in news if line.ref not in theirs])
    _leave_out(customer, {line.ref for line in news if line.problem and line.ref not in theirs})
    known = customer.names("invoices") | {*theirs}
    for line in customer.lines["invoice_revisions"]:
        if not line.problem:
            with line.judged():
                _check_revision(line, known, details)


def _make(line: Line) -> None:
    """What the line and its parts say, as an invoice."""
    currency = line.values["currency"]
    importing.check_currency(currency)
    is_ours = line.values.get("provider") != Provider.STRIPE
    for part in line.parts:
        if not part.problem:
            with part.judged():
                part.made = importing.line_of(part.values, currency, is_ours=is_ours)
    if any(part.problem for part in line.parts):
        raise Refused(_("A line of it is wrong."))
    line.made = importing.sheet_of(line.values, [part.made for part in line.parts])


def _check_subscription(
    line: Line, subscriptions: set[str], terms: dict[str, importing.Terms]
) -> None:
    name, row = line.values.get("subscription"), line.made.row
    if not name:
        return
    if name not in subscriptions:
        raise Refused(_("There is none with this ref."), field="subscription")
    its = terms.get(name)
    if its is None or not (its.is_running and its.is_ours and row.period_start):
        return
    if row.period_start >= its.columns["period_end"]:
        raise Refused(
            _("Its subscription has not come to this period, and would be invoiced again."),
            field="period_start",
        )


def _check_refs(line: Line, details: set[str], sellers: dict[str, dict[str, str]]) -> None:
    """Whether the papers that an invoice names are there; its seller's is found by it."""
    name, seller = line.values.get("details"), line.values.get("seller")
    if name and name not in details:
        raise Refused(_("There is none with this ref."), field="details")
    if seller and seller not in sellers:
        raise Refused(_("There is none with this ref."), field="seller")
    if not seller and not settings.SELLER["name"]:
        raise Refused(_("Set SELLER first: an invoice has to say who issues it."))
    line.made.seller = sellers.get(seller or "")


def _check_credits(news: list[Line], theirs: dict[str, Invoice]) -> None:
    """Whether each credit note takes back an invoice that can be."""
    rows = {line.ref: line.made.row for line in news if line.made and not line.problem} | theirs
    for line in news:
        number = line.values.get("credits")
        if line.problem or not number:
            continue
        with line.judged():
            invoice = rows.get(number)
            if invoice is None or invoice.is_credit_note:
                raise Refused(_("There is no invoice “%s”.") % number, field="credits")
            if invoice.currency != line.made.row.currency:
                raise Refused(_("The invoice has another currency."), field="currency")
            if line.made.row.issued_on < invoice.issued_on:
                raise Refused(_("A credit note comes after its invoice."), field="issued")


def _payments(customer: Customer, theirs: dict[str, Invoice]) -> dict[str, list[Payment]]:
    """What came, by the invoice's number."""
    currencies = {number: row.currency for number, row in theirs.items()}
    wrong = {line.ref for line in customer.lines["invoices"] if line.problem} - {*theirs}
    for line in customer.lines["invoices"]:
        if not line.problem:
            currencies[line.ref] = str(line.values["currency"])
    found: dict[str, list[Payment]] = {}
    for line in customer.lines["payments"]:
        number = line.values.get("invoice", "")
        if line.problem or number in wrong:
            continue
        with line.judged():
            if number not in currencies:
                raise Refused(_("There is no invoice “%s”.") % number, field="invoice")
            line.made = importing.payment_of(line.values, currencies[number])
            found.setdefault(number, []).append(line.made)
    return found


def _settle(customer: Customer, news: list[Line]) -> None:
    """What became of each invoice that is new, by what came and was credited."""
    credited: dict[str, int] = {}
    for line in customer.lines["invoices"]:
        if line.made and not line.problem and line.values.get("credits"):
            number = line.values["credits"]
            credited[number] = credited.get(number, 0) + line.made.row.total
    for line in news:
        if not line.problem:
            with line.judged():
                importing.settle(line.made, credited.get(line.ref, 0))


def _leave_out(customer: Customer, numbers: set[str]) -> None:
    """With an invoice also what belongs to it."""
    numbers = numbers - {""}  # of a line whose number cannot be read
    said = _("Its invoice is left out, and so is this.")
    for line in customer.lines["invoices"]:
        if line.values.get("credits") in numbers:
            line.problem = line.problem or said
            numbers = numbers | {line.ref}
    for table in ("invoice_lines", "invoice_revisions", "payments"):
        for line in customer.lines[table]:
            if line.values.get("invoice") in numbers:
                line.problem = line.problem or said


def _check_revision(line: Line, known: set[str], details: set[str]) -> None:
    number = line.values["invoice"]
    if number not in known:
        raise Refused(_("There is no invoice “%s”.") % number, field="invoice")
    if line.values["details"] not in details:
        raise Refused(_("There is none with this ref."), field="details")
