"""Our copy of Stripe's invoices: their number and amounts, what was paid, what went back, and whether
a payment is disputed. Plain functions behind the lock on the organization."""

import datetime as dt
import logging
from decimal import Decimal
from typing import Any

from forecourt.billing.accounts import account_of, present_seller
from forecourt.billing.events import Event
from forecourt.billing.models import Invoice, InvoiceLine, Payment, StripeInvoice, Subscription
from forecourt.billing.stripe.finding import day, ours
from forecourt.core import audit
from forecourt.core.jobs import later
from forecourt.orgs.models import lock
from forecourt.products import licenses

log = logging.getLogger(__name__)
Dispute = StripeInvoice.Dispute
#: Of a dispute that costs money; the others are questions, or were prevented.
UNDECIDED = ("needs_response", "under_review", "appeal_needs_response", "appeal_under_review")
HELD = (Dispute.OPEN, Dispute.LOST)
RETURNED = ("succeeded", "pending")


def follow(actor: Any, found: dict[str, Any], money: list[dict[str, Any]]) -> None:
    """Write down what Stripe says of an invoice; a draft has no number yet and is nobody's business."""
    if found["status"] == "draft" or not found["number"]:
        return
    if found["total"] < 0:
        log.warning("Stripe's invoice %s is about money to give back; see there", found["number"])
        return
    invoice = Invoice.objects.filter(external_id=found["id"]).first()
    if invoice is None:
        invoice = _copy(actor, found)
    beside, _made = StripeInvoice.objects.get_or_create(
        invoice=invoice, defaults={"organization_id": actor.organization_id}
    )
    _follow_payments(actor, invoice, found, money)
    _follow_disputes(actor, invoice, beside, money)
    _tell_of_failure(actor, invoice, beside, found, money)
    if beside.paper is None and found["invoice_pdf"]:
        later(
            "billing.stripe_fetch_paper",
            organization_id=actor.organization_id,
            invoice_id=invoice.pk,
        )


def _copy(actor: Any, found: dict[str, Any]) -> Invoice:
    organization = lock(actor.organization_id)
    net = found["total_excluding_tax"]
    if net is None:
        net = found["total"]
    invoice = Invoice.objects.create(
        organization=organization,
        number=found["number"],
        provider="stripe",
        external_id=found["id"],
        subscription=_subscription(actor, found),
        buyer_id=account_of(organization).details_id,
        seller=present_seller(),
        issued_on=day(found["status_transitions"]["finalized_at"] or found["created"]),
        due_on=day(found["due_date"]) if found["due_date"] else None,
        currency=found["currency"].upper(),
        net=net,
        tax=found["total"] - net,
        gross=found["total"],
        total=found["total"],
    )
    category, rate = _tax(found, net)
    InvoiceLine.objects.bulk_create(
        _line(invoice, each, category, rate) for each in found["lines"]["data"]
    )
    after = {"total": invoice.total, "currency": invoice.currency}
    audit.record(actor, Event.INVOICE_ISSUED, invoice, after=after)
    return invoice


def _subscription(actor: Any, found: dict[str, Any]) -> Subscription | None:
    details = (found["parent"] or {}).get("subscription_details")
    if not details:
        return None
    return ours(actor, details["subscription"], details["metadata"] or {})


def _tax(found: dict[str, Any], net: int) -> tuple[str, Decimal]:
    """Category and rate as EN 16931 has them. Stripe's paper is the invoice; this is for our lists."""
    tax = found["total"] - net
    if tax > 0 and net > 0:
        return "S", (Decimal(tax) * 100 / net).quantize(Decimal("0.1"))
    return ("AE" if found.get("customer_tax_exempt") == "reverse" else "E"), Decimal(0)


def _line(invoice: Invoice, each: dict[str, Any], category: str, rate: Decimal) -> InvoiceLine:
    inside = sum(tax["amount"] for tax in each["taxes"] or [] if tax["tax_behavior"] == "inclusive")
    off = sum(discount["amount"] for discount in each.get("discount_amounts") or [])
    net = each["amount"] - inside - off
    quantity = (each["quantity"] or 1) * (-1 if net < 0 else 1)
    first, after = day(each["period"]["start"]), day(each["period"]["end"])
    return InvoiceLine(
        organization_id=invoice.organization_id,
        invoice=invoice,
        text=(each["description"] or invoice.number)[:300],
        quantity=quantity,
        unit_amount=(Decimal(net) / quantity).quantize(Decimal("0.000001")),
        net=net,
        tax_category=category,
        tax_rate=rate,
        starts_on=first,
        ends_on=max(first, after - dt.timedelta(days=1)),
    )


