"""Invoices: drawn up, finalized, paid or not, tried again."""

from typing import Any

from tests.stripe_stub import payments
from tests.stripe_stub.world import Problem, Thing, World

HOUR, DAY = 3_600, 86_400
#: When a payment that failed is tried again; after the last the subscription ends.
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


def line(subscription: Thing, *, amount: int, quantity: int, start: int, end: int, proration=False):
    """A line for one period of a subscription's item, or for a part of it."""
    item = subscription["items"]["data"][0]
    return {
        "object": "line_item",
        "amount": amount,
        "currency": subscription["currency"],
        "description": f"{quantity} × {item['price']['nickname'] or 'seat'}",
        "livemode": False,
        "metadata": dict(subscription["metadata"]),
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": {
                "proration": proration,
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
        },
        "period": {"start": start, "end": end},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
            "unit_amount_decimal": str(item["price"]["unit_amount"]),
        },
        "quantity": quantity,
        "subtotal": amount,
        "taxes": [],
    }


def body(world: World, subscription: Thing, lines: list[Thing], reason: str) -> dict[str, Any]:
    """What an invoice and the preview of one have in common."""
    net = sum(each["amount"] for each in lines)
    percent = world.tax_percent if subscription["automatic_tax"]["enabled"] else 0
    tax = max(0, round(net * percent / 100))
    total = net + tax
    return {
        "amount_due": max(0, total),
        "amount_paid": 0,
        "amount_remaining": max(0, total),
        "automatic_tax": {"enabled": bool(percent), "status": "complete" if percent else None},
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "due_date": None,
        "lines": {"object": "list", "data": lines, "has_more": False, "url": "/v1/lines"},
        "parent": {
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
        },
        "subtotal": net,
        "subtotal_excluding_tax": net,
        "total": total,
        "total_excluding_tax": net,
        "total_taxes": [_tax(net, tax)] if percent else [],
    }


def _tax(net: int, tax: int) -> Thing:
    return {
        "amount": tax,
        "tax_behavior": "exclusive",
        "tax_rate_details": {"tax_rate": "txr_1"},
        "taxability_reason": "standard_rated",
        "taxable_amount": net,
        "type": "tax_rate_details",
    }


def draw_up(
    world: World, subscription: Thing, lines: list[Thing], reason: str, *, period: tuple[int, int]
) -> Thing:
    """A draft. `period` of a renewal is the one before: what its lines say is what counts."""
    made = world.add(
        "invoice",
        **body(world, subscription, lines, reason),
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        hosted_invoice_url=None,
        invoice_pdf=None,
        last_finalization_error=None,
        next_payment_attempt=None,
        number=None,
        period_start=period[0],
        period_end=period[1],
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=0,
        status="draft",
        status_transitions={
            "finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None,
        },
        _retries=0,
        _finalizes_at=world.now + HOUR,
    )  # fmt: skip
    for number, each in enumerate(lines):
        each.update(id=f"il_{made['_number']:012d}{number:02d}", invoice=made["id"])
    subscription["latest_invoice"] = made["id"]
    world.emit("invoice.created", made)
    return made


def finalize(world: World, invoice: Thing) -> None:
    """From here on it has a number and does not change; what is nothing is paid."""
    customer = world.get(invoice["customer"], "customer")
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] += 1
    secret = f"{world.base}/pages/invoice/{invoice['id']}"
    invoice.update(
        number=f"{customer['invoice_prefix']}-{sequence:04d}",
        status="open",
        hosted_invoice_url=secret,
        invoice_pdf=f"{secret}/pdf",
    )
    invoice["status_transitions"]["finalized_at"] = world.now
    if invoice["amount_due"]:
        intent = world.add(
            "payment_intent",
            amount=invoice["amount_due"],
            amount_received=0,
            currency=invoice["currency"],
            customer=invoice["customer"],
            last_payment_error=None,
            latest_charge=None,
            next_action=None,
            payment_method=None,
            status="requires_payment_method",
        )
        world.add(
            "invoice_payment",
            amount_paid=None,
            amount_requested=invoice["amount_due"],
            currency=invoice["currency"],
            invoice=invoice["id"],
            is_default=True,
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
            status="open",
            status_transitions={"canceled_at": None, "paid_at": None},
        )
    world.emit("invoice.finalized", invoice)
    if not invoice["amount_due"]:
        mark_paid(world, invoice)


def intent_of(world: World, invoice: Thing) -> Thing:
    """The payment intent that an invoice is paid by."""
    payment = world.one("invoice_payment", invoice=invoice["id"])
    return world.get(payment["payment"]["payment_intent"], "payment_intent")


def collect(world: World, invoice: Thing, method: Thing | None = None) -> str:
    """Try to have an open invoice paid; returns the outcome."""
    if invoice["status"] != "open":
        return payments.SUCCEEDS
    method = method or payments.method_of(world, invoice)
    intent = intent_of(world, invoice)
    if intent["status"] == "processing":
        return payments.PROCESSING
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    outcome = payments.attempt(world, intent, method) if method else payments.FAILS
    follow(world, invoice, outcome)
    return outcome


def follow(world: World, invoice: Thing, outcome: str) -> None:
    """What an attempt's outcome means for the invoice."""
    if outcome == payments.SUCCEEDS:
        mark_paid(world, invoice)
    elif outcome != payments.PROCESSING:
        retries = invoice["_retries"]
        wait = RETRIES[retries] if retries < len(RETRIES) else None
        invoice["_retries"] += 1
        invoice["next_payment_attempt"] = world.now + wait if wait else None
        if outcome == payments.NEEDS_ACTION:
            world.emit("invoice.payment_action_required", invoice)
        world.emit("invoice.payment_failed", invoice)
    else:
        invoice["next_payment_attempt"] = None


def mark_paid(world: World, invoice: Thing) -> None:
    """All of it is paid."""
    invoice.update(
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
    )
    invoice["status_transitions"]["paid_at"] = world.now
    for payment in world.all("invoice_payment", invoice=invoice["id"]):
        payment.update(status="paid", amount_paid=payment["amount_requested"])
        payment["status_transitions"]["paid_at"] = world.now
        world.emit("invoice_payment.paid", payment)
    world.emit("invoice.paid", invoice)
    world.emit("invoice.payment_succeeded", invoice)


def void(world: World, invoice: Thing) -> None:
    """It need not be paid any more."""
    invoice.update(status="void", next_payment_attempt=None)
    invoice["status_transitions"]["voided_at"] = world.now
    world.emit("invoice.voided", invoice)


def pay(world: World, invoice: Thing, method: Thing | None) -> Thing:
    """Pay an open invoice now, because somebody asks; raises Problem (402) where that fails."""
    if invoice["status"] == "paid":
        raise Problem(400, "Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise Problem(400, f"This invoice is {invoice['status']} and cannot be paid.")
    outcome = collect(world, invoice, method)
    if outcome == payments.FAILS:
        raise Problem(402, "Your card was declined.", kind="card_error", code="card_declined")
    if outcome == payments.NEEDS_ACTION:
        code = "invoice_payment_intent_requires_action"
        raise Problem(402, "This payment needs additional action.", kind="card_error", code=code)
    return invoice
