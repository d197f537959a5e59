"""What happens to a subscription, and to the license that it pays for."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.billing import actions, clock, periods
from forecourt.billing.models import Invoice, Subscription
from forecourt.billing.tests.books import a_plan, a_subscription, due_today, invoices, staff
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Forbidden, Gone, Refused
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from forecourt.products.models import License, Seat
from tests.cast import membership, organization


@pytest.fixture
def yearly(world) -> Subscription:
    """Five seats of Acme's from today on, 320 euros each."""
    return a_subscription()


def now(subscription: Subscription) -> Subscription:
    organization("acme")
    return Subscription.objects.select_related("license").get(pk=subscription.pk)


def refused(field: str, sentence: str, act, *args, **more) -> None:
    """It is refused there, with a sentence, and nothing was changed."""
    before = list(Subscription.objects.order_by("pk").values()), Invoice.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        act(*args, **more)
    assert refusal.value.field == field
    organization("acme")
    assert (list(Subscription.objects.order_by("pk").values()), Invoice.objects.count()) == before


def take_seats(license: License, number: int) -> None:
    """So many members of Acme have a seat."""
    for place in range(number):
        user = User.objects.create(email=f"seat{place}@acme.example")
        member = Membership.objects.create(organization_id=license.organization_id, user=user)
        Seat.objects.create(organization_id=license.organization_id, license=license, member=member)


def test_starting_grants_a_license_for_the_first_period_and_issues_its_invoice(yearly):
    today, end = periods.today(), periods.first_day(periods.today(), 12, 1)
    license = yearly.license
    assert (license.plan, license.seats, license.renews) == ("Per admin, yearly", 5, True)
    assert (license.starts_at, license.ends_at) == (periods.moment(today), periods.moment(end))
    assert license.keys.count() == 1
    invoice = invoices().get()
    assert (invoice.period_start, invoice.period_end, invoice.total) == (today, end, 1904_00)
    assert invoice.due_on == today + dt.timedelta(days=14) and invoice.status == "open"


def test_a_price_of_its_own_is_what_it_costs_and_nothing_is_not_invoiced(world):
    plan = a_plan()
    actions.start_subscription(staff(), plan=plan.slug, seats=2, unit_amount=100_00)
    assert invoices().get().net == 200_00
    actions.start_subscription(staff(), plan=plan.slug, seats=2, unit_amount=0)
    assert (
        invoices().count() == 1 and License.objects.filter(subscription__isnull=False).count() == 2
    )


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"seats": 0}, "seats", "From 1 to"),
        ({"seats": -1}, "seats", "From 1 to"),
        ({"seats": 10**9}, "seats", "From 1 to"),
        ({"unit_amount": -1}, "unit_amount", "no price"),
        ({"unit_amount": 10**13}, "unit_amount", "no price"),
        ({"starts_on": dt.date(2020, 1, 1)}, "starts_on", "a month"),
        ({"starts_on": dt.date(2999, 1, 1)}, "starts_on", "a month"),
        ({"plan": "nothing"}, "plan", "No plan"),
    ],
)
def test_what_makes_no_subscription_is_refused(world, more, field, sentence):
    values = {"plan": a_plan().slug, "seats": 5, **more}
    refused(field, sentence, actions.start_subscription, staff(), **values)
    assert not AuditEvent.objects.filter(event="subscription.started").exists()


def test_a_withdrawn_plan_starts_nothing_but_what_has_it_goes_on(yearly):
    plan = yearly.plan.slug
    actions.withdraw_plan(staff(), plan=plan)
    refused("plan", "offered", actions.start_subscription, staff(), plan=plan, seats=1)
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=6)


def test_canceling_keeps_everything_until_the_period_ends_and_says_why(yearly):
    member = membership("acme", "admin@acme.example")
    actions.cancel_subscription(member, subscription_id=yearly.pk, reason=" We moved.\nSorry. ")
    after = now(yearly)
    assert after.cancels_at_period_end and after.cancel_reason == "We moved.\nSorry."
    assert after.status == "active" and after.license.is_valid and not after.license.renews
    assert after.license.ends_at == periods.moment(after.period_end)
    event = AuditEvent.objects.get(event="subscription.canceled")
    assert event.after == {"ends_on": after.period_end.isoformat(), "reason": "We moved.\nSorry."}
    actions.cancel_subscription(member, subscription_id=yearly.pk, reason="again")
    assert now(yearly).cancel_reason == "We moved.\nSorry."


def test_resuming_makes_it_as_it_was(yearly):
    actions.cancel_subscription(staff(), subscription_id=yearly.pk, reason="no")
    actions.resume_subscription(staff(), subscription_id=yearly.pk)
    after = now(yearly)
    assert (after.cancels_at_period_end, after.canceled_at, after.cancel_reason) == (
        False,
        None,
        "",
    )
    assert after.license.renews and after.license.ends_at == yearly.license.ends_at
    actions.resume_subscription(staff(), subscription_id=yearly.pk)
    assert AuditEvent.objects.filter(event="subscription.resumed").count() == 1