def _follow_payments(
    actor: Any, invoice: Invoice, found: dict[str, Any], money: list[dict[str, Any]]
) -> None:
    for each in money:
        charge = (each["intent"] or {}).get("latest_charge") or {}
        payment = each["payment"]
        if payment["status"] == "paid" and payment["amount_paid"]:
            how = {
                "method": _method(charge.get("payment_method_details") or {}),
                "reference": (each["intent"] or {}).get("id", ""),
            }
            at = payment["status_transitions"]["paid_at"]
            _note(actor, invoice, payment["id"], payment["amount_paid"], at, **how)
        for refund in each["refunds"]:
            _follow_refund(actor, invoice, refund)
    if found["status"] == "paid" and found["amount_paid"] and not money:  # outside of Stripe
        at = found["status_transitions"]["paid_at"]
        _note(actor, invoice, f"{found['id']}:other", found["amount_paid"], at, method="")
    before = {"status": invoice.status, "paid": invoice.paid}
    invoice.status = found["status"]
    invoice.paid = max(0, sum(invoice.payments.values_list("amount", flat=True)))
    paid_at = found["status_transitions"]["paid_at"]
    invoice.paid_on = day(paid_at) if paid_at else None
    after = {"status": invoice.status, "paid": invoice.paid}
    if before != after:
        invoice.save(update_fields=["status", "paid", "paid_on"])
        became_paid = before["status"] != "paid" == invoice.status
        event = Event.INVOICE_PAID if became_paid else Event.INVOICE_FOLLOWED
        audit.record(actor, event, invoice, before=before, after=after)


def _follow_refund(actor: Any, invoice: Invoice, refund: dict[str, Any]) -> None:
    pk, amount = refund["id"], refund["amount"]
    if refund["status"] in RETURNED:
        _note(actor, invoice, pk, -amount, refund["created"])
    elif Payment.objects.filter(external_id=pk).exists():  # It came back after all.
        _note(actor, invoice, f"{pk}:failed", amount, refund["created"])


def _note(actor: Any, invoice: Invoice, pk: str, amount: int, at: int, **how: str) -> None:
    """One movement of money, once. What came is told, if it is known how (`how`), and if it did not come
    before the invoice was here."""
    payment, is_new = Payment.objects.get_or_create(
        external_id=pk,
        defaults={
            "organization_id": actor.organization_id,
            "invoice": invoice,
            "amount": amount,
            "received_on": day(at),
            **how,
        },
    )
    if not is_new:
        return
    if amount < 0:
        audit.record(actor, Event.PAYMENT_REFUNDED, invoice, after={"amount": -amount})
    elif how and (invoice.imported_on is None or payment.received_on > invoice.imported_on):
        later("billing.tell_paid", organization_id=actor.organization_id, payment_id=payment.pk)


def _method(details: dict[str, Any]) -> str:
    """As people know it: "Visa 4242"."""
    kind = details.get("type", "")
    inner = details.get(kind) or {}
    name = str(inner.get("brand") or {"sepa_debit": "SEPA"}.get(kind, kind))
    return f"{name[:1].upper()}{name[1:]} {inner.get('last4') or ''}".strip()


def _follow_disputes(
    actor: Any, invoice: Invoice, beside: StripeInvoice, money: list[dict[str, Any]]
) -> None:
    """A payment that is disputed, or lost, suspends the license that it was for; one that was won puts
    it in force again."""
    states = {dispute["status"] for each in money for dispute in each["disputes"]}
    now = Dispute.NONE
    if states & set(UNDECIDED):
        now = Dispute.OPEN
    elif "lost" in states:
        now = Dispute.LOST
    elif "won" in states:
        now = Dispute.WON
    if beside.dispute == now:
        return
    before, beside.dispute = beside.dispute, now
    beside.save(update_fields=["dispute"])
    after = {"dispute": str(now)}
    audit.record(
        actor, Event.PAYMENT_DISPUTED, invoice, before={"dispute": str(before)}, after=after
    )
    subscription = invoice.subscription
    if subscription is None or subscription.license is None:
        return
    if is_disputed(subscription):
        licenses.suspend(actor, subscription.license)
    elif before in HELD:
        licenses.resume(actor, subscription.license)


def is_disputed(subscription: Subscription) -> bool:
    """Whether a payment for it is disputed, or was lost by that."""
    held = StripeInvoice.objects.filter(invoice__subscription=subscription, dispute__in=HELD)
    return held.exists()


def _tell_of_failure(
    actor: Any,
    invoice: Invoice,
    beside: StripeInvoice,
    found: dict[str, Any],
    money: list[dict[str, Any]],
) -> None:
    """Once for each try that failed, and not when it was paid meanwhile."""
    failed = {"requires_payment_method", "requires_action", "requires_confirmation"}
    states = {(each["intent"] or {}).get("status") for each in money}
    tries = found["attempt_count"]
    if found["status"] != "open" or not states & failed or tries <= beside.failures_told:
        return
    beside.failures_told = tries
    beside.save(update_fields=["failures_told"])
    ids = {"organization_id": actor.organization_id, "invoice_id": invoice.pk}
    later("billing.stripe_tell_failed", **ids, tries=tries)
