"""Payment methods, charges, what comes back, and the hosted page where a method is set up."""

from typing import Any

from tests.stripe_stub.forms import Form
from tests.stripe_stub.world import Problem, Thing, World

#: What a payment by a method comes to.
SUCCEEDS, FAILS, NEEDS_ACTION, PROCESSING = "succeeds", "fails", "needs_action", "processing"


def add_method(
    world: World, customer: str, *, kind: str = "card", outcome: str = SUCCEEDS
) -> Thing:
    """A payment method of a customer, with the outcome of payments by it."""
    details: Any = {"brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2031}
    if kind == "sepa_debit":
        details = {"bank_code": "37040044", "country": "DE", "last4": "3000"}
    return world.add(
        "payment_method",
        type=kind,
        customer=customer,
        billing_details={"name": None, "email": None, "phone": None, "address": {}},
        _outcome=outcome,
        **{kind: details},
    )


def method_of(world: World, invoice: Thing) -> Thing | None:
    """What an invoice is paid by: the subscription's method, else the customer's."""
    details = (invoice["parent"] or {}).get("subscription_details")
    subscription = world.things.get(details["subscription"]) if details else None
    customer = world.get(invoice["customer"], "customer")
    pk = subscription and subscription["default_payment_method"]
    return world.things.get(pk or customer["invoice_settings"]["default_payment_method"])


def attempt(world: World, intent: Thing, method: Thing) -> str:
    """Try to take the money; returns the outcome."""
    outcome: str = method["_outcome"]
    intent["payment_method"] = method["id"]
    if outcome == NEEDS_ACTION:
        intent["status"] = "requires_action"
        world.emit("payment_intent.requires_action", intent)
        return outcome
    charge = _charge(world, intent, method)
    if outcome == PROCESSING:
        intent["status"] = "processing"
        world.emit("payment_intent.processing", intent)
        world.emit("charge.pending", charge)
        return outcome
    return settle(world, intent, succeeds=outcome == SUCCEEDS)


def settle(world: World, intent: Thing, *, succeeds: bool) -> str:
    """The end of a payment: at once for cards, days later for direct debits."""
    charge = world.get(intent["latest_charge"], "charge")
    charge.update(status="succeeded" if succeeds else "failed", paid=succeeds)
    if succeeds:
        charge["amount_captured"] = charge["amount"]
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
        world.emit("charge.succeeded", charge)
        world.emit("payment_intent.succeeded", intent)
        return SUCCEEDS
    charge.update(failure_code="card_declined", failure_message="Your card was declined.")
    problem = {"code": "card_declined", "message": "Your card was declined.", "type": "card_error"}
    intent.update(status="requires_payment_method", last_payment_error=problem)
    world.emit("charge.failed", charge)
    world.emit("payment_intent.payment_failed", intent)
    return FAILS


def _charge(world: World, intent: Thing, method: Thing) -> Thing:
    charge = world.add(
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        paid=False,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": method["type"], method["type"]: method[method["type"]]},
        refunded=False,
        status="pending",
    )
    intent["latest_charge"] = charge["id"]
    return charge


def refund(world: World, params: Form) -> Thing:
    """Give money back, all of it or some."""
    intent = world.get(params.get("payment_intent"), "payment_intent")
    charge = world.get(intent["latest_charge"], "charge")
    left = charge["amount"] - charge["amount_refunded"]
    amount = int(params.get("amount", left))
    if charge["refunded"] or not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise Problem(400, message, code="charge_already_refunded")
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise Problem(400, message, param="amount")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    made = world.add(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=params.get("metadata", {}),
        payment_intent=intent["id"],
        reason=params.get("reason"),
        status="succeeded",
    )
    world.emit("refund.created", made)
    world.emit("charge.refunded", charge)
    return made


def dispute(world: World, charge_id: str) -> Thing:
    """The card's owner wants the money back."""
    charge = world.get(charge_id, "charge")
    charge["disputed"] = True
    made = world.add(
        "dispute",
        amount=charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="needs_response",
    )
    world.emit("charge.dispute.created", made)
    world.emit("charge.updated", charge)
    return made


def decide(world: World, dispute_id: str, *, won: bool) -> Thing:
    """How a dispute ends, for the vendor."""
    found = world.get(dispute_id, "dispute")
    found["status"] = "won" if won else "lost"
    world.emit("charge.dispute.closed", found)
    return found


def open_session(world: World, params: Form) -> Thing:
    """A hosted page where a payment method is set up."""
    customer = world.get(params.get("customer"), "customer")
    if params.get("mode") != "setup" or not params.get("success_url"):
        raise Problem(400, "Only the mode setup, with a success_url, is known here.", param="mode")
    if not params.get("currency") and not params.get("payment_method_types"):
        raise Problem(400, "`currency` is required in setup mode.", param="currency")
    intent = world.add(
        "setup_intent",
        customer=customer["id"],
        last_setup_error=None,
        metadata=params.get("setup_intent_data", {}).get("metadata", {}),
        payment_method=None,
        payment_method_types=params.get("payment_method_types", ["card"]),
        status="requires_payment_method",
        usage="off_session",
    )
    made = world.add(
        "checkout.session",
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        customer=customer["id"],
        expires_at=world.now + 86_400,
        metadata=params.get("metadata", {}),
        mode="setup",
        payment_method_types=params.get("payment_method_types", ["card"]),
        payment_status="no_payment_required",
        setup_intent=intent["id"],
        status="open",
        success_url=params["success_url"],
    )
    made["url"] = f"{world.base}/pages/setup/{made['id']}"
    world.emit("setup_intent.created", intent)
    return made


def complete_session(world: World, session_id: str, *, kind: str = "card", outcome: str = SUCCEEDS):
    """The person has entered a payment method; the address that their browser is sent to."""
    session = world.get(session_id, "checkout.session")
    if session["status"] != "open":
        raise Problem(400, "This session is not open any more.")
    method = add_method(world, session["customer"], kind=kind, outcome=outcome)
    intent = world.get(session["setup_intent"], "setup_intent")
    intent.update(status="succeeded", payment_method=method["id"])
    session.update(status="complete", url=None)
    world.emit("payment_method.attached", method)
    world.emit("setup_intent.succeeded", intent)
    world.emit("checkout.session.completed", session)
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