def test_ending_ends_the_license_now_and_for_good(yearly):
    actions.end_subscription(staff(), subscription_id=yearly.pk)
    after = now(yearly)
    assert after.has_ended and after.ended_at and after.license.has_ended
    assert not after.license.renews
    name = {"subscription_id": yearly.pk}
    for act in (actions.cancel_subscription, actions.resume_subscription, actions.end_subscription):
        refused(None, "has ended", act, staff(), **name)
    refused(None, "has ended", actions.change_seats, staff(), **name, seats=7)
    assert clock.renew() == clock.Run()


def test_nobody_cancels_or_resumes_when_the_period_is_over(world):
    made = due_today()
    refused(None, "ended", actions.cancel_subscription, staff(), subscription_id=made.pk)
    refused(None, "ended", actions.change_seats, staff(), subscription_id=made.pk, seats=9)


@pytest.mark.parametrize("act", ["cancel_subscription", "resume_subscription", "end_subscription"])
def test_another_organizations_subscription_is_not_there(yearly, act):
    with pytest.raises(Gone):
        getattr(actions, act)(staff("globex"), subscription_id=yearly.pk)
    with pytest.raises(Gone):
        actions.change_seats(staff("globex"), subscription_id=yearly.pk, seats=6)
    assert now(yearly).cancels_at_period_end is False


def test_a_member_changes_nothing(yearly):
    member = membership("acme", "member@acme.example")
    name = {"subscription_id": yearly.pk}
    for act, more in (
        (actions.cancel_subscription, {}),
        (actions.resume_subscription, {}),
        (actions.change_seats, {"seats": 9}),
        (actions.end_subscription, {}),
    ):
        with pytest.raises(Forbidden):
            act(member, **name, **more)


def test_more_seats_hold_at_once_and_cost_their_part_of_the_period_by_the_day(world):
    made = a_subscription(ago=30)
    actions.change_seats(staff(), subscription_id=made.pk, seats=8)
    after, invoice = now(made), invoices().last()
    assert (after.seats, after.next_seats, after.license.seats) == (8, None, 8)
    whole = (made.period_end - made.period_start).days
    assert invoice.net == round(3 * 320_00 * (whole - 30) / whole)
    line = invoice.lines.get()
    assert (line.quantity, line.starts_on) == (3, periods.today())
    assert line.ends_on == made.period_end - dt.timedelta(days=1)
    assert invoice.period_start is None and invoices().count() == 2


def test_more_seats_before_the_first_day_cost_the_whole_period(world):
    made = a_subscription(ago=-10)
    actions.change_seats(staff(), subscription_id=made.pk, seats=6)
    line = invoices().last().lines.get()
    assert (line.net, line.starts_on) == (320_00, made.period_start)


def test_fewer_seats_wait_for_the_renewal_and_can_be_taken_back(yearly):
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=3)
    after = now(yearly)
    assert (after.seats, after.next_seats, after.license.seats) == (5, 3, 5)
    assert after.amount == 960_00 and invoices().count() == 1
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=3)  # again: nothing happens
    assert AuditEvent.objects.filter(event="subscription.seats_changed").count() == 1
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=5)
    assert now(yearly).next_seats is None and invoices().count() == 1
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=4)
    actions.change_seats(staff(), subscription_id=yearly.pk, seats=7)
    assert (now(yearly).seats, now(yearly).next_seats) == (7, None)
    assert invoices().last().net == 640_00


def test_seats_that_nobody_can_have_are_refused(yearly):
    change, name = actions.change_seats, {"subscription_id": yearly.pk}
    for seats in (0, -5, 10**9):
        refused("seats", "From 1 to", change, staff(), **name, seats=seats)
    take_seats(now(yearly).license, 4)
    refused("seats", "4 seats are taken", change, staff(), **name, seats=3)
    actions.cancel_subscription(staff(), **name)
    refused(None, "Resume it first", change, staff(), **name, seats=9)


def test_a_renewal_never_takes_a_seat_that_is_taken(world):
    """Fewer were asked for, and then more were taken."""
    made = due_today()
    Subscription.objects.filter(pk=made.pk).update(next_seats=2)
    take_seats(made.license, 4)
    clock.renew()
    after = now(made)
    assert (after.seats, after.license.seats, after.next_seats) == (4, 4, None)
    assert invoices().last().net == 4 * 320_00


@pytest.mark.parametrize(("given", "asked", "then"), [(9, None, 9), (None, None, None), (9, 2, 7)])
def test_a_renewal_never_takes_what_staff_gave_to_the_license_alone(world, given, asked, then):
    """It had five seats, then nine or any number of them, seven of which are taken."""
    made = due_today()
    License.objects.filter(pk=made.license_id).update(seats=given)
    Subscription.objects.filter(pk=made.pk).update(next_seats=asked)
    take_seats(made.license, 7)
    assert clock.renew().renewed == 1
    assert now(made).license.seats == then


def test_a_subscription_of_a_moment_ago_is_not_due(yearly):
    assert clock.renew() == clock.Run() and timezone.now() < now(yearly).license.ends_at
