"""What a test says to the small Stripe."""

import datetime as dt
import json
import time
from typing import Any

from stripe import WebhookSignature

from tests.stripe_stub import invoices, payments, subscriptions
from tests.stripe_stub.server import Server
from tests.stripe_stub.world import Effect, Thing


class Stub(Server):
    """A running one. `world` has its objects, `events` and `effects`."""

    webhook_secret = "whsec_0123456789abcdef"

    def start_over(self) -> None:
        """As if nobody had been there."""
        self.heal()
        with self.lock:
            fresh = type(self.world)(base=self.base)
            self.world, self.calls, self.keys = fresh, [], {}

    @property
    def events(self) -> list[Thing]:
        return self.world.events

    def effects(self, call: str = "") -> list[Effect]:
        """What was done on the portal's behalf, each once, whose "POST /v1/…" begins so."""
        return [each for each in self.world.effects if each.call.startswith(call)]

    def charges(self) -> list[Thing]:
        """The payments that went through."""
        return self.world.all("charge", status="succeeded")

    # What people and time do

    def turn(self, *, days: float = 0, seconds: int = 0) -> None:
        """Let time pass: what renews, does; what is to be paid is tried."""
        with self.lock:
            subscriptions.turn(self.world, self.world.now + int(days * 86_400) + seconds)

    def turn_to(self, moment: dt.datetime) -> None:
        """Let time pass until a moment."""
        with self.lock:
            subscriptions.turn(self.world, int(moment.timestamp()))

    def give_method(self, customer: str, *, kind: str = "card", outcome: str = "succeeds") -> str:
        """A customer's default payment method, without the way over the page."""
        with self.lock:
            method = payments.add_method(self.world, customer, kind=kind, outcome=outcome)
            settings = self.world.get(customer, "customer")["invoice_settings"]
            settings["default_payment_method"] = method["id"]
            self.world.emit("payment_method.attached", method)
            return str(method["id"])

    def complete(self, session: str, *, kind: str = "card", outcome: str = "succeeds") -> str:
        """Somebody enters a payment method on the hosted page; where they are sent back to."""
        with self.lock:
            return str(payments.complete_session(self.world, session, kind=kind, outcome=outcome))

    def behaves(self, method: str, outcome: str) -> None:
        """From now on payments by this method come to: succeeds, fails, needs_action, processing."""
        self.world.get(method, "payment_method")["_outcome"] = outcome

    def pay(self, invoice: str) -> None:
        """Somebody pays on the hosted page of an invoice, by a card that is good."""
        with self.lock:
            found = self.world.get(invoice, "invoice")
            invoices.pay(self.world, found, payments.add_method(self.world, found["customer"]))
            subscriptions.follow_payments(self.world)

    def settle(self, intent: str, *, succeeds: bool) -> None:
        """A direct debit comes to its end."""
        with self.lock:
            outcome = payments.settle(
                self.world, self.world.get(intent, "payment_intent"), succeeds=succeeds
            )
            for payment in self.world.all("invoice_payment"):
                if payment["payment"]["payment_intent"] == intent:
                    found = self.world.get(payment["invoice"], "invoice")
                    invoices.follow(self.world, found, outcome)
            subscriptions.follow_payments(self.world)

    def refund(self, charge: str, amount: int | None = None) -> Thing:
        """The vendor gives money back on Stripe's own pages."""
        with self.lock:
            intent = self.world.get(charge, "charge")["payment_intent"]
            asked = {"payment_intent": intent, **({"amount": str(amount)} if amount else {})}
            return payments.refund(self.world, asked)

    def dispute(self, charge: str) -> Thing:
        """The card's owner disputes a payment."""
        with self.lock:
            return payments.dispute(self.world, charge)

    def decide(self, dispute: str, *, won: bool) -> Thing:
        """The bank decides."""
        with self.lock:
            return payments.decide(self.world, dispute, won=won)

    # Events

    def signed(self, event: Thing, *, secret: str = "", age: int = 0) -> tuple[bytes, str]:
        """An event as it travels, signed so many seconds ago: body and header."""
        body = json.dumps(event, indent=2)
        at = int(time.time()) - age
        secret = secret or self.webhook_secret
        return body.encode(), WebhookSignature.generate_signature_header(body, secret, at)

    def deliver(self, client: Any, *events: Thing, **how: Any) -> list[int]:
        """Post events (none named: all that there are, in their order) by Django's test client."""
        answers = []
        for event in events or list(self.events):
            body, signature = self.signed(event, **how)
            answers.append(post(client, body, signature))
        return answers


def post(client: Any, body: bytes, signature: str | None) -> int:
    """One request to the webhook; its status."""
    more = {} if signature is None else {"HTTP_STRIPE_SIGNATURE": signature}
    address = "/billing/stripe/events/"
    return int(client.post(address, body, content_type="application/json", **more).status_code)
