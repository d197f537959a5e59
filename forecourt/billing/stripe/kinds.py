"""What Stripe is asked to do: how each kind of call is sent, and how one sees that it was done.

Every function gets the SDK's client and the call, and answers with Stripe's object as plain values.
`look` answers with None where it was not done. Looking goes by the call's handle in Stripe's
metadata, or by whether things are as the call wants them.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from forecourt.billing.models import ProviderCall

Found = dict[str, Any] | None
Kind = ProviderCall.Kind
#: Clocks differ: looked for from so many seconds before the call was first sent.
BEFORE = 600


@dataclass(frozen=True)
class How:
    """How a kind of call is sent and looked for. `keeps`: whether it is still to be done when it is
    found a day later that it was not."""

    send: Callable[[Any, ProviderCall], dict[str, Any]]
    look: Callable[[Any, ProviderCall], Found]
    keeps: bool = True


def _key(call: ProviderCall, part: str = "") -> dict[str, str]:
    return {"idempotency_key": call.key + part}


def _marked(call: ProviderCall, **more: str) -> dict[str, str]:
    return {"forecourt_call": str(call.handle), **more}


def _with_mark(call: ProviderCall, things: Iterable[Any]) -> Found:
    for thing in things:
        found: dict[str, Any] = thing.to_dict()
        if (found.get("metadata") or {}).get("forecourt_call") == str(call.handle):
            return found
    return None


def _since(call: ProviderCall) -> dict[str, int]:
    first = call.created_at - dt.timedelta(seconds=BEFORE)
    return {"gte": int(first.timestamp())}


# A customer


def _make_customer(api: Any, call: ProviderCall) -> dict[str, Any]:
    mark = _marked(call, organization=str(call.organization_id))
    made = api.v1.customers.create({**call.params, "metadata": mark}, _key(call))
    return dict(made.to_dict())


def _find_customer(api: Any, call: ProviderCall) -> Found:
    made = api.v1.customers.list({"created": _since(call), "limit": 100})
    return _with_mark(call, made.auto_paging_iter())


def _tell_details(api: Any, call: ProviderCall) -> dict[str, Any]:
    pk, asked = call.params["customer"], call.params["details"]
    return dict(api.v1.customers.update(pk, asked, _key(call)).to_dict())


def _look_details(api: Any, call: ProviderCall) -> Found:
    found: dict[str, Any] = api.v1.customers.retrieve(call.params["customer"]).to_dict()
    return found if says(found, call.params["details"]) else None


def says(customer: dict[str, Any], details: dict[str, Any]) -> bool:
    """Whether a customer at Stripe is as these details have it."""
    address = customer.get("address") or {}
    return all(customer.get(name) == details[name] for name in ("name", "email")) and all(
        (address.get(name) or "") == value for name, value in details["address"].items()
    )


# A subscription


def _start(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked = {
        "customer": call.params["customer"],
        "items": [{"price": _price(api, call), "quantity": call.params["seats"]}],
        # What cannot be paid at once can be paid on Stripe's page within a day.
        "payment_behavior": "allow_incomplete",
        "off_session": True,
        "automatic_tax": {"enabled": call.params["tax"]},
        "metadata": _marked(call, subscription=str(call.params["subscription"])),
    }
    return dict(api.v1.subscriptions.create(asked, _key(call)).to_dict())


def _price(api: Any, call: ProviderCall) -> str:
    """The price, made the first time that somebody pays it; Stripe has one by each name."""
    asked = call.params["price"]
    known = api.v1.prices.list({"lookup_keys": [asked["lookup_key"]], "limit": 1}).data
    return str(known[0].id if known else api.v1.prices.create(asked, _key(call, "-price")).id)


def _find_start(api: Any, call: ProviderCall) -> Found:
    asked = {"customer": call.params["customer"], "status": "all", "limit": 100}
    return _with_mark(call, api.v1.subscriptions.list(asked).auto_paging_iter())


def _subscription(api: Any, call: ProviderCall) -> dict[str, Any]:
    return dict(api.v1.subscriptions.retrieve(call.params["subscription"]).to_dict())


def _set_renews(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked: dict[str, Any] = {"cancel_at_period_end": not call.params["renews"]}
    if call.params["reason"]:
        asked["cancellation_details"] = {"comment": call.params["reason"]}
    pk = call.params["subscription"]
    return dict(api.v1.subscriptions.update(pk, asked, _key(call)).to_dict())


def _look_renews(api: Any, call: ProviderCall) -> Found:
    found = _subscription(api, call)
    is_over = found["status"] == "canceled" and not call.params["renews"]
    is_so = found["cancel_at_period_end"] is not call.params["renews"]
    return found if is_so or is_over else None


def _set_seats(api: Any, call: ProviderCall) -> dict[str, Any]:
    """Further seats are paid at once for the rest of the period, from the first moment of a day on;
    fewer count from the next period. What is paid already is never paid twice: a smaller number that
    was to come is taken back first."""
    wanted, paid = call.params["seats"], call.params["paid"]
    found = _subscription(api, call)
    item = found["items"]["data"][0]
    pk, start = found["id"], item["current_period_start"]
    if item["quantity"] < paid < wanted:
        asked = _quantity(item, paid) | {"proration_behavior": "none"}
        api.v1.subscriptions.update(pk, asked, _key(call, "-first"))
    asked = _quantity(item, wanted) | {"proration_behavior": "none"}
    if wanted > paid:
        at = max(call.params["at"], start)
        asked |= {"proration_behavior": "always_invoice", "proration_date": at}
    return dict(api.v1.subscriptions.update(pk, asked, _key(call)).to_dict())


def _quantity(item: dict[str, Any], seats: int) -> dict[str, Any]:
    return {"items": [{"id": item["id"], "quantity": seats}]}


def _look_seats(api: Any, call: ProviderCall) -> Found:
    found = _subscription(api, call)
    has_seats = found["items"]["data"][0]["quantity"] == call.params["seats"]
    return found if has_seats or found["status"] == "canceled" else None


def _end(api: Any, call: ProviderCall) -> dict[str, Any]:
    pk = call.params["subscription"]
    return dict(api.v1.subscriptions.cancel(pk, {}, _key(call)).to_dict())


def _look_end(api: Any, call: ProviderCall) -> Found:
    found = _subscription(api, call)
    return found if found["status"] in ("canceled", "incomplete_expired") else None


# Paying


def _open_session(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked = {"mode": "setup", **call.params, "metadata": _marked(call)}
    return dict(api.v1.checkout.sessions.create(asked, _key(call)).to_dict())


def _find_session(api: Any, call: ProviderCall) -> Found:
    asked = {"customer": call.params["customer"], "limit": 100}
    return _with_mark(call, api.v1.checkout.sessions.list(asked).auto_paging_iter())


def _set_method(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked = {"invoice_settings": {"default_payment_method": call.params["method"]}}
    return dict(api.v1.customers.update(call.params["customer"], asked, _key(call)).to_dict())


def _look_method(api: Any, call: ProviderCall) -> Found:
    found = api.v1.customers.retrieve(call.params["customer"]).to_dict()
    default = (found.get("invoice_settings") or {}).get("default_payment_method")
    return found if default == call.params["method"] else None


def _pay(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked = {"off_session": True}
    return dict(api.v1.invoices.pay(call.params["invoice"], asked, _key(call)).to_dict())


def _look_paid(api: Any, call: ProviderCall) -> Found:
    found = api.v1.invoices.retrieve(call.params["invoice"]).to_dict()
    return found if found["status"] != "open" else None


def _refund(api: Any, call: ProviderCall) -> dict[str, Any]:
    asked = {**call.params["refund"], "metadata": _marked(call)}
    return dict(api.v1.refunds.create(asked, _key(call)).to_dict())


def _find_refund(api: Any, call: ProviderCall) -> Found:
    asked = {"payment_intent": call.params["refund"]["payment_intent"], "limit": 100}
    return _with_mark(call, api.v1.refunds.list(asked).auto_paging_iter())


HOW: dict[str, How] = {
    Kind.CUSTOMER: How(_make_customer, _find_customer),
    Kind.DETAILS: How(_tell_details, _look_details),
    Kind.START: How(_start, _find_start),
    Kind.RENEWS: How(_set_renews, _look_renews),
    Kind.SEATS: How(_set_seats, _look_seats),
    Kind.END: How(_end, _look_end),
    Kind.SETUP: How(_open_session, _find_session, keeps=False),
    Kind.METHOD: How(_set_method, _look_method),
    Kind.PAY: How(_pay, _look_paid, keeps=False),
    Kind.REFUND: How(_refund, _find_refund),
}
