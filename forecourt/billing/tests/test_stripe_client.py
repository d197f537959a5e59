"""Asking Stripe: what its answers come to, and that one key means one effect."""

import subprocess
import sys
import threading

import pytest
from django.core.cache import cache

from forecourt.billing.stripe import client

CUSTOMER = {"name": "Acme", "metadata": {"organization": "1"}}
pytestmark = pytest.mark.django_db


def create(key: str = "key-1", *, waits: bool = True, **values):
    with client.asking(waits=waits) as stripe:
        made = stripe.v1.customers.create({**CUSTOMER, **values}, {"idempotency_key": key})
    return made.to_dict()


def retrieve(pk: str, *, waits: bool = True):
    with client.asking(waits=waits) as stripe:
        return stripe.v1.customers.retrieve(pk).to_dict()


def test_a_customer_is_made_and_read_by_the_real_sdk(stripe):
    made = create()
    assert retrieve(made["id"])["name"] == "Acme"
    assert stripe.world.get(made["id"], "customer")["metadata"] == {"organization": "1"}
    assert stripe.calls == ["POST /v1/customers 200", f"GET /v1/customers/{made['id']} 200"]


def test_the_same_key_means_the_same_customer(stripe):
    assert create() == create()
    assert create("key-2")["id"] != create()["id"]
    assert len(stripe.effects()) == 2


def test_a_key_that_was_used_for_something_else_is_not_done(stripe):
    create()
    with pytest.raises(client.Unknown) as raised:
        create(name="Globex")
    assert raised.value.answered and len(stripe.effects()) == 1


def test_a_key_is_forgotten_after_a_day(stripe):
    create()
    stripe.turn(seconds=24 * 3_600 - 1)
    create()
    stripe.turn(seconds=1)
    create()
    assert len(stripe.effects()) == 2


@pytest.mark.parametrize(
    ("how", "outcome", "answered", "effects"),
    [
        ("500 before", client.Unknown, True, 0),
        ("500 after", client.Unknown, True, 1),
        ("drop before", client.Unknown, False, 0),
        ("drop after", client.Unknown, False, 1),
        ("429", client.Away, None, 0),
        ("refuse", client.Declined, None, 0),
    ],
)
def test_what_went_wrong_says_whether_it_may_have_been_done(
    stripe, how, outcome, answered, effects
):
    stripe.fault("POST /v1/customers", how)
    with pytest.raises(outcome) as raised:
        create()
    assert getattr(raised.value, "answered", None) == answered
    assert len(stripe.effects()) == effects


@pytest.mark.parametrize("how", ["500 before", "500 after"])
def test_an_answer_of_500_is_repeated_under_its_key(stripe, how):
    stripe.fault("POST /v1/customers", how)
    for _ in range(2):
        with pytest.raises(client.Unknown):
            create()
    assert len(stripe.effects()) == (how == "500 after")


def test_a_lost_answer_is_given_again_under_its_key(stripe):
    stripe.fault("POST /v1/customers", "drop after")
    with pytest.raises(client.Unknown):
        create()
    assert create()["id"] == stripe.world.one("customer")["id"]
    assert len(stripe.effects()) == 1


def test_nobody_waits_longer_than_they_have_patience(stripe, monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 0.2)
    stripe.fault("POST /v1/customers", "hang after")
    with pytest.raises(client.Unknown, match="no answer"):
        create()
    with pytest.raises(client.Unknown) as raised:  # The first one still has the key.
        create()
    assert not raised.value.answered and stripe.calls == ["POST /v1/customers 409"]
    stripe.heal()
    for _ in range(100):
        if len(stripe.calls) == 2:
            break
        threading.Event().wait(0.02)
    assert create()["id"] == stripe.world.one("customer")["id"]


def test_where_nobody_listens_nothing_was_done(stripe, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    with pytest.raises(client.Away, match="no connection"):
        create()


def test_jobs_let_stripe_rest_and_people_do_not(stripe):
    pk = create()["id"]
    stripe.fault("GET", "429")
    with pytest.raises(client.Away):
        retrieve(pk, waits=False)
    for _ in range(5):
        with pytest.raises(client.Away):
            retrieve(pk, waits=False)
    assert len(stripe.calls) == 2
    assert retrieve(pk)["id"] == pk
    cache.clear()
    assert retrieve(pk, waits=False)["id"] == pk


def test_a_key_that_stripe_does_not_know_does_nothing(stripe, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_of_somebody_else"
    with pytest.raises(client.Away):
        create()
    assert stripe.effects() == []


def test_what_is_not_there_is_said(stripe):
    with pytest.raises(client.Declined) as raised:
        retrieve("cus_0")
    assert raised.value.code == "resource_missing"


def test_the_sdk_is_loaded_when_it_is_first_needed():
    """It takes eleven megabytes; most portals never use it."""
    words = (
        "import sys, django; django.setup(); import forecourt.config.urls, forecourt.billing.tasks;"
        "print([name for name in sys.modules if name == 'stripe' or name.startswith('stripe.')])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
