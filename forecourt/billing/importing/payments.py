"""Money that came for an invoice before it was here, or while another system watches the bank."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing.events import Event
from forecourt.billing.importing.amounts import minor
from forecourt.billing.issuing import receive
from forecourt.billing.issuing import said as standing
from forecourt.billing.models import Invoice, Payment, Provider
from forecourt.core import audit
from forecourt.core.refusals import Refused


def payment_of(values: dict[str, Any], currency: str) -> Payment:
    """The payment that is meant, for an invoice in this currency, not saved; raises Refused."""
    amount = minor(values["amount"], currency, "amount")
    if not amount:
        raise Refused(_("It is no money."), field="amount")
    payment = Payment(amount=amount, received_on=values["received"])
    for name in ("method", "reference", "external_id"):
        setattr(payment, name, values.get(name) or "")
    if values.get("created"):
        payment.created_at = values["created"]
    return payment


def take_payment(actor: Any, invoice: Invoice, payment: Payment, *, is_dated: bool) -> Payment:
    """Note a payment for an invoice that is there. `is_dated`: it says when it was noted, so it may be
    one from here. Raises Refused."""
    names = ("amount", "received_on", "method", "reference", "external_id")
    said = {name: getattr(payment, name) for name in names}
    if is_dated:
        found = invoice.payments.filter(**said, created_at=payment.created_at).first()
        if found is not None:
            return found
        said["created_at"] = payment.created_at
    _check(invoice, payment.amount)
    before = standing(invoice)
    del said["amount"], said["received_on"]
    made = receive(invoice, payment.amount, payment.received_on, **said)
    event = Event.INVOICE_PAID if made.amount > 0 else Event.PAYMENT_REFUNDED
    audit.record(actor, event, invoice, before=before, after=standing(invoice))
    return made


def _check(invoice: Invoice, amount: int) -> None:
    if invoice.is_credit_note:
        raise Refused(_("Nothing is paid for a credit note."), field="invoice")
    if invoice.provider == Provider.STRIPE:
        raise Refused(_("What is paid by Stripe is looked up there."), field="invoice")
    if invoice.status not in (Invoice.Status.OPEN, Invoice.Status.PAID):
        raise Refused(_("%s is not open.") % invoice, field="invoice")
    if amount > 0 and amount > invoice.outstanding:
        raise Refused(_("More than 0, and no more than is open."), field="amount")
    if invoice.paid + amount < 0:
        raise Refused(_("More goes back than came."), field="amount")
