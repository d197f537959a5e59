"""What the page of an invoice says, in the document's language, as values for invoice.typ."""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from forecourt.billing import addresses
from forecourt.billing.documents import words
from forecourt.billing.documents.document import CORRECTED, CREDIT_NOTE, Document, Line, Party
from forecourt.billing.documents.text import breakable
from forecourt.core.brand import brand

#: Texts longer than this may be divided among pages.
LONG = 400


def page(document: Document) -> dict[str, Any]:
    """Everything that is printed; texts are plain, amounts and days are written out."""
    with translation.override(document.language):
        values = {
            "language": document.language.partition("-")[0],
            "day": [document.issued_on.year, document.issued_on.month, document.issued_on.day],
            "vendor": brand().name,
            "title": _title(document),
            "number": document.number,
            "summary": _summary(document),
            "seller": document.seller.name,
            "sender": " · ".join([document.seller.name, *_place(document.seller)]),
            "address": _address(document.buyer, document.seller),
            "facts": _facts(document),
            "columns": [_("Description"), _("Quantity"), _("Unit price"), _("VAT"), _("Amount")],
            "lines": [_line(line, document) for line in document.lines],
            "totals": _totals(document),
            "due": [_due(document), _amount(document.payable, document)],
            "notes": [*filter(None, (tax.reason for tax in document.taxes)), *document.notes],
            "payment": _payment(document),
            "footer": _footer(document.seller),
            "pages": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "attachment": _("The same invoice for programs"),
        }
    return dict(_fit(values))


def _fit(value: Any) -> Any:
    """The same values with every text in them plain."""
    if isinstance(value, dict):
        return {name: _fit(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return breakable(value) if isinstance(value, str) else value


def _title(document: Document) -> str:
    return {CREDIT_NOTE: _("Credit note"), CORRECTED: _("Corrected invoice")}.get(
        document.kind, _("Invoice")
    )


def _summary(document: Document) -> str:
    amount = _amount(document.payable, document)
    if document.kind == CREDIT_NOTE:
        return _("%(amount)s credited to you") % {"amount": amount}
    if document.payable <= 0:
        return _("Nothing is left to pay")
    if document.due_on:
        values = {"amount": amount, "day": _day(document.due_on, document)}
        return _("%(amount)s, due on %(day)s") % values
    return _("%(amount)s, payable on receipt") % {"amount": amount}


def _due(document: Document) -> str:
    return _("Amount credited") if document.kind == CREDIT_NOTE else _("Amount due")


def _facts(document: Document) -> list[list[str]]:
    """The names and values beside the address, those that there are."""
    preceding = ""
    if document.preceding:
        former, issued_on = document.preceding
        values = {"number": former, "day": _day(issued_on, document)}
        preceding = _("%(number)s of %(day)s") % values
    follows = _("Credits") if document.kind == CREDIT_NOTE else _("Corrects")
    due = document.due_on if document.payable > 0 else None
    facts = [
        [_("Number"), document.number],
        [_("Date"), _day(document.issued_on, document)],
        [_("Due"), _day(due, document) if due else ""],
        [_("Period"), _period(*document.period, document)],
        [follows, preceding],
        [_("PO number"), document.po_number],
        [_("Your reference"), document.buyer_reference],
        [_("Customer number"), document.customer_number],
        [_("Your VAT ID"), document.buyer.tax_id],
    ]
    return [[name, value] for name, value in facts if value]


def _line(line: Line, document: Document) -> dict[str, Any]:
    """One line; it has its period where that is not the whole document's, told beside the address."""
    locale = _locale(document)
    own = line.starts_on, line.ends_on
    return {
        "text": line.text,
        "long": len(line.text) > LONG,
        "period": "" if own == document.period else _period(*own, document),
        "cells": [
            words.number(line.quantity, locale),
            words.price(line.unit_price, document.currency, locale),
            words.percent(line.tax_rate, locale),
            _amount(line.net, document),
        ],
    }


def _totals(document: Document) -> list[list[str]]:
    """What leads to the amount due: the net total, the tax of each rate, and what came off."""
    totals = [[_("Net total"), _amount(document.net, document)]]
    for tax in document.taxes:
        values = {
            "rate": words.percent(tax.rate, _locale(document)),
            "net": _amount(tax.taxable, document),
        }
        totals.append([_("VAT %(rate)s on %(net)s") % values, _amount(tax.tax, document)])
    if document.rounding or document.paid:
        totals.append([_("Total"), _amount(document.gross, document)])
    if document.rounding:
        totals.append([_("Rounding"), _amount(document.rounding, document)])
    if document.paid:
        totals.append([_("Already paid"), _amount(-document.paid, document)])
    return totals


def _payment(document: Document) -> dict[str, Any] | None:
    """The bank's data, where something is to be transferred."""
    account = document.account
    if not account or document.payable <= 0 or document.kind == CREDIT_NOTE:
        return None
    iban = account.iban.replace(" ", "")
    facts = [
        [_("Amount"), _amount(document.payable, document)],
        [_("Account holder"), account.holder],
        ["IBAN", " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))],
        ["BIC", account.bic],
        [_("Bank"), account.bank],
        [_("Reference"), document.reference or document.number],
    ]
    return {
        "title": _("How to pay"),
        "facts": [[name, value] for name, value in facts if value],
        "scan": _("Scan to pay"),
    }


def _footer(seller: Party) -> list[list[str]]:
    ids = [
        (_("VAT ID %(id)s"), seller.tax_id),
        (_("Tax number %(id)s"), seller.tax_number),
    ]
    return [
        [seller.name, *_place(seller)],
        [*filter(None, (seller.email, seller.registration))],
        [name % {"id": value} for name, value in ids if value],
    ]


def _place(party: Party) -> list[str]:
    place = [*party.street.splitlines(), f"{party.postal_code} {party.city}"]
    return [line.strip() for line in place if line.strip()]


def _address(buyer: Party, seller: Party) -> list[str]:
    """The buyer's address as its country writes it; the country itself where it is another one."""
    return [buyer.name, *addresses.lines(buyer, home=seller.country)]


def _amount(minor: int, document: Document) -> str:
    return words.said(minor, document.currency, _locale(document))


def _locale(document: Document) -> str:
    return document.language.replace("-", "_")


def _day(value: dt.date, document: Document) -> str:
    return words.day(value, _locale(document))


def _period(first: dt.date | None, last: dt.date | None, document: Document) -> str:
    if first and last:
        values = {"first": _day(first, document), "last": _day(last, document)}
        return _("%(first)s – %(last)s") % values
    return _day(first or last, document) if first or last else ""  # type: ignore[arg-type]
