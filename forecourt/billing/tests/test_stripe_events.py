"""What Stripe tells: only what it signed now, once, and about its own customers alone."""

import hashlib
import hmac
import json
import time

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing.models import ProviderCall, StripeCustomer, StripeEvent
from forecourt.billing.stripe import calls, comparing
from forecourt.billing.tests.by_stripe import (
    ADMIN,
    again,
    copied,
    customer,
    subscribed,
    there,
    with_method,
    work,
)
from forecourt.core import scope
from tests.cast import organization, signed_in
from tests.invariants import picture
from tests.racing import at_once
from tests.stripe_stub.stub import post


@pytest.fixture
def paid(world, stripe):
    """A subscription of Acme's with everything told, and an event of it."""
    told = with_method(stripe)
    made = subscribed(stripe, told)
    event = next(each for each in stripe.events if each["type"] == "invoice.paid")
    scope.clear()
    return made, event, told


def _signature(body: bytes, secret: str, at: int, scheme: str = "v1") -> str:
    text = f"{at}.".encode() + body
    return f"t={at},{scheme}={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def test_what_stripe_did_not_sign_changes_nothing(paid, stripe):
    event = {**paid[1], "id": "evt_forged"}
    body, good = stripe.signed(event)
    now, secret = int(time.time()), stripe.webhook_secret
    compact = json.dumps(event, separators=(",", ":")).encode()
    before = picture()
    for sent, signature in (
        (body, None),
        (body, ""),
        (body, "v1"),
        (body, "t=x,v1=y"),
        (body, f"t={now},v1="),
        (body, _signature(body, "whsec_of_somebody_else", now)),
        (body, _signature(body, "", now)),
        (body, _signature(body, secret, now, "v0")),
        (body, _signature(compact, secret, now)),
        (compact, good),
        (body + b"\n", good),
        (b"", good),
        (b"\xff\xfe", good),
    ):
        assert post(Client(), sent, signature) == 400, signature
    assert picture() == before
    assert post(Client(), body, good) == 200


def test_what_is_signed_and_no_event_changes_nothing(paid, stripe):
    before = picture()
    now, secret = int(time.time()), stripe.webhook_secret
    for body in (b"[]", b"null", b"{", b'"text"'):
        assert post(Client(), body, _signature(body, secret, now)) == 400, body
    assert picture() == before


def test_while_the_secret_is_replaced_both_hold(paid, stripe, settings):
    settings.STRIPE_WEBHOOK_SECRET = ["whsec_new", stripe.webhook_secret]
    event = paid[1]
    assert stripe.deliver(Client(), event) == [200]
    assert stripe.deliver(Client(), event, secret="whsec_new") == [200]
    assert stripe.deliver(Client(), event, secret="whsec_other") == [400]


@pytest.mark.parametrize(
    ("name", "value"), [("STRIPE_SECRET_KEY", ""), ("STRIPE_WEBHOOK_SECRET", [])]
)
def test_without_secrets_there_is_no_such_address(paid, stripe, settings, name, value):
    setattr(settings, name, value)
    assert stripe.deliver(Client(), paid[1], secret=stripe.webhook_secret) == [404]


def test_an_event_of_the_other_mode_is_refused(paid, stripe, settings):
    event = {**paid[1], "id": "evt_live", "livemode": True}
    assert stripe.deliver(Client(), event) == [400]
    settings.STRIPE_SECRET_KEY = "sk_live_0123456789abcdef"
    assert stripe.deliver(Client(), event) == [200]
    assert stripe.deliver(Client(), {**event, "id": "evt_test", "livemode": False}) == [400]


def test_an_event_that_is_too_long_is_refused(paid, stripe):
    event = {**paid[1], "id": "evt_long", "padding": "x" * 256 * 1024}
    assert stripe.deliver(Client(), event) == [413]


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (301, 400), (86_400, 400)])
def test_an_event_that_was_kept_back_is_refused(paid, stripe, age, status):
    event = {**paid[1], "id": "evt_old"}
    assert stripe.deliver(Client(), event, age=age) == [status]
    assert StripeEvent.objects.filter(pk="evt_old").exists() == (status == 200)


def test_an_event_that_is_known_is_answered_and_nothing_more(paid, stripe):
    before = picture()
    assert stripe.deliver(Client(), *[paid[1]] * 20) == [200] * 20
    assert picture() == before


def test_copies_at_the_same_moment_are_kept_once(committed_world, stripe):
    event = stripe.world.emit("customer.updated", {"id": "cus_1", "object": "customer"})
    asked = [lambda: stripe.deliver(Client(), event) for _ in range(8)]
    assert at_once(*asked) == [[200]] * 8
    assert StripeEvent.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="billing.stripe_apply").count() == 1


