"""The web process or the worker is killed (-9) at each commit and each question to Stripe in turn, and
the work is then taken up by another: Stripe did everything once, and our rows say so."""

import itertools
from collections.abc import Callable

import pytest
import requests
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing import actions
from forecourt.billing.models import ProviderCall, StripeEvent, Subscription
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import client
from forecourt.billing.tests.books import staff
from forecourt.billing.tests.by_stripe import ADMIN, Told, monthly, with_method, work
from tests.cast import membership, organization, run_jobs, signed_in
from tests.invariants import verify
from tests.test_crash_points import Killer, killed_at

pytestmark = pytest.mark.slow


class KillerAtStripe(Killer):
    """Also before Stripe is asked, and after it has answered. Of a transaction's statements only the
    commit counts: nobody sees anything of them before it, so a kill at one is a kill at each."""

    def around(self, execute, sql, params, many, context):
        if not connection.in_atomic_block:
            self.step()
        return execute(sql, params, many, context)

    def watch(self) -> None:
        super().watch()
        request = requests.Session.request

        def watched(session, *arguments, **keywords):
            self.step()
            answer = request(session, *arguments, **keywords)
            self.step()
            return answer

        requests.Session.request = watched


@pytest.fixture
def told(committed_world, stripe) -> Told:
    """Acme has a card, and the plan is there."""
    told = with_method(stripe)
    monthly()
    work()
    return told


def every(prepare: Callable[[], Callable[[], object]], check: Callable[[], None]) -> int:
    """`prepare` makes what is then done in a process that is killed at its n-th boundary; `check`
    takes it up and looks. How many boundaries there were."""
    for boundary in itertools.count(1):
        act = prepare()
        client.forget()
        killed = killed_at(boundary, lambda act=act: (act(), 0)[1], 0, killer=KillerAtStripe)
        requeue()
        check()
        if not killed:
            return boundary
    raise AssertionError


def requeue() -> None:
    """What a dead worker was doing is done by another."""
    connection.ensure_connection()
    ProcrastinateJob.objects.filter(status="doing").update(status="todo")


def do_next_job() -> None:
    """As a worker does it: claimed first, finished last."""
    job = ProcrastinateJob.objects.filter(status="todo").order_by("id").first()
    if job is None:
        return
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing")
    app.tasks[job.task_name].func(**job.args)
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")


def test_a_start(told, stripe):
    def prepare():
        of_stripe.start_with_stripe(staff(), plan="monthly", seats=1)
        return do_next_job

    def check():
        told()
        organization("acme")
        rows = Subscription.objects.filter(provider="stripe")
        assert len(stripe.world.all("subscription")) == rows.count() == len(stripe.charges())
        assert all(row.license_id and row.external_id for row in rows)
        assert not ProviderCall.objects.filter(status="open").exists()
        verify()

    assert every(prepare, check) > 4


def test_a_cancellation_and_its_return(told, stripe):
    made = of_stripe.start_with_stripe(staff(), plan="monthly", seats=1)
    told()
    wishes = itertools.cycle([actions.cancel_subscription, actions.resume_subscription])

    def prepare():
        next(wishes)(membership("acme", ADMIN), subscription_id=made.pk)
        return do_next_job

    def check():
        told()
        organization("acme")
        row = Subscription.objects.select_related("license").get(pk=made.pk)
        found = stripe.world.get(row.external_id, "subscription")
        assert found["cancel_at_period_end"] == row.cancels_at_period_end
        assert row.license.renews is not row.cancels_at_period_end
        wished = ProviderCall.objects.filter(kind="renews")
        assert len(stripe.effects(f"POST /v1/subscriptions/{found['id']}")) == wished.count()

    assert every(prepare, check) > 4


def test_further_seats(told, stripe):
    made = of_stripe.start_with_stripe(staff(), plan="monthly", seats=1)
    told()
    seats = itertools.count(2)

    def prepare():
        actions.change_seats(membership("acme", ADMIN), subscription_id=made.pk, seats=next(seats))
        return do_next_job

    def check():
        told()
        organization("acme")
        row = Subscription.objects.get(pk=made.pk)
        item = stripe.world.get(row.external_id, "subscription")["items"]["data"][0]
        assert item["quantity"] == row.seats == len(stripe.charges())

    assert every(prepare, check) > 4


def test_the_way_to_the_page_where_a_card_is_entered(committed_world, stripe):
    admin = signed_in(ADMIN)
    here = "/o/acme/billing/payment-method/"

    def check():
        work()
        organization("acme")
        assert len(stripe.world.all("customer")) <= 1
        again = admin.post(here)
        assert again.status_code == 303 and again["Location"].startswith(stripe.base)
        assert len(stripe.world.all("customer")) == 1

    assert every(lambda: lambda: admin.post(here), check) > 4


def test_an_event_at_the_door(told, stripe):
    def prepare():
        customer = stripe.world.one("customer")
        event = stripe.world.emit("customer.updated", customer)
        told.known += 1
        return lambda: stripe.deliver(Client(), event) == [200] or 1 / 0

    def check():
        event = stripe.events[-1]
        assert stripe.deliver(Client(), event) == [200]  # Stripe tells again until it is answered
        jobs = ProcrastinateJob.objects.filter(args__event_id=event["id"])
        assert StripeEvent.objects.filter(pk=event["id"]).count() == jobs.count() == 1
        run_jobs()
        assert StripeEvent.objects.get(pk=event["id"]).status == "applied"

    assert every(prepare, check) > 3


def test_an_event_that_is_applied(told, stripe):
    of_stripe.start_with_stripe(staff(), plan="monthly", seats=1)
    told()

    def prepare():
        stripe.turn(days=31)
        stripe.deliver(Client(), *stripe.events[told.known :])
        told.known = len(stripe.events)
        return do_next_job

    def check():
        work()
        organization("acme")
        row = Subscription.objects.get(provider="stripe")
        theirs = stripe.world.all("invoice", status="paid")
        assert row.invoices.filter(status="paid").count() == len(theirs)
        assert {invoice.payments.count() for invoice in row.invoices.all()} == {1}
        assert not StripeEvent.objects.exclude(status="applied").exists()

    assert every(prepare, check) > 4
