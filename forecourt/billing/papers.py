"""Invoices as papers: what the rows say, as plain values that PDF and XML are made of.

Rows never change, so a paper can be made again whenever somebody asks for it (decision 0023).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from forecourt.billing import amounts
from forecourt.billing.documents import document as paper
from forecourt.billing.models import (
    BillingDetails,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Provider,
)
from forecourt.billing.stripe import papers as stripes
from forecourt.billing.tax import REASONS
from forecourt.core import money, scope


def number_of(invoice: Invoice, revision: InvoiceRevision | None = None) -> str:
    """A paper's number: the invoice's, with the revision's behind it."""
    return f"{invoice.number}-{revision.revision}" if revision else invoice.number


def document(invoice: Invoice, revision: InvoiceRevision | None = None) -> paper.Document:
    """The paper of an invoice or credit note, or of its corrected copy."""
    buyer = revision.buyer if revision else invoice.buyer
    with override(buyer.language):
        return _document(invoice, revision, buyer)


def _document(
    invoice: Invoice, revision: InvoiceRevision | None, buyer: BillingDetails
) -> paper.Document:
    lines = list(invoice.lines.order_by("pk"))
    seller = invoice.seller.content
    kind = paper.CREDIT_NOTE if invoice.is_credit_note else paper.INVOICE
    return paper.Document(
        kind=paper.CORRECTED if revision else kind,
        number=number_of(invoice, revision),
        issued_on=revision.issued_on if revision else invoice.issued_on,
        currency=invoice.currency,
        language=buyer.language,
        seller=_party(seller),
        buyer=_party(vars(buyer) | {"name": buyer.company}),
        lines=tuple(_line(line, invoice.currency) for line in lines),
        taxes=tuple(_taxes(lines, invoice)),
        net=invoice.net,
        tax=invoice.tax,
        gross=invoice.gross,
        rounding=invoice.rounding,
        payable=invoice.total,
        due_on=invoice.due_on,
        po_number=buyer.po_number,
        buyer_reference=buyer.buyer_reference,
        customer_number=str(invoice.organization_id),
        preceding=_preceding(invoice, revision),
        account=_account(seller) if kind == paper.INVOICE else None,
        reference=invoice.number,
        notes=(invoice.note,) if invoice.note else (),
    )


def _party(said: dict[str, Any]) -> paper.Party:
    fields = paper.Party.__dataclass_fields__
    return paper.Party(**{name: said.get(name, "") for name in fields})


def _account(seller: dict[str, str]) -> paper.Account | None:
    if not seller["iban"]:
        return None
    return paper.Account(seller["name"], seller["iban"], seller["bic"], seller["bank"])


def _line(line: InvoiceLine, currency: str) -> paper.Line:
    return paper.Line(
        text=line.text,
        quantity=line.quantity,
        unit_price=line.unit_amount.scaleb(-money.exponent(currency)),
        net=line.net,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
    )


def _taxes(lines: list[InvoiceLine], invoice: Invoice) -> list[paper.Tax]:
    """The breakdown: one part for each category and rate."""
    step, sums = money.step(invoice.currency), dict[tuple[str, Decimal], int]()
    for line in lines:
        kind = (line.tax_category, line.tax_rate)
        sums[kind] = sums.get(kind, 0) + line.net
    return [
        paper.Tax(category, rate, net, amounts.tax_of(net, rate, step), *_reason(category))
        for (category, rate), net in sorted(sums.items())
    ]


def _reason(category: str) -> tuple[str, str]:
    sentence, code = REASONS.get(category, ("", ""))
    return str(sentence), code


def _preceding(invoice: Invoice, revision: InvoiceRevision | None) -> tuple[str, Any] | None:
    if revision:
        return invoice.number, invoice.issued_on
    if invoice.credits:
        return invoice.credits.number, invoice.credits.issued_on
    return None


def read_file(invoice: Invoice, form: str) -> bytes | None:
    """The paper that is handed out, of an invoice that was found across organizations."""
    with transaction.atomic(), scope.organization(invoice.organization_id, to_the_end=True):
        rows = Invoice.objects.select_related("buyer", "seller", "credits")
        return file(rows.get(pk=invoice.pk), None, form)


def content(document: paper.Document, form: str) -> bytes:
    """A paper as the bytes of a file: "pdf" or "xml"."""
    from forecourt.billing.documents.pdf import pdf
    from forecourt.billing.documents.xml import xml

    return pdf(document) if form == "pdf" else xml(document)


def file(invoice: Invoice, revision: InvoiceRevision | None, form: str) -> bytes | None:
    """The paper that is handed out, "pdf" or "xml": of an invoice of Stripe's the PDF that Stripe
    made. None where there is none, or none yet."""
    if invoice.provider == Provider.STRIPE:
        return stripes.paper(invoice) if form == "pdf" else None
    return content(document(invoice, revision), form)


def file_name(invoice: Invoice, revision: InvoiceRevision | None, form: str) -> str:
    """What a paper's file is called: "Invoice LT-2026-00417.pdf". (Another system's numbers may have
    what separates folders.)"""
    word = _("Credit note") if invoice.is_credit_note else _("Invoice")
    return f"{word} {number_of(invoice, revision).replace('/', '-')}.{form}"
