"""What this Stripe knows: its objects, its clock, what happened, and what was done for whom."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]
#: How an object's id begins.
PREFIXES = {
    "customer": "cus", "product": "prod", "price": "price", "subscription": "sub",
    "subscription_item": "si", "invoice": "in", "line_item": "il", "invoice_payment": "inpay",
    "payment_intent": "pi", "charge": "ch", "refund": "re", "dispute": "dp", "payment_method": "pm",
    "setup_intent": "seti", "checkout.session": "cs_test", "event": "evt",
}  # fmt: skip
API_VERSION = "2026-10-28.endive"


class Problem(Exception):
    """An answer that is an error, in Stripe's words."""

    def __init__(self, status: int, message: str, *, kind: str = "invalid_request_error", **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


@dataclass(frozen=True)
class Effect:
    """Something that a call of the portal changed, once."""

    call: str
    key: str
    params: Thing
    made: str


@dataclass
class World:
    """One account in test mode. `base` is its address; times are seconds since 1970."""

    base: str = ""
    now: int = field(default_factory=lambda: int(time.time()))
    livemode: bool = False
    things: dict[str, Thing] = field(default_factory=dict)
    events: list[Thing] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    #: Percent that automatic tax adds.
    tax_percent: int = 0
    counter: Any = field(default_factory=lambda: itertools.count(1))

    def add(self, kind: str, *, named: str = "", **values: Any) -> Thing:
        """A new object of a kind. Names that begin with an underscore are never shown."""
        number = next(self.counter)
        made = {
            "id": named or f"{PREFIXES[kind]}_{number:014d}",
            "object": kind,
            "created": self.now,
            "livemode": self.livemode,
            "metadata": {},
            "_number": number,
            **values,
        }
        self.things[made["id"]] = made
        return made

    def get(self, pk: Any, kind: str) -> Thing:
        """An object by its id; 404 in Stripe's words where there is none."""
        found = self.things.get(pk)
        if found is None or found["object"] != kind:
            word = kind.replace(".", " ").replace("_", " ")
            raise Problem(404, f"No such {word}: '{pk}'", code="resource_missing", param="id")
        return found

    def all(self, kind: str, **equal: Any) -> list[Thing]:
        """The objects of a kind with these values, oldest first."""
        return [
            thing
            for thing in self.things.values()
            if thing["object"] == kind
            and all(thing.get(name) == value for name, value in equal.items())
        ]

    def one(self, kind: str, **equal: Any) -> Thing:
        """The only one of them."""
        found = self.all(kind, **equal)
        assert len(found) == 1, f"{len(found)} of {kind} with {equal}"
        return found[0]

    def emit(self, what: str, thing: Thing, **before: Any) -> Thing:
        """Note that something happened; `before`: the former values of an update."""
        event = {
            "id": f"evt_{next(self.counter):014d}",
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "data": {"object": self.shown(thing)},
            "livemode": self.livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": what,
        }
        if before:
            event["data"]["previous_attributes"] = before
        self.events.append(event)
        return event

    def shown(self, thing: Thing, expand: list[str] | None = None) -> Thing:
        """An object as an answer has it. `expand`: dotted paths whose ids become objects."""
        made = _without_secrets(thing)
        for path in expand or []:
            self._expand(made, path.split("."))
        return made

    def _expand(self, thing: Any, path: list[str]) -> None:
        if isinstance(thing, list):
            for each in thing:
                self._expand(each, path)
            return
        if not path or not isinstance(thing, dict):
            return
        name, rest = path[0], path[1:]
        if name == "payments" and thing.get("object") == "invoice":
            payments = self.all("invoice_payment", invoice=thing["id"])
            thing["payments"] = listed([self.shown(each) for each in payments])
        value = thing.get(name)
        if isinstance(value, str) and value in self.things:
            thing[name] = self.shown(self.things[value])
        self._expand(thing.get(name), rest)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_secrets(v) for k, v in value.items() if not k.startswith("_")}
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value


def listed(data: list[Thing], *, has_more: bool = False, url: str = "/v1/list") -> Thing:
    """A list as the API has it."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
