"""Whatever the order in which Stripe tells, and how often: our rows come to what is true there.

All 40,320 orders of eight events are not walked one by one. An event says no more than which object
to look at, so that what counts is which objects were looked at, and how often. For every set of
objects that may have been looked at already, one more look is shown to lead to the same rows whether
it is the first at this object or another. From that follows, by induction, that every order with
every repetition ends in the same rows.
"""

import itertools
import random

import pytest
from django.db import transaction
from django.test import Client

from forecourt.billing.models import Invoice, StripeInvoice, Subscription
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import inbox, looking
from forecourt.billing.stripe.finding import day
from forecourt.billing.tests.books import staff
from forecourt.billing.tests.by_stripe import (
    copied,
    customer,
    monthly,
    subscribed,
    there,
    with_method,
    work,
)
from tests.cast import organization
from tests.stripe_stub import subscriptions

MAIN = (
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_failed",
    "charge.refunded",
    "charge.dispute.created",
)


def rows() -> list:
    """All that follows Stripe, without what counts how often it was written."""
    organization("acme")
    kept = list(Subscription.objects.values("status", "period_start", "period_end", "seats",
        "next_seats", "cancels_at_period_end", "ended_at", "external_id", "license__ends_at",
        "license__status", "license__renews", "license__seats").order_by("pk"))  # fmt: skip
    kept += list(Invoice.objects.filter(provider="stripe").order_by("number").values(
        "number", "status", "paid", "paid_on", "total", "subscription_id"))  # fmt: skip
    paid = Invoice.objects.filter(payments__isnull=False, provider="stripe")
    kept += sorted(map(str, paid.values_list("number", "payments__amount")))
    beside = StripeInvoice.objects.order_by("invoice__number")
    kept += list(beside.values("dispute", "failures_told"))
    return kept


def a_whole_life(stripe, *, known: bool) -> None:
    """A subscription that was begun, renewed with trouble, paid, in part given back, disputed, and
    ended. `known`: its beginning was told; else not even the answer to its start arrived."""
    told = with_method(stripe)
    if known:
        subscribed(stripe, told)
    else:
        stripe.fault("POST /v1/subscriptions$", "drop after")
        of_stripe.start_with_stripe(staff(), plan=monthly(), seats=5)
        work(rounds=1)
    method = customer().method_id
    stripe.behaves(method, "fails")
    stripe.turn(days=32)
    stripe.behaves(method, "succeeds")
    stripe.turn(days=3)
    charge = stripe.charges()[-1]["id"]
    stripe.refund(charge, 10_00)
    stripe.dispute(charge)
    stripe.turn(days=1)
    subscriptions.cancel(stripe.world, stripe.world.one("subscription"))


def subject(event: dict) -> str:
    thing = event["data"]["object"]
    return thing[inbox.SUBJECTS[thing["object"]]]


@pytest.mark.parametrize("known", [True, False], ids=["begun", "from nothing"])
def test_every_order_of_the_main_events_ends_in_the_same_rows(world, stripe, known):
    a_whole_life(stripe, known=known)
    events = [each for each in stripe.events if each["type"] in MAIN]
    assert {each["type"] for each in events} == set(MAIN)
    subjects = sorted({subject(each) for each in events})
    assert 4 <= len(subjects) <= 6
    reached: dict[frozenset[str], list] = {}
    for size in range(len(subjects) + 1):
        for looked in itertools.combinations(subjects, size):
            with undone():
                for each in looked:
                    looking.refresh(each)
                reached[frozenset(looked)] = rows()
                for one_more in subjects:
                    with undone():
                        looking.refresh(one_more)
                        after = rows()
                    whole = reached.setdefault(frozenset({*looked, one_more}), after)
                    assert after == whole, (looked, one_more)
    assert len(reached) == 2 ** len(subjects)


