"""Writing invoices of another system, all of an organization at once."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.events import Event
from forecourt.billing.importing.sheets import CLOSED, Sheet, said_by
from forecourt.billing.issuing import said, settle
from forecourt.billing.models import (
    BillingAccount,
    Invoice,
    InvoiceLine,
    Numbering,
    Payment,
    StripeInvoice,
    Subscription,
)
from forecourt.billing.stripe import client
from forecourt.core import audit
from forecourt.core.ids import next_ids
from forecourt.core.jobs import all_later
from forecourt.core.refusals import Refused

#: A series of ours, or of whoever counts as we do, and the last number in it.
_OURS = re.compile(r"(.{1,25}-[0-9]{4})-([0-9]{5,9})")


def take_sheets(actor: Any, account: BillingAccount, sheets: list[Sheet]) -> None:
    """Write these invoices with their lines and payments; they have numbers afterwards, and their
    rows have ids. One row of the audit log tells of them."""
    if not sheets:
        return
    # First of all, since whoever numbers invoices locks the series, too, and then writes.
    _go_on_after(sheet.row.number for sheet in sheets if sheet.is_ours)
    for pk, sheet in zip(next_ids("billing_invoice", len(sheets)), sheets, strict=True):
        sheet.row.pk, sheet.row.organization_id = pk, account.pk
        sheet.row.imported_on = periods.today()
        parts: list[Any] = [*sheet.lines, *sheet.payments]
        for part in parts:
            part.organization_id, part.invoice_id = account.pk, pk
        if sheet.row.credits is not None:  # It has a number by now.
            sheet.row.credits_id = sheet.row.credits.pk
    Invoice.objects.bulk_create(sheet.row for sheet in sheets)
    InvoiceLine.objects.bulk_create(line for sheet in sheets for line in sheet.lines)
    Payment.objects.bulk_create(each for sheet in sheets for each in sheet.payments)
    _keep_stripes(account, [sheet for sheet in sheets if not sheet.is_ours])
    after = {
        "invoices": len(sheets),
        "from": min(sheet.row.issued_on for sheet in sheets).isoformat(),
        "to": max(sheet.row.issued_on for sheet in sheets).isoformat(),
        "payments": sum(len(sheet.payments) for sheet in sheets),
    }
    audit.record(actor, Event.INVOICES_IMPORTED, account, after=after)


@dataclass
class Invoiced:
    """What was invoiced of an organization's subscriptions, so that nothing is twice."""

    #: The first day that was not, by subscription; of those that the clock renews.
    upto: dict[int, dt.date]
    #: (subscription, first day of a period), and the invoice's number.
    periods: dict[tuple[int, dt.date], str]

    @classmethod
    def of(cls, organization_id: int) -> Self:
        """As it is now."""
        mine = {"organization_id": organization_id}
        running = Subscription.objects.filter(**mine, provider="invoice").exclude(status="ended")
        rows = Invoice.objects.filter(**mine, period_start__isnull=False)
        found = rows.values_list("subscription_id", "period_start", "number")
        return cls(
            dict(running.values_list("pk", "period_end")),
            {(pk, day): number for pk, day, number in found if pk and day},
        )

    def add(self, row: Invoice) -> None:
        """One more; raises Refused where its period was, or where it would be invoiced again."""
        pk, day = row.subscription_id, row.period_start
        if pk is None or day is None:
            return
        if day >= self.upto.get(pk, dt.date.max):
            raise Refused(
                _("Its subscription has not come to this period, and would be invoiced again."),
                field="period_start",
            )
        if (number := self.periods.setdefault((pk, day), row.number)) != row.number:
            raise Refused(_("%s is for this period already.") % number, field="period_start")


def credit(actor: Any, invoice: Invoice, note: Invoice) -> None:
    """What was in the portal when its credit note came."""
    if invoice.credited + note.total > invoice.total:
        raise Refused(_("More is credited than it is about."), field="total")
    before = said(invoice)
    invoice.credited += note.total
    settle(invoice)
    after = {**said(invoice), "by": note.number}
    audit.record(actor, Event.INVOICE_CREDITED, invoice, before=before, after=after)


def _keep_stripes(account: BillingAccount, sheets: list[Sheet]) -> None:
    """What Stripe's invoices have beside; their papers are fetched from there."""
    StripeInvoice.objects.bulk_create(
        StripeInvoice(
            organization_id=account.pk,
            invoice_id=sheet.row.pk,
            dispute=sheet.dispute,
            failures_told=sheet.failures,
        )
        for sheet in sheets
    )
    if sheets and client.is_on():
        whose = {"organization_id": account.pk}
        jobs = [{**whose, "invoice_id": sheet.row.pk} for sheet in sheets]
        all_later("billing.stripe_fetch_paper", jobs)


def _go_on_after(numbers: Iterable[str]) -> None:
    """Have our own numbers go on after these, as far as they are of a series as ours are: so that
    none comes twice, and after an import of everything none is left out."""
    last: dict[str, int] = {}
    for number in numbers:
        if found := _OURS.fullmatch(number):
            series, place = found[1], int(found[2])
            if str(Numbering(series=series, last=place)) == number:
                last[series] = max(place, last.get(series, 0))
    with connection.cursor() as cursor:
        for series in sorted(last):  # in one order, so that two imports do not wait for each other
            cursor.execute(
                "insert into billing_numbering as n (series, last) values (%s, %s) on conflict"
                " (series) do update set last = greatest(n.last, excluded.last)",
                [series, last[series]],
            )


def follow_sheet(actor: Any, invoice: Invoice, sheet: Sheet) -> None:
    """What became of an invoice that is there; raises Refused where the sheet says another thing than
    it does. (Payments come by themselves.)"""
    if sheet.says() != said_by(invoice):
        raise Refused(_("What an invoice says never changes. Credit it, and issue another."))
    if invoice.status != Invoice.Status.OPEN or not sheet.is_ours:
        return
    before = {"status": invoice.status, "paid": invoice.paid}
    if sheet.status in CLOSED:
        invoice.status = sheet.status
    elif sheet.status == Invoice.Status.PAID and not sheet.payments:
        invoice.status, invoice.paid = Invoice.Status.PAID, invoice.total - invoice.credited
        invoice.paid_on = sheet.row.paid_on or periods.today()
    after = {"status": str(invoice.status), "paid": invoice.paid}
    if before != after:
        invoice.save(update_fields=["status", "paid", "paid_on"])
        audit.record(actor, Event.INVOICE_PAID, invoice, before=before, after=after)
