"""Reading from Stripe what is true now: an object with all that our rows say of it."""

import logging
from dataclasses import dataclass, field
from typing import Any

from forecourt.billing.models import StripeCustomer
from forecourt.billing.stripe import client
from forecourt.billing.stripe.finding import owner_of
from forecourt.billing.stripe.following import Stale, follow_stripe
from forecourt.core import scope
from forecourt.core.actors import System

log = logging.getLogger(__name__)
#: How often one looks again because somebody else wrote meanwhile.
TRIES = 5


class Nobodys(Exception):
    """It is of a customer that no organization here is."""


@dataclass(frozen=True)
class Look:
    """What was seen, as plain values. Of an invoice also the money: one dict with `intent`, `refunds`
    and `disputes` for each of its payments."""

    customer_id: str
    subscription: dict[str, Any] | None = None
    invoice: dict[str, Any] | None = None
    money: list[dict[str, Any]] = field(default_factory=list)
    customer: dict[str, Any] | None = None
    #: The newest payment method that was set up on a hosted page.
    setup: dict[str, Any] | None = None


def refresh(subject: str, *, customer_id: str = "", organization_id: int | None = None) -> None:
    """Write what is true of an object now into our rows; its id says what it is. Run again, or at the
    same time, or after a newer look, it comes to the same. `customer_id`, `organization_id`: whose it
    is said to be, where that is known. Raises Nobodys; Declined where Stripe has no such object; Away
    and Unknown."""
    if subject.startswith("pi_"):
        for invoice in _invoices_of(subject):
            refresh(invoice)
        return
    known = organization_id or (owner_of(customer_id) if customer_id else None)
    if customer_id and known is None:
        raise Nobodys(f"nobody is {customer_id}")
    for _ in range(TRIES):
        version = _version(known)
        look = _look(subject)
        owner = owner_of(look.customer_id)
        if owner is None or known not in (None, owner):
            raise Nobodys(f"{subject} is of {look.customer_id}")
        if known is None:  # Now it is known how new our copy is, so once more.
            known = owner
            continue
        try:
            follow_stripe(System(owner, label="Stripe"), version=version, look=look)
        except Stale:
            continue
        return
    raise client.Unknown(f"{subject} is written by others again and again")


def refresh_if_there(subject: str, organization_id: int) -> None:
    """The same for a look that nothing hangs on: what is not there is noted, and passed over."""
    try:
        refresh(subject, organization_id=organization_id)
    except (Nobodys, client.Declined) as problem:
        log.warning("nothing is to be seen of %s at Stripe: %s", subject, problem)


def _version(organization_id: int | None) -> int:
    with scope.across_organizations("how new our copy of Stripe is"):
        rows = StripeCustomer.objects.filter(pk=organization_id)
        return rows.values_list("version", flat=True).first() or 0


def _invoices_of(intent: str) -> list[str]:
    asked = {"payment": {"type": "payment_intent", "payment_intent": intent}}
    with client.asking(waits=False) as api:
        found = api.v1.invoice_payments.list(asked).to_dict()["data"]
    return sorted({str(each["invoice"]) for each in found})


def _look(subject: str) -> Look:
    with client.asking(waits=False) as api:
        if subject.startswith("sub_"):
            found = api.v1.subscriptions.retrieve(subject).to_dict()
            return Look(found["customer"], subscription=found)
        if subject.startswith("in_"):
            found = api.v1.invoices.retrieve(subject, {"expand": ["payments"]}).to_dict()
            return Look(found["customer"], invoice=found, money=_money(api, found))
        if subject.startswith("seti_"):
            return _look_at_setup(api, subject)
        expand = {"expand": ["invoice_settings.default_payment_method"]}
        found = api.v1.customers.retrieve(subject, expand).to_dict()
        return Look(found["id"], customer=found)


def _money(api: Any, invoice: dict[str, Any]) -> list[dict[str, Any]]:
    seen = []
    for payment in (invoice.get("payments") or {}).get("data", []):
        pk = payment["payment"].get("payment_intent")
        each = {"payment": payment, "intent": None, "refunds": [], "disputes": []}
        if pk:
            expand = {"expand": ["latest_charge"]}
            each["intent"] = intent = api.v1.payment_intents.retrieve(pk, expand).to_dict()
            charge = intent["latest_charge"]
            if charge and charge["status"] == "succeeded":
                asked = {"payment_intent": pk, "limit": 100}
                each["refunds"] = api.v1.refunds.list(asked).to_dict()["data"]
                if charge["disputed"]:
                    each["disputes"] = api.v1.disputes.list(asked).to_dict()["data"]
        seen.append(each)
    return seen


def _look_at_setup(api: Any, subject: str) -> Look:
    found = api.v1.setup_intents.retrieve(subject).to_dict()
    if not found["customer"]:
        return Look("")
    asked = {"customer": found["customer"], "limit": 20}
    newest = [
        each
        for each in api.v1.setup_intents.list(asked).to_dict()["data"]
        if each["status"] == "succeeded"
    ]
    is_newest = bool(newest) and newest[0]["id"] == subject
    return Look(found["customer"], setup=found if is_newest else None)