class undone(transaction.Atomic):  # noqa: N801 - read as a sentence
    """What is done inside is taken back."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __enter__(self):
        super().__enter__()
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True

    def __exit__(self, kind, value, trace):
        if kind is None:
            transaction.set_rollback(True)
        super().__exit__(kind, value, trace)


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_repeated_the_main_events_end_there_too(world, stripe, seed):
    """Through the door, each order with every event twice."""
    a_whole_life(stripe, known=bool(seed))
    chance = random.Random(seed)
    ends = []
    for _ in range(4):
        events = [each for each in stripe.events if each["type"] in MAIN] * 2
        chance.shuffle(events)
        with undone():
            assert set(stripe.deliver(Client(), *events)) == {200}
            work()
            ends.append(rows())
    assert all(each == ends[0] for each in ends)


SLUGS = ("acme", "globex")


@pytest.mark.parametrize("seed", range(2))
def test_a_backlog_in_no_order_comes_to_what_is_true_at_stripe(world, stripe, seed):
    """Some hundred events of days, a third of them twice, while new ones come."""
    chance = random.Random(seed)
    made = {}
    for slug in SLUGS:
        told = with_method(stripe, slug, f"admin@{slug}.example")
        made[slug] = [subscribed(stripe, told, slug, seats=chance.randint(1, 9))]
        of_stripe.start_with_stripe(staff(slug), plan=monthly(), seats=2)
        work()
    waiting = list(stripe.events)
    for _ in range(8):
        known = len(stripe.events)
        live(stripe, chance)
        waiting += stripe.events[known:]
        chance.shuffle(waiting)
        some, waiting = waiting[: len(waiting) // 2], waiting[len(waiting) // 2 :]
        tell(stripe, some + chance.sample(some, len(some) // 3))
    tell(stripe, waiting + chance.sample(waiting, len(waiting) // 3))
    assert len(stripe.events) > 150
    for slug in SLUGS:
        agrees(stripe, slug)


def tell(stripe, events) -> None:
    stripe.deliver(Client(), *events)
    work()


def live(stripe, chance) -> None:
    """Something happens at Stripe."""
    for method in stripe.world.all("payment_method"):
        stripe.behaves(method["id"], chance.choice(["succeeds", "succeeds", "fails"]))
    stripe.turn(days=chance.randint(1, 20))
    paid = [each for each in stripe.charges() if not each["refunded"] and not each["disputed"]]
    if paid and chance.random() < 0.5:
        stripe.refund(chance.choice(paid)["id"], 1_00)
    if paid and chance.random() < 0.3:
        stripe.decide(stripe.dispute(chance.choice(paid)["id"])["id"], won=chance.random() < 0.5)


def agrees(stripe, slug: str) -> None:
    """Our rows say what Stripe's objects say."""
    status = {"canceled": "ended", "past_due": "past_due", "active": "active"}
    organization(slug)
    for row in Subscription.objects.filter(provider="stripe"):
        found, item = there(stripe, row), there(stripe, row)["items"]["data"][0]
        assert row.status == status[found["status"]]
        assert (row.period_start, row.period_end) == (
            day(item["current_period_start"]), day(item["current_period_end"]),
        )  # fmt: skip
        assert row.seats == item["quantity"]
        assert row.license.has_ended == (row.status == "ended") or row.license.ends_at
    theirs = [
        each
        for each in stripe.world.all("invoice", customer=customer(slug).customer_id)
        if each["number"]
    ]
    assert [each.number for each in copied(slug)] == sorted(each["number"] for each in theirs)
    for invoice in copied(slug):
        found = stripe.world.get(invoice.external_id, "invoice")
        intent = stripe.world.one("invoice_payment", invoice=found["id"])["payment"]
        back = sum(
            each["amount"]
            for each in stripe.world.all("refund", payment_intent=intent["payment_intent"])
        )
        assert (invoice.status, invoice.paid) == (found["status"], found["amount_paid"] - back)
