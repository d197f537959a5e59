"""What Stripe is asked to do is done once, whatever goes wrong on the way."""

import datetime as dt
import threading

import pytest
from django.db.models import F
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing import actions
from forecourt.billing.models import ProviderCall, Subscription
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import calls, client, looking
from forecourt.billing.tests.books import staff
from forecourt.billing.tests.by_stripe import (
    ADMIN,
    again,
    copied,
    customer,
    monthly,
    subscribed,
    there,
    with_method,
    work,
)
from forecourt.core.refusals import Refused
from tests.cast import membership, organization, signed_in

FAULTS = ("429", "500 before", "500 after", "drop before", "drop after")


def later(**time) -> None:
    """Let time pass for the calls that are open."""
    organization("acme")
    shift = dt.timedelta(**time)
    ProviderCall.objects.update(sent_at=F("sent_at") - shift, tried_at=F("tried_at") - shift)


def persist(told, hours: int = 1) -> None:
    """Work on, with enough time between the tries for a new key."""
    for _ in range(4):
        work(rounds=1)
        later(hours=hours)
        client.forget()
        ProcrastinateJob.objects.filter(task_name="billing.stripe_settle").update(status="todo")
    told()


@pytest.fixture
def told(world, stripe):
    """Acme has a card; called, it delivers what Stripe tells."""
    return with_method(stripe)


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize("hours", [1, 25])
def test_a_subscription_is_begun_once(told, stripe, how, hours):
    stripe.fault("POST /v1/subscriptions$", how)
    made = of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    work(rounds=1)
    later(hours=hours)
    stripe.turn(seconds=hours * 3_600)
    persist(told, hours)
    assert len(stripe.effects("POST /v1/subscriptions")) == 1
    assert again(made).license.seats == 3 and len(copied()) == 1
    assert ProviderCall.objects.filter(status="open").count() == 0


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize("hours", [1, 25])
def test_a_cancellation_reaches_stripe_whatever_happens(told, stripe, how, hours):
    made = subscribed(stripe, told)
    stripe.fault(f"POST /v1/subscriptions/{made.external_id}", how)
    actions.cancel_subscription(membership("acme", ADMIN), subscription_id=made.pk)
    work(rounds=1)
    stripe.turn(seconds=hours * 3_600)
    persist(told, hours)
    assert there(stripe, made)["cancel_at_period_end"]
    assert len(stripe.effects(f"POST /v1/subscriptions/{made.external_id}")) == 1
    assert again(made).cancels_at_period_end and not again(made).license.renews


@pytest.mark.parametrize("how", FAULTS)
def test_further_seats_are_charged_once(told, stripe, how):
    made = subscribed(stripe, told)
    stripe.fault(f"POST /v1/subscriptions/{made.external_id}", how)
    actions.change_seats(membership("acme", ADMIN), subscription_id=made.pk, seats=9)
    persist(told)
    assert len(stripe.charges()) == len(copied()) == 2
    assert again(made).seats == there(stripe, made)["items"]["data"][0]["quantity"] == 9


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize("hours", [1, 25])
def test_money_is_given_back_once(told, stripe, how, hours):
    subscribed(stripe, told)
    stripe.fault("POST /v1/refunds", how)
    of_stripe.refund_payment(staff(), invoice_id=copied()[0].pk, amount=10_00)
    work(rounds=1)
    stripe.turn(seconds=hours * 3_600)
    persist(told, hours)
    assert [each["amount"] for each in stripe.world.all("refund")] == [10_00]
    assert copied()[0].paid == 40_00


@pytest.mark.parametrize("how", FAULTS)
def test_an_organization_is_one_customer(world, stripe, how):
    """The view gave up on it; the job goes on."""
    stripe.fault("POST /v1/customers$", how)
    answer = signed_in(ADMIN).post("/o/acme/billing/payment-method/")
    assert answer["Location"] == "/o/acme/billing/"
    later(hours=1)
    client.forget()
    work()
    assert len(stripe.effects("POST /v1/customers")) == 1
    answer = signed_in(ADMIN).post("/o/acme/billing/payment-method/")
    assert answer["Location"].startswith(stripe.base)
    assert len(stripe.world.all("customer")) == 1


def test_a_key_is_not_replaced_while_a_request_may_be_under_way(told, stripe):
    stripe.fault("POST /v1/subscriptions$", "500 before")
    of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    work(rounds=3)
    organization("acme")
    call = ProviderCall.objects.get(kind="start")
    assert (call.generation, call.is_spent, call.status) == (1, True, "open")
    assert len([each for each in stripe.calls if each == "POST /v1/subscriptions 500"]) == 1


def test_two_who_go_on_with_the_same_call_take_one_new_key(told, stripe):
    stripe.fault("POST /v1/subscriptions$", "500 before")
    of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    work(rounds=1)
    later(minutes=5)
    organization("acme")
    call = ProviderCall.objects.get(kind="start")
    assert calls._with_good_key(call).generation == 2
    with pytest.raises(client.Unknown, match="somebody else"):
        calls._with_good_key(call)


