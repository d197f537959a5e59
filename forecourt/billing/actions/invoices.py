"""What comes after an invoice: paid, credited, corrected."""

import datetime as dt
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.accounts import account_of, treatment_of
from forecourt.billing.amounts import Item, Sums, totals
from forecourt.billing.events import Event
from forecourt.billing.finding import invoice_of
from forecourt.billing.issuing import issue, receive, said, settle
from forecourt.billing.models import BillingAccount, Invoice, InvoiceRevision, Payment
from forecourt.billing.tax import Treatment
from forecourt.core import audit, money
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.models import lock
from forecourt.orgs.permissions import Permission

#: The most that one line may count, and an invoice may come to before tax, in minor units.
MOST_PIECES, MOST_NET = 100_000, 10**12
#: Letters of what the customer reads beside it.
MOST_NOTE = 500


@action("issue_invoice")
def issue_invoice(
    actor, *, text: str, quantity: int, unit_amount: int, currency: str, note: str = ""
) -> Invoice:
    """An invoice over something that no subscription bills: `quantity` pieces at `unit_amount` each,
    in minor units before tax. It is due in the customer's days, and mailed as any other."""
    organization = lock(actor.organization_id)
    text, note = (" ".join(words.split()) for words in (text, note))
    _check_line(text, quantity, unit_amount, currency)
    if len(note) > MOST_NOTE or not note.isprintable():
        raise Refused(_("Say it in %d printable letters at most.") % MOST_NOTE, field="note")
    account = account_of(organization)
    tax = treatment_of(account)
    item = Item(text, quantity, Decimal(unit_amount), quantity * unit_amount)
    sums = totals([item], tax.rate, money.step(currency))
    return issue(actor, account, tax, [item], sums, currency=currency, note=note)


def _check_line(text: str, quantity: int, unit_amount: int, currency: str) -> None:
    if not 1 <= len(text) <= 200 or not text.isprintable():
        raise Refused(_("Say what it is for, in 200 letters at most."), field="text")
    if not money.is_currency(currency):
        raise Refused(_("ISO 4217 knows no such currency."), field="currency")
    if not 1 <= quantity <= MOST_PIECES:
        raise Refused(_("From 1 to %d.") % MOST_PIECES, field="quantity")
    if not 0 < unit_amount * quantity <= MOST_NET or unit_amount % money.step(currency):
        raise Refused(_("That is no amount for an invoice."), field="unit_amount")


@action("mark_paid")
def mark_paid(
    actor,
    *,
    invoice_id: int,
    amount: int | None = None,
    received_on: dt.date | None = None,
    reference: str = "",
) -> Payment:
    """Note that an invoice was paid: all that was open, or a part of it, in minor units."""
    lock(actor.organization_id)
    invoice = invoice_of(actor, invoice_id)
    amount, day = _checked_payment(invoice, amount, received_on or periods.today())
    before = said(invoice)
    payment = receive(invoice, amount, day, method=_("bank transfer"), reference=reference[:140])
    audit.record(actor, Event.INVOICE_PAID, invoice, before=before, after=said(invoice))
    later("billing.tell_paid", organization_id=actor.organization_id, payment_id=payment.pk)
    return payment


def _checked_payment(invoice: Invoice, amount: int | None, day: dt.date) -> tuple[int, dt.date]:
    if invoice.status != Invoice.Status.OPEN or invoice.provider != "invoice":
        raise Refused(_("%s is not open.") % invoice)
    amount = invoice.outstanding if amount is None else amount
    if not 0 < amount <= invoice.outstanding:
        raise Refused(_("More than 0, and no more than is open."), field="amount")
    if not invoice.issued_on - dt.timedelta(days=31) <= day <= periods.today():
        raise Refused(_("Money does not come long before its invoice, nor tomorrow."), field="on")
    return amount, day


@action("credit_invoice")
def credit_invoice(actor, *, invoice_id: int, reason: str) -> Invoice:
    """Take an invoice back as a whole by a credit note, a numbered document of its own."""
    organization = lock(actor.organization_id)
    invoice, reason = invoice_of(actor, invoice_id), " ".join(reason.split())
    _check_credit(invoice, reason)
    lines = list(invoice.lines.order_by("pk"))
    note = issue(
        actor,
        account_of(organization),
        [Treatment(line.tax_category, line.tax_rate) for line in lines],
        [_item(line) for line in lines],
        Sums(invoice.net, invoice.tax, invoice.rounding),
        kind=Invoice.Kind.CREDIT_NOTE,
        currency=invoice.currency,
        subscription=invoice.subscription,
        buyer_id=_latest_buyer(invoice),
        credits=invoice,
        note=reason,
    )
    before, invoice.credited = said(invoice), invoice.total
    settle(invoice)
    audit.record(actor, Event.INVOICE_CREDITED, invoice, before=before, after={"by": note.number})
    return note


def _check_credit(invoice: Invoice, reason: str) -> None:
    if not 1 <= len(reason) <= 500 or not reason.isprintable():
        raise Refused(_("Say why, in 500 letters at most."), field="reason")
    if invoice.is_credit_note or invoice.credited or not invoice.total:
        raise Refused(_("%s cannot be credited.") % invoice)
    if invoice.provider != "invoice":
        raise Refused(_("%s is not ours to credit: its provider issued it.") % invoice)


def _item(line) -> Item:
    days = {"starts_on": line.starts_on, "ends_on": line.ends_on}
    return Item(line.text, line.quantity, line.unit_amount, line.net, **days)


def _latest_buyer(invoice: Invoice) -> int:
    """Whom the last copy of an invoice names."""
    last = invoice.revisions.order_by("revision").last()
    return last.buyer_id if last else invoice.buyer_id


@action(Permission.EDIT_BILLING)
def correct_invoice(actor, *, invoice_id: int) -> InvoiceRevision:
    """Issue a corrected copy of an invoice, to the billing details of today (O19): a revision with
    a number of its own. Amounts stay, so the details must not mean another tax."""
    account = account_of(lock(actor.organization_id))
    invoice = invoice_of(actor, invoice_id)
    _check_correction(invoice, account)
    last = invoice.revisions.aggregate(last=Max("revision"))["last"] or 1
    revision = InvoiceRevision.objects.create(
        organization_id=actor.organization_id,
        invoice=invoice,
        revision=last + 1,
        buyer=account.details,
        issued_on=periods.today(),
    )
    audit.record(actor, Event.INVOICE_CORRECTED, invoice, after={"revision": revision.revision})
    return revision


def _check_correction(invoice: Invoice, account: BillingAccount) -> None:
    if invoice.is_credit_note or invoice.credited or invoice.provider != "invoice":
        raise Refused(_("There is no corrected copy of %s.") % invoice)
    if _latest_buyer(invoice) == account.details_id:
        raise Refused(_("%s says what your billing details say.") % invoice)
    line, now = invoice.lines.first(), treatment_of(account)
    if line is not None and (line.tax_category, line.tax_rate) != (now.category, now.rate):
        raise Refused(
            _("With these billing details the tax would be another. Write to us about %s.")
            % invoice
        )
