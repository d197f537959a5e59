"""Issuing an invoice or a credit note: plain functions for the actions, in their transaction and
behind the lock on the organization. (The clock issues by the thousand in SQL, by the same rules.)"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from forecourt.billing import amounts, periods
from forecourt.billing.accounts import present_seller, treatment_of
from forecourt.billing.amounts import Item, Sums
from forecourt.billing.events import Event
from forecourt.billing.models import (
    BillingAccount,
    Invoice,
    InvoiceLine,
    Numbering,
    Payment,
    Subscription,
)
from forecourt.billing.tax import Treatment
from forecourt.core import audit
from forecourt.core.jobs import later


def series(day: dt.date) -> str:
    """What the numbers of a year's invoices begin with."""
    return f"{settings.INVOICE_PREFIX}-{day.year}"


def next_number(day: dt.date) -> str:
    """The next number of that year. It is locked until the transaction ends, and given back where
    that is rolled back: so none is ever left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into billing_numbering as n (series, last) values (%s, 1)"
            " on conflict (series) do update set last = n.last + 1 returning last",
            [series(day)],
        )
        last = cursor.fetchone()[0]
    return str(Numbering(series=series(day), last=last))


def issue(
    actor: Any,
    account: BillingAccount,
    treatment: Treatment | Sequence[Treatment],
    items: Sequence[Item],
    sums: Sums,
    *,
    currency: str,
    kind: str = Invoice.Kind.INVOICE,
    **more: Any,
) -> Invoice:
    """An invoice over these lines, due in the organization's days, with its mail. What is 0 is paid
    already. `treatment`: one for all lines, or one for each. `more`: subscription, period_start,
    period_end, credits, note."""
    today, is_credit = periods.today(), kind == Invoice.Kind.CREDIT_NOTE
    status = Invoice.Status.OPEN if sums.total else Invoice.Status.PAID
    more.setdefault("buyer_id", account.details_id)
    invoice = Invoice.objects.create(
        organization_id=account.pk,
        number=next_number(today),
        kind=kind,
        seller=present_seller(),
        issued_on=today,
        due_on=None if is_credit else today + dt.timedelta(days=account.net_days),
        currency=currency,
        **sums.columns,
        status=Invoice.Status.ISSUED if is_credit else status,
        **more,
    )
    _add_lines(invoice, treatment, items)
    audit.record(actor, Event.INVOICE_ISSUED, invoice, after=said(invoice))
    later("billing.tell_invoice", organization_id=account.pk, invoice_id=invoice.pk)
    return invoice


def _add_lines(
    invoice: Invoice, treatment: Treatment | Sequence[Treatment], items: Sequence[Item]
) -> None:
    each = [treatment] * len(items) if isinstance(treatment, Treatment) else treatment
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            organization_id=invoice.organization_id,
            invoice=invoice,
            tax_category=tax.category,
            tax_rate=tax.rate,
            **vars(item),
        )
        for item, tax in zip(items, each, strict=True)
    )


def issue_for(
    actor: Any,
    account: BillingAccount,
    subscription: Subscription,
    *,
    quantity: int,
    listed: int,
    starts_on: dt.date,
    **more: Any,
) -> Invoice:
    """An invoice for seats of a subscription from a day to the end of its period, at `listed` minor
    units as the plan lists prices."""
    plan, tax = subscription.plan, treatment_of(account)
    item = amounts.line(
        plan,
        tax,
        quantity=quantity,
        listed=listed,
        text=f"{plan.product.name} · {plan.name}",
        starts_on=starts_on,
        ends_on=subscription.period_end - dt.timedelta(days=1),
    )
    inclusive = listed if plan.is_inclusive else None
    sums = amounts.totals([item], tax.rate, plan.step, listed=inclusive)
    more |= {"currency": plan.currency, "subscription": subscription}
    return issue(actor, account, tax, [item], sums, **more)


def said(invoice: Invoice) -> dict[str, Any]:
    """As the audit log keeps it."""
    return {"total": invoice.total, "currency": invoice.currency, "status": invoice.status}


def receive(invoice: Invoice, amount: int, day: dt.date, **more: Any) -> Payment:
    """Money that came for an invoice, in minor units, or (negative) went back. `more`: method,
    reference, external_id."""
    payment = Payment.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        amount=amount,
        received_on=day,
        **more,
    )
    invoice.paid, invoice.paid_on = max(0, invoice.paid + amount), day
    settle(invoice)
    return payment


def settle(invoice: Invoice) -> None:
    """Set an invoice's status by what was paid and credited, and save what may change of it."""
    if invoice.credited >= invoice.total and invoice.total:
        invoice.status = Invoice.Status.CREDITED
    elif invoice.paid + invoice.credited >= invoice.total:
        invoice.status = Invoice.Status.PAID
    else:
        invoice.status = Invoice.Status.OPEN
    invoice.save(update_fields=["status", "paid", "paid_on", "credited"])
