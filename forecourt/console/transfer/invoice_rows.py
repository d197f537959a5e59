"""Reading the invoices of an organization again, with all that came of them."""

from __future__ import annotations

from forecourt.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Payment,
    Seller,
    StripeInvoice,
)
from forecourt.billing.seller import KEYS
from forecourt.console.transfer.billing_details import ref_of
from forecourt.console.transfer.rows import Refs, Row
from forecourt.core import scope
from forecourt.core.money import decimal

#: Of an invoice, by the names of the columns: what is money.
AMOUNTS = ("net", "tax", "rounding", "total", "paid")


def sellers() -> list[Row]:
    """What the vendor was on paper, as far as there is an invoice that says so."""
    with scope.across_organizations("whose names stand on invoices"):
        used = set(Invoice.objects.values_list("seller_id", flat=True).distinct())
    rows = Seller.objects.filter(pk__in=used).order_by("pk")
    return [{"ref": row.mark, **{name: row.content.get(name, "") for name in KEYS}} for row in rows]


def rows(pk: int, refs: Refs) -> dict[str, list[Row]]:
    """Invoices in the order of their days, and what belongs to them."""
    found = Invoice.objects.select_related("credits", "seller").filter(organization_id=pk)
    invoices = sorted(found, key=lambda row: (row.issued_on, row.is_credit_note, row.pk))
    numbers = {row.pk: row for row in invoices}
    stripes = {
        row.pk: row for row in StripeInvoice.objects.filter(organization_id=pk).defer("paper")
    }
    mine = {"organization_id": pk}
    order = {row.pk: place for place, row in enumerate(invoices)}
    lines = sorted(
        InvoiceLine.objects.filter(**mine), key=lambda row: (order[row.invoice_id], row.pk)
    )
    copies = InvoiceRevision.objects.filter(**mine).order_by("pk")
    return {
        "invoices": [_invoice(row, stripes.get(row.pk), refs) for row in invoices],
        "invoice_lines": [_line(row, numbers[row.invoice_id]) for row in lines],
        "invoice_revisions": [_revision(row, numbers[row.invoice_id], refs) for row in copies],
        "payments": [
            _payment(row, numbers[row.invoice_id], refs)
            for row in Payment.objects.filter(**mine).order_by("pk")
        ],
    }


def _invoice(row: Invoice, beside: StripeInvoice | None, refs: Refs) -> Row:
    name = refs.of("subscriptions", row.subscription_id) if row.subscription_id else ""
    return {
        "number": row.number,
        "kind": row.kind,
        "credits": row.credits.number if row.credits else "",
        "subscription": name,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "details": ref_of(refs, row.buyer_id),
        "seller": row.seller.mark,
        "issued": row.issued_on,
        "due": row.due_on,
        "currency": row.currency,
        **{name: decimal(getattr(row, name), row.currency) for name in AMOUNTS},
        "note": row.note,
        "status": row.status,
        "paid_on": row.paid_on,
        "provider": row.provider,
        "external_id": row.external_id,
        "dispute": beside.dispute if beside else "",
        "failures": beside.failures_told if beside else None,
        "created": row.created_at,
    }


def _line(row: InvoiceLine, invoice: Invoice) -> Row:
    currency = invoice.currency
    return {
        "invoice": invoice.number,
        "text": row.text,
        "quantity": row.quantity,
        "unit_price": (row.unit_amount * decimal(1, currency)).normalize(),
        "net": decimal(row.net, currency),
        "tax_category": row.tax_category,
        "tax_rate": row.tax_rate,
        "starts": row.starts_on,
        "ends": row.ends_on,
    }


def _revision(row: InvoiceRevision, invoice: Invoice, refs: Refs) -> Row:
    return {
        "invoice": invoice.number,
        "revision": row.revision,
        "details": ref_of(refs, row.buyer_id),
        "issued": row.issued_on,
        "created": row.created_at,
    }


def _payment(row: Payment, invoice: Invoice, refs: Refs) -> Row:
    return {
        "ref": refs.of("payments", row.pk),
        "invoice": invoice.number,
        "amount": decimal(row.amount, invoice.currency),
        "received": row.received_on,
        "method": row.method,
        "reference": row.reference,
        "external_id": row.external_id,
        "created": row.created_at,
    }
