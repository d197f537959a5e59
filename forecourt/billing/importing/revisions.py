"""Corrected copies of invoices, that another portal issued."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing.events import Event
from forecourt.billing.models import Invoice, InvoiceRevision
from forecourt.core import audit
from forecourt.core.refusals import Refused


def take_revision(
    actor: Any,
    invoice: Invoice,
    revision: int,
    *,
    buyer_id: int,
    issued_on: dt.date,
    created: dt.datetime | None,
) -> InvoiceRevision:
    """A corrected copy, which never changes; raises Refused."""
    found = InvoiceRevision.objects.filter(invoice=invoice, revision=revision).first()
    if found is not None:
        if (found.buyer_id, found.issued_on) != (buyer_id, issued_on):
            raise Refused(_("There is another copy with this number."), field="revision")
        return found
    if invoice.is_credit_note or issued_on < invoice.issued_on:
        raise Refused(_("There is no corrected copy of %s.") % invoice, field="invoice")
    more = {"created_at": created} if created else {}
    made = InvoiceRevision.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        revision=revision,
        buyer_id=buyer_id,
        issued_on=issued_on,
        **more,
    )
    audit.record(actor, Event.INVOICE_CORRECTED, invoice, after={"revision": revision})
    return made
