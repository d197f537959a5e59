"""The calls: which address does what."""

import re
from collections.abc import Callable
from typing import Any

from tests.stripe_stub import invoices, payments, subscriptions
from tests.stripe_stub.forms import Form
from tests.stripe_stub.world import Problem, Thing, World, listed

Answer = Callable[..., Thing]
ROUTES: list[tuple[str, re.Pattern[str], Answer]] = []
#: Filters of lists that compare a value as it is.
EQUAL = ("customer", "status", "subscription", "payment_intent", "charge", "invoice", "type")


def route(method: str, path: str) -> Callable[[Answer], Answer]:
    """Have a function answer; `{}` in the path is an object's id."""
    pattern = re.compile("^/v1/" + path.replace("{}", "([A-Za-z0-9_]+)") + "$")

    def decorate(function: Answer) -> Answer:
        ROUTES.append((method, pattern, function))
        return function

    return decorate


def answer(world: World, method: str, path: str, params: Form) -> Thing:
    """The object or list that a call answers with; raises Problem."""
    for known, pattern, function in ROUTES:
        found = pattern.match(path)
        if found and known == method:
            thing = function(world, *found.groups(), params)
            return world.shown(thing, params.get("expand"))
    raise Problem(404, f"Unrecognized request URL ({method}: {path}).")


def _list(kind: str, *, without: tuple[str, ...] = ()) -> Answer:
    def function(world: World, params: Form) -> Thing:
        wanted = {name: params[name] for name in EQUAL if name in params and name not in without}
        if wanted.get("status") == "all":
            del wanted["status"]
        found = [each for each in world.all(kind) if _fits(each, wanted, params)]
        return _page(world, found[::-1], params)

    return function


def _fits(thing: Thing, wanted: Form, params: Form) -> bool:
    if "lookup_keys" in params and thing["lookup_key"] not in params["lookup_keys"]:
        return False
    since = int(params.get("created", {}).get("gte", 0))
    return thing["created"] >= since and all(thing.get(k) == v for k, v in wanted.items())


def _page(world: World, newest_first: list[Thing], params: Form) -> Thing:
    most = int(params.get("limit", 10))
    after = params.get("starting_after")
    if after:
        ids = [each["id"] for each in newest_first]
        newest_first = newest_first[ids.index(after) + 1 :]
    shown = [world.shown(each) for each in newest_first[:most]]
    return listed(shown, has_more=len(newest_first) > most)


for _path, _kind in (
    ("customers", "customer"), ("products", "product"), ("prices", "price"),
    ("subscriptions", "subscription"), ("invoices", "invoice"), ("refunds", "refund"),
    ("invoice_payments", "invoice_payment"), ("payment_intents", "payment_intent"),
    ("setup_intents", "setup_intent"), ("payment_methods", "payment_method"),
    ("charges", "charge"), ("disputes", "dispute"), ("checkout/sessions", "checkout.session"),
):  # fmt: skip
    if _path != "invoice_payments":
        route("GET", _path)(_list(_kind))
    route("GET", _path + "/{}")(lambda world, pk, params, kind=_kind: world.get(pk, kind))


@route("GET", "invoice_payments")
def list_invoice_payments(world: World, params: Form) -> Thing:
    """Of an invoice, or of a payment intent."""
    found = world.all("invoice_payment")
    intent = params.get("payment", {}).get("payment_intent")
    if intent:
        found = [each for each in found if each["payment"]["payment_intent"] == intent]
    if "invoice" in params:
        found = [each for each in found if each["invoice"] == params["invoice"]]
    return _page(world, found[::-1], params)


@route("GET", "events")
def list_events(world: World, params: Form) -> Thing:
    """What happened, newest first."""
    since = int(params.get("created", {}).get("gte", 0))
    return _page(world, [each for each in world.events[::-1] if each["created"] >= since], params)


@route("POST", "customers")
def create_customer(world: World, params: Form) -> Thing:
    """An organization that may pay."""
    number = len(world.all("customer")) + 1
    made = world.add(
        "customer",
        **{"address": None, "email": None, "name": None, "tax_exempt": "none", **_plain(params)},
        balance=0,
        invoice_prefix=f"TST{number:05d}",
        invoice_settings={"default_payment_method": None},
        next_invoice_sequence=1,
    )
    world.emit("customer.created", made)
    return made


@route("POST", "customers/{}")
def update_customer(world: World, pk: str, params: Form) -> Thing:
    """Change what is known of it."""
    customer = world.get(pk, "customer")
    method = params.get("invoice_settings", {}).get("default_payment_method")
    if method and world.get(method, "payment_method")["customer"] != pk:
        raise Problem(400, "The payment method belongs to another customer.")
    for name, value in _plain(params).items():
        old = customer.get(name)
        customer[name] = {**old, **value} if isinstance(old, dict) else value
    world.emit("customer.updated", customer)
    return customer


def _plain(params: Form) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "expand"}


@route("POST", "prices")
def create_price(world: World, params: Form) -> Thing:
    """A price, with a product of its own where `product_data` says so."""
    key = params.get("lookup_key")
    if key and world.all("price", lookup_key=key):
        raise Problem(400, "A price already uses that lookup key.", param="lookup_key")
    if "product_data" in params:
        product = world.add("product", active=True, **params["product_data"])["id"]
    else:
        product = world.get(params.get("product"), "product")["id"]
    return world.add(
        "price",
        active=True,
        billing_scheme="per_unit",
        currency=params["currency"],
        lookup_key=key,
        metadata=params.get("metadata", {}),
        nickname=params.get("nickname"),
        product=product,
        recurring={"interval": params["recurring"]["interval"], "interval_count": 1},
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring",
        unit_amount=int(params["unit_amount"]),
        unit_amount_decimal=params["unit_amount"],
    )


@route("POST", "subscriptions")
def create_subscription(world: World, params: Form) -> Thing:
    """Begin a subscription."""
    return subscriptions.create(world, params)


@route("POST", "subscriptions/{}")
def update_subscription(world: World, pk: str, params: Form) -> Thing:
    """Change one."""
    return subscriptions.update(world, world.get(pk, "subscription"), params)


@route("DELETE", "subscriptions/{}")
def cancel_subscription(world: World, pk: str, params: Form) -> Thing:
    """End one now."""
    return subscriptions.cancel(world, world.get(pk, "subscription"))


@route("POST", "invoices/create_preview")
def preview_invoice(world: World, params: Form) -> Thing:
    """What a change would cost."""
    return subscriptions.preview(world, params)


@route("POST", "invoices/{}/pay")
def pay_invoice(world: World, pk: str, params: Form) -> Thing:
    """Pay an open invoice."""
    invoice = world.get(pk, "invoice")
    method = params.get("payment_method")
    chosen = world.get(method, "payment_method") if method else None
    try:
        return invoices.pay(world, invoice, chosen)
    finally:
        subscriptions.follow_payments(world)


@route("POST", "checkout/sessions")
def create_session(world: World, params: Form) -> Thing:
    """A hosted page where a payment method is set up."""
    return payments.open_session(world, params)


@route("POST", "refunds")
def create_refund(world: World, params: Form) -> Thing:
    """Give money back."""
    return payments.refund(world, params)
