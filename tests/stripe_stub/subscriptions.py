"""Subscriptions: begun, changed, renewed by the clock, and ended."""

import calendar
import copy
import datetime as dt

from tests.stripe_stub import invoices, payments
from tests.stripe_stub.forms import Form, is_true
from tests.stripe_stub.world import Problem, Thing, World

#: How long a first payment may take.
INCOMPLETE = 23 * invoices.HOUR


def after(anchor: int, interval: str, periods: int) -> int:
    """The moment so many months or years after the anchor; a day that a month lacks is its last."""
    start = dt.datetime.fromtimestamp(anchor, dt.UTC)
    months = start.month - 1 + periods * (12 if interval == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def item_of(subscription: Thing) -> Thing:
    """The only item."""
    item: Thing = subscription["items"]["data"][0]
    return item


def create(world: World, params: Form) -> Thing:
    """Begin one. With `error_if_incomplete` nothing is there where the payment fails."""
    customer = world.get(params.get("customer"), "customer")
    price = world.get(params["items"][0]["price"], "price")
    quantity = _quantity(params["items"][0])
    if not (customer["invoice_settings"]["default_payment_method"] or _method(params)):
        message = "This customer has no attached payment source or default payment method."
        raise Problem(400, message, code="resource_missing")
    _only_if_it_can_be_paid(world, params, customer)
    made = _begun(world, params, price)
    end = after(world.now, price["recurring"]["interval"], 1)
    item = world.add(
        "subscription_item",
        current_period_start=world.now,
        current_period_end=end,
        price=world.shown(price),
        quantity=quantity,
        subscription=made["id"],
    )
    made["items"] = {"object": "list", "data": [item], "has_more": False, "url": "/v1/items"}
    world.emit("customer.subscription.created", made)
    amount = price["unit_amount"] * quantity
    line = invoices.line(made, amount=amount, quantity=quantity, start=world.now, end=end)
    period = (world.now, world.now)
    bill = invoices.draw_up(world, made, [line], "subscription_create", period=period)
    invoices.finalize(world, bill)
    invoices.collect(world, bill)
    _follow_payments(world)
    return made


def _begun(world: World, params: Form, price: Thing) -> Thing:
    return world.add(
        "subscription",
        automatic_tax={"enabled": is_true(params.get("automatic_tax", {}).get("enabled"))},
        billing_cycle_anchor=world.now,
        billing_mode={"type": "flexible"},
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=params["customer"],
        default_payment_method=_method(params),
        ended_at=None,
        latest_invoice=None,
        metadata=params.get("metadata", {}),
        pause_collection=None,
        pending_setup_intent=None,
        pending_update=None,
        start_date=world.now,
        status="incomplete",
        trial_end=None,
        _period=1,
    )


def _method(params: Form) -> str | None:
    return params.get("default_payment_method") or None


def _quantity(asked: Form) -> int:
    text = asked.get("quantity", "1")
    if not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise Problem(400, f"Invalid integer: {text}", param="items[0][quantity]")
    return int(text)


def _only_if_it_can_be_paid(world: World, params: Form, customer: Thing) -> None:
    pk = _method(params) or customer["invoice_settings"]["default_payment_method"]
    method = world.get(pk, "payment_method")
    fails = method["_outcome"] in (payments.FAILS, payments.NEEDS_ACTION)
    if params.get("payment_behavior") == "error_if_incomplete" and fails:
        raise Problem(402, "Your card was declined.", kind="card_error", code="card_declined")


def update(world: World, subscription: Thing, params: Form) -> Thing:
    """Change seats, or whether it goes on at the period's end."""
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise Problem(400, "A canceled subscription can only update its cancellation_details.")
    before = copy.deepcopy(subscription)
    if "metadata" in params:
        subscription["metadata"].update(params["metadata"])
    if "default_payment_method" in params:
        subscription["default_payment_method"] = _method(params)
    if "cancellation_details" in params:
        subscription["cancellation_details"].update(params["cancellation_details"])
    if "cancel_at_period_end" in params:
        _cancel_later(world, subscription, is_true(params["cancel_at_period_end"]))
    if "items" in params:
        _change_seats(world, subscription, params)
    world.emit("customer.subscription.updated", subscription, **_differences(before, subscription))
    return subscription


def _differences(before: Thing, now: Thing) -> dict:
    names = [name for name in before if name[0] != "_" and before[name] != now[name]]
    return {name: before[name] for name in names}


def _cancel_later(world: World, subscription: Thing, ends: bool) -> None:
    subscription["cancel_at_period_end"] = ends
    end = item_of(subscription)["current_period_end"]
    subscription["cancel_at"] = end if ends else None
    subscription["canceled_at"] = world.now if ends else None
    reason = "cancellation_requested" if ends else None
    subscription["cancellation_details"]["reason"] = reason


def _change_seats(world: World, subscription: Thing, params: Form) -> None:
    asked, item = params["items"][0], item_of(subscription)
    if asked.get("id") != item["id"]:
        raise Problem(400, f"No such subscription item: '{asked.get('id')}'", param="items[0][id]")
    quantity = _quantity(asked)
    lines = prorated(world, subscription, quantity, int(params.get("proration_date", world.now)))
    if quantity == item["quantity"]:
        return
    _only_if_it_can_be_paid(world, params, world.get(subscription["customer"], "customer"))
    item["quantity"] = quantity
    if params.get("proration_behavior") == "always_invoice":
        period = (item["current_period_start"], world.now)
        bill = invoices.draw_up(world, subscription, lines, "subscription_update", period=period)
        invoices.finalize(world, bill)
        invoices.collect(world, bill)


def prorated(world: World, subscription: Thing, quantity: int, at: int) -> list[Thing]:
    """The lines of a change in the middle of a period: the old seats back, the new ones, by the
    second."""
    item = item_of(subscription)
    start, end = item["current_period_start"], item["current_period_end"]
    left = max(0, end - at)

    def share(seats: int) -> int:
        return round(item["price"]["unit_amount"] * seats * left / (end - start))

    return [
        invoices.line(
            subscription, amount=amount, quantity=seats, start=at, end=end, proration=True
        )
        for amount, seats in (
            (-share(item["quantity"]), item["quantity"]),
            (share(quantity), quantity),
        )
    ]


def cancel(world: World, subscription: Thing, reason: str = "cancellation_requested") -> Thing:
    """End it now."""
    if subscription["status"] == "canceled":
        raise Problem(404, f"No such subscription: '{subscription['id']}'", code="resource_missing")
    subscription.update(status="canceled", ended_at=world.now)
    subscription["canceled_at"] = subscription["canceled_at"] or world.now
    subscription["cancellation_details"]["reason"] = reason
    world.emit("customer.subscription.deleted", subscription)
    return subscription


def preview(world: World, params: Form) -> Thing:
    """What an update would cost; changes nothing."""
    subscription = copy.deepcopy(world.get(params.get("subscription"), "subscription"))
    details = params.get("subscription_details", {})
    quantity = _quantity(details["items"][0])
    at = int(details.get("proration_date", world.now))
    lines = prorated(world, subscription, quantity, at)
    if params.get("preview_mode") == "recurring":
        item = item_of(subscription)
        period = {"start": item["current_period_start"], "end": item["current_period_end"]}
        amount = item["price"]["unit_amount"] * quantity
        lines = [invoices.line(subscription, amount=amount, quantity=quantity, **period)]
    for number, each in enumerate(lines):
        each.update(id=f"il_tmp_{number}", invoice="upcoming")
    return {
        "id": "upcoming_in_1",
        "object": "invoice",
        "created": world.now,
        "livemode": world.livemode,
        "metadata": {},
        "number": None,
        "status": "draft",
        **invoices.body(world, subscription, lines, "upcoming"),
    }


def turn(world: World, until: int) -> None:
    """Let the time pass: renewals, attempts and ends happen when they are due."""
    while True:
        due = sorted(_due(world), key=lambda each: each[0])
        if not due or due[0][0] > until:
            break
        world.now, act, thing = max(world.now, due[0][0]), due[0][1], due[0][2]
        act(world, thing)
        _follow_payments(world)
    world.now = max(world.now, until)


def _due(world: World):
    for subscription in world.all("subscription"):
        if subscription["status"] in ("active", "past_due"):
            yield item_of(subscription)["current_period_end"], _renew, subscription
        elif subscription["status"] == "incomplete":
            yield subscription["created"] + INCOMPLETE, _expire, subscription
    for invoice in world.all("invoice"):
        if invoice["status"] == "draft":
            yield invoice["_finalizes_at"], _finalize, invoice
        elif invoice["status"] == "open" and invoice["next_payment_attempt"]:
            yield invoice["next_payment_attempt"], invoices.collect, invoice


def _finalize(world: World, invoice: Thing) -> None:
    invoices.finalize(world, invoice)
    invoices.collect(world, invoice)


def _renew(world: World, subscription: Thing) -> None:
    if subscription["cancel_at_period_end"]:
        cancel(world, subscription)
        return
    item = item_of(subscription)
    price, quantity = item["price"], item["quantity"]
    before = (item["current_period_start"], item["current_period_end"])
    subscription["_period"] += 1
    anchor, interval = subscription["billing_cycle_anchor"], price["recurring"]["interval"]
    item["current_period_start"] = before[1]
    item["current_period_end"] = end = after(anchor, interval, subscription["_period"])
    world.emit("customer.subscription.updated", subscription)
    amount = price["unit_amount"] * quantity
    line = invoices.line(subscription, amount=amount, quantity=quantity, start=before[1], end=end)
    invoices.draw_up(world, subscription, [line], "subscription_cycle", period=before)


def _expire(world: World, subscription: Thing) -> None:
    subscription.update(status="incomplete_expired", ended_at=world.now)
    for invoice in world.all("invoice", id=subscription["latest_invoice"], status="open"):
        invoices.void(world, invoice)
    world.emit("customer.subscription.updated", subscription)


def _follow_payments(world: World) -> None:
    """A subscription is as its newest invoice is."""
    for subscription in world.all("subscription"):
        invoice = world.things.get(subscription["latest_invoice"])
        status = subscription["status"]
        if invoice is None or status in ("canceled", "incomplete_expired"):
            continue
        now = status
        if invoice["status"] == "paid" or (
            status == "incomplete" and _is_processing(world, invoice)
        ):
            now = "active"
        elif invoice["status"] == "open" and invoice["attempted"] and status != "incomplete":
            now = "past_due" if not _is_processing(world, invoice) else status
        if now != status:
            subscription["status"] = now
            world.emit("customer.subscription.updated", subscription, status=status)
        if now == "past_due" and invoice["_retries"] > len(invoices.RETRIES):
            cancel(world, subscription, "payment_failed")


def _is_processing(world: World, invoice: Thing) -> bool:
    return bool(invoices.intent_of(world, invoice)["status"] == "processing")


follow_payments = _follow_payments
