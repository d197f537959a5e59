"""The tests' own Stripe behaves as its documentation says, seen through the real SDK."""

import pytest

from forecourt.billing.stripe import client

pytestmark = pytest.mark.django_db
PRICE = {
    "currency": "eur",
    "unit_amount": 1_000,
    "recurring": {"interval": "month"},
    "lookup_key": "plan-1",
    "product_data": {"name": "Deploy"},
}


@pytest.fixture
def api(stripe):
    with client.asking(waits=True) as sdk:
        return sdk.v1


def begin(api, stripe, *, outcome: str = "succeeds", kind: str = "card", seats: int = 3):
    customer = api.customers.create({"name": "Acme"}).id
    stripe.give_method(customer, outcome=outcome, kind=kind)
    price = api.prices.create(PRICE).id
    items = [{"price": price, "quantity": seats}]
    return api.subscriptions.create({"customer": customer, "items": items}).to_dict()


def again(api, subscription):
    return api.subscriptions.retrieve(subscription["id"]).to_dict()


def kinds(stripe, word: str) -> list[str]:
    return [each["type"] for each in stripe.events if each["type"].startswith(word)]


def test_a_subscription_that_is_paid_runs_and_renews(api, stripe):
    begun = begin(api, stripe)
    assert begun["status"] == "active"
    first = begun["items"]["data"][0]
    stripe.turn(days=32)
    now = again(api, begun)
    assert now["items"]["data"][0]["current_period_start"] == first["current_period_end"]
    newest = api.invoices.retrieve(now["latest_invoice"], {"expand": ["payments"]}).to_dict()
    assert (newest["status"], newest["total"], newest["number"]) == ("paid", 3_000, "TST00001-0002")
    assert newest["parent"]["subscription_details"]["subscription"] == begun["id"]
    assert newest["lines"]["data"][0]["period"]["start"] == first["current_period_end"]
    intent = newest["payments"]["data"][0]["payment"]["payment_intent"]
    found = api.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent}}
    )
    assert [each.invoice for each in found.data] == [newest["id"]]
    assert [each["amount"] for each in stripe.charges()] == [3_000, 3_000]


def test_a_payment_that_fails_is_tried_again_and_then_it_ends(api, stripe):
    begun = begin(api, stripe)
    stripe.behaves(stripe.world.one("payment_method")["id"], "fails")
    stripe.turn(days=32)
    assert again(api, begun)["status"] == "past_due"
    stripe.turn(days=20)
    assert again(api, begun)["status"] == "canceled"
    assert len(kinds(stripe, "invoice.payment_failed")) == 4
    assert kinds(stripe, "customer.subscription.deleted") and len(stripe.charges()) == 1


def test_whoever_pays_on_the_hosted_page_is_not_asked_again(api, stripe):
    begun = begin(api, stripe, outcome="needs_action")
    assert begun["status"] == "incomplete"
    assert kinds(stripe, "invoice.payment_action_required")
    stripe.pay(begun["latest_invoice"])
    assert again(api, begun)["status"] == "active"
    stripe.turn(days=10)
    assert len(stripe.charges()) == 1


def test_what_is_not_paid_within_a_day_never_began(api, stripe):
    begun = begin(api, stripe, outcome="fails")
    stripe.turn(days=1)
    assert again(api, begun)["status"] == "incomplete_expired"
    assert api.invoices.retrieve(begun["latest_invoice"]).status == "void"


def test_a_direct_debit_takes_days(api, stripe):
    begun = begin(api, stripe, outcome="processing", kind="sepa_debit")
    assert again(api, begun)["status"] == "active"
    assert api.invoices.retrieve(begun["latest_invoice"]).status == "open"
    stripe.settle(stripe.world.one("payment_intent")["id"], succeeds=True)
    assert api.invoices.retrieve(begun["latest_invoice"]).status == "paid"


def test_what_is_canceled_ends_with_its_period(api, stripe):
    begun = begin(api, stripe)
    api.subscriptions.update(begun["id"], {"cancel_at_period_end": True})
    stripe.turn(days=27)
    assert again(api, begun)["status"] == "active"
    stripe.turn(days=5)
    assert again(api, begun)["status"] == "canceled" and len(stripe.charges()) == 1


def test_more_seats_cost_what_the_preview_said(api, stripe):
    begun = begin(api, stripe)
    stripe.turn(days=10)
    items = [{"id": begun["items"]["data"][0]["id"], "quantity": 5}]
    at = {"proration_behavior": "always_invoice", "proration_date": stripe.world.now}
    asked = {"subscription": begun["id"], "subscription_details": {"items": items, **at}}
    preview = api.invoices.create_preview(asked)
    api.subscriptions.update(begun["id"], {"items": items, **at})
    assert again(api, begun)["items"]["data"][0]["quantity"] == 5
    assert [each["amount"] for each in stripe.charges()] == [3_000, preview.total]
    assert 0 < preview.total < 2_000


def test_money_comes_back_once_and_payments_are_disputed(api, stripe):
    begin(api, stripe)
    charge = stripe.charges()[0]
    api.refunds.create({"payment_intent": charge["payment_intent"], "amount": 1_000})
    with pytest.raises(client.Declined), client.asking(waits=True) as sdk:
        sdk.v1.refunds.create({"payment_intent": charge["payment_intent"], "amount": 2_001})
    opened = stripe.dispute(charge["id"])
    stripe.decide(opened["id"], won=False)
    found = api.disputes.list({"payment_intent": charge["payment_intent"]}).data
    assert [each.status for each in found] == ["lost"]
    assert api.charges.retrieve(charge["id"]).amount_refunded == 1_000


def test_a_payment_method_is_set_up_on_the_hosted_page(api, stripe):
    customer = api.customers.create({"name": "Acme"}).id
    asked = {"customer": customer, "mode": "setup", "payment_method_types": ["sepa_debit"]}
    back = "http://testserver/back/{CHECKOUT_SESSION_ID}/"
    session = api.checkout.sessions.create({**asked, "success_url": back})
    assert session.url.startswith(stripe.base)
    assert stripe.complete(session.id, kind="sepa_debit") == back.format(
        CHECKOUT_SESSION_ID=session.id
    )
    intent = api.setup_intents.retrieve(session.setup_intent)
    assert api.payment_methods.retrieve(intent.payment_method).sepa_debit.last4 == "3000"


def test_events_are_signed_as_the_sdk_wants_it(api, stripe):
    begin(api, stripe)
    body, signature = stripe.signed(stripe.events[-1])
    event = client.signed(body, signature)
    assert event["id"] == stripe.events[-1]["id"]
    assert client.signed(body + b" ", signature) is None
    assert client.signed(*stripe.signed(event, age=301)) is None
    assert client.signed(*stripe.signed(event, secret="whsec_other")) is None