def test_a_form_of_a_browser_is_no_event(paid, stripe):
    client = signed_in(ADMIN, client=Client(enforce_csrf_checks=True))
    assert client.post("/billing/stripe/events/", {"id": "evt_1"}).status_code == 400
    assert client.get("/billing/stripe/events/").status_code == 405


def test_what_is_told_of_strangers_is_parked_and_touches_nobody(paid, stripe, caplog):
    stranger = stripe.world.add("customer", metadata={"organization": "1"}, invoice_settings={})
    before = picture()["billing_subscription"]
    event = stripe.world.emit("customer.updated", stranger)
    assert stripe.deliver(Client(), event) == [200]
    work()
    assert StripeEvent.objects.get(pk=event["id"]).status == "parked"
    assert picture()["billing_subscription"] == before and "is parked" in caplog.text


def test_what_a_stranger_says_of_acme_is_not_believed(paid, stripe):
    """Metadata that names Acme, and an event that names Acme's customer for another's object."""
    made = paid[0]
    theirs = dict(there(stripe, made), id="sub_theirs", customer="cus_theirs")
    theirs["metadata"] = {"subscription": str(made.pk), "organization": "1"}
    stripe.world.things["sub_theirs"] = theirs
    before = picture()["billing_subscription"]
    for whose in ("cus_theirs", there(stripe, made)["customer"]):
        event = stripe.world.emit("customer.subscription.deleted", {**theirs, "customer": whose})
        assert stripe.deliver(Client(), event) == [200]
        work()
        assert StripeEvent.objects.get(pk=event["id"]).status == "parked"
    assert picture()["billing_subscription"] == before


def test_whose_an_object_is_stripe_says_and_not_the_event(paid, stripe):
    other = subscribed(stripe, with_method(stripe, "globex", "admin@globex.example"), "globex")
    lie = {**there(stripe, other), "customer": customer().customer_id}
    before = picture()["billing_subscription"]
    event = stripe.world.emit("customer.subscription.updated", lie)
    stripe.deliver(Client(), event)
    stripe.turn(days=32)
    work()
    assert StripeEvent.objects.get(pk=event["id"]).status == "parked"
    assert picture()["billing_subscription"] == before


def test_another_subscription_of_acmes_customer_is_noted_and_not_taken_for_ours(
    paid, stripe, caplog
):
    made = paid[0]
    second = dict(there(stripe, made), id="sub_second", status="canceled", ended_at=1)
    stripe.world.things["sub_second"] = second
    stripe.deliver(Client(), stripe.world.emit("customer.subscription.deleted", second))
    work()
    assert again(made).status == "active" and "nobody here asked for" in caplog.text


def test_an_event_of_another_account_is_not_ours(paid, stripe):
    event = {**paid[1], "id": "evt_connect", "account": "acct_1"}
    assert stripe.deliver(Client(), event) == [200]
    assert not StripeEvent.objects.filter(pk="evt_connect").exists()


def test_what_is_told_before_we_know_the_customer_waits_for_that(world, stripe):
    """The webhook is quicker than our own commit."""
    signed_in(ADMIN).post("/o/acme/billing/payment-method/")
    known = customer()
    StripeCustomer.objects.all().delete()
    ProviderCall.objects.filter(kind="customer").update(status="open")
    stripe.complete(stripe.world.one("checkout.session")["id"])
    ProcrastinateJob.objects.filter(status="todo").delete()
    assert set(stripe.deliver(Client(), *stripe.events)) == {200}
    work()
    assert {*StripeEvent.objects.values_list("status", flat=True)} == {"parked"}
    organization("acme")
    calls.settle(known.organization_id, ProviderCall.objects.get(kind="customer").pk)
    work()
    organization("acme")
    assert customer().customer_id == known.customer_id
    assert customer().method_last4 == "4242"
    assert not StripeEvent.objects.exclude(status="applied").exists()


def test_what_is_told_before_we_know_the_subscription_is_taken_for_ours(world, stripe):
    """The answer to the call that began it got lost."""
    told = with_method(stripe)
    stripe.fault("POST /v1/subscriptions$", "drop after")
    made = subscribed(stripe, told)
    assert made.external_id == stripe.world.one("subscription")["id"]
    assert made.license.is_valid and len(copied()) == 1


def test_what_was_never_told_is_found_at_night(world, stripe):
    told = with_method(stripe)
    made, gone = subscribed(stripe, told), subscribed(stripe, told)
    stripe.turn(days=32)
    comparing.everybody()
    del stripe.world.things[gone.external_id]  # somebody emptied the test account
    work()
    assert again(made).period_start == made.period_end
    assert [invoice.status for invoice in copied()] == ["paid"] * 4