def test_nobody_starts_the_same_plan_twice_at_once(told, stripe):
    of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    with pytest.raises(Refused, match="being started"):
        of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    told()
    assert len(stripe.charges()) == 1


@pytest.mark.parametrize("seats", [0, -1, 10**9])
def test_seats_that_are_none_are_not_asked_for(told, stripe, seats):
    with pytest.raises(Refused):
        of_stripe.start_with_stripe(staff(), plan=monthly(), seats=seats)
    assert not ProviderCall.objects.filter(kind="start").exists()


def test_without_a_payment_method_nothing_starts(world, stripe):
    with pytest.raises(Refused, match="no payment method"):
        of_stripe.start_with_stripe(staff(), plan=monthly(), seats=1)
    assert not Subscription.objects.filter(provider="stripe").exists()


def test_a_start_that_stripe_refuses_never_was(told, stripe):
    stripe.fault("POST /v1/subscriptions$", "refuse")
    made = of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    told()
    assert again(made).has_ended and again(made).license is None
    of_stripe.start_with_stripe(staff(), plan=monthly(), seats=3)
    told()
    assert len(stripe.charges()) == 1


def test_of_two_wishes_the_later_one_counts(told, stripe):
    made = subscribed(stripe, told)
    stripe.fault(f"POST /v1/subscriptions/{made.external_id}", "429")
    ids = {"subscription_id": made.pk}
    actions.cancel_subscription(membership("acme", ADMIN), **ids)
    actions.resume_subscription(membership("acme", ADMIN), **ids)
    job = ProcrastinateJob.objects.filter(task_name="billing.stripe_settle", status="todo")
    first, second = [each.args for each in job.order_by("id")]
    with pytest.raises(client.Away):
        calls.settle(**second)  # the first one's turn
    client.forget()
    calls.settle(**second)
    calls.settle(**first)
    told()
    assert not there(stripe, made)["cancel_at_period_end"]
    assert not again(made).cancels_at_period_end


def test_what_is_wished_is_not_undone_by_what_stripe_says_meanwhile(told, stripe):
    made = subscribed(stripe, told)
    stripe.fault(f"POST /v1/subscriptions/{made.external_id}", "429", times=2)
    actions.cancel_subscription(membership("acme", ADMIN), subscription_id=made.pk)
    with pytest.raises(client.Away):
        calls.settle(made.organization_id, ProviderCall.objects.latest("pk").pk)
    client.forget()
    looking.refresh(made.external_id)
    assert again(made).cancels_at_period_end
    told()
    assert there(stripe, made)["cancel_at_period_end"] and again(made).cancels_at_period_end


def test_two_workers_and_a_late_event_charge_an_open_invoice_once(told, stripe):
    """A new card pays at once what the old one could not."""
    made = subscribed(stripe, told)
    stripe.behaves(customer().method_id, "fails")
    stripe.turn(days=32)
    told()
    assert again(made).status == "past_due"
    stripe.fault("/pay$", "drop after")
    signed_in(ADMIN).post("/o/acme/billing/payment-method/")
    stripe.complete(stripe.world.all("checkout.session")[-1]["id"])
    told()
    organization("acme")
    call = ProviderCall.objects.get(kind="pay")
    ProviderCall.objects.update(status="open")  # as if neither knew of the other
    threads = [
        threading.Thread(target=calls.HOW["pay"].send, args=(_api(), call)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    calls.settle(call.organization_id, call.pk)
    told()
    assert len(stripe.charges()) == 2 and again(made).status == "active"


def _api():
    with client.asking(waits=True) as api:
        return api


def test_what_stripe_collected_itself_meanwhile_is_no_refusal(told, stripe):
    call = to_be_paid(stripe, told)
    stripe.pay(call.params["invoice"])
    calls.settle(call.organization_id, call.pk)
    told()
    organization("acme")
    assert ProviderCall.objects.get(pk=call.pk).status == "done" and len(stripe.charges()) == 2


def test_a_payment_that_nobody_could_ask_for_in_a_day_is_left_to_stripe(told, stripe):
    call = to_be_paid(stripe, told)
    stripe.fault("/pay$", "429")
    with pytest.raises(client.Away):
        calls.settle(call.organization_id, call.pk)
    later(hours=25)
    client.forget()
    calls.settle(call.organization_id, call.pk)
    organization("acme")
    assert ProviderCall.objects.get(pk=call.pk).status == "refused"
    assert len([each for each in stripe.calls if each.startswith("POST") and "/pay" in each]) == 1


def to_be_paid(stripe, told) -> ProviderCall:
    """That an invoice which could not be paid be tried again."""
    made = subscribed(stripe, told)
    stripe.behaves(customer().method_id, "fails")
    stripe.turn(days=32)
    told()
    params = {"about": "x", "kind": "pay", "params": {"invoice": copied()[-1].external_id}}
    return ProviderCall.objects.create(organization_id=made.organization_id, **params)
