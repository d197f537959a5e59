"""The billing clock: what is due is renewed, once."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.billing import actions, clock, periods
from forecourt.billing.models import Invoice, Numbering, Subscription
from forecourt.billing.tests.books import due_today, invoices, staff
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Refused
from forecourt.products.models import License
from tests.cast import organization


@pytest.fixture
def due(world) -> Subscription:
    """A yearly subscription of Acme's whose period ends today."""
    return due_today()


def test_what_is_due_is_renewed_with_an_invoice_and_its_license(due):
    run = clock.renew()
    organization("acme")
    now = Subscription.objects.get(pk=due.pk)
    assert (run.renewed, run.issued, run.ended) == (1, 1, 0)
    assert now.period_start == due.period_end and now.period == 1
    assert now.license.ends_at == periods.moment(now.period_end) and now.license.renews
    invoice = invoices().last()
    assert (invoice.net, invoice.tax, invoice.total) == (1600_00, 304_00, 1904_00)
    assert (invoice.period_start, invoice.period_end) == (now.period_start, now.period_end)
    assert AuditEvent.objects.get(event="subscription.renewed").after["invoice"] == invoice.number


def test_a_second_run_finds_nothing(due):
    clock.renew()
    assert clock.renew() == clock.Run()
    assert invoices().count() == 2


def test_a_canceled_one_ends_without_an_invoice(due):
    Subscription.objects.filter(pk=due.pk).update(
        cancels_at_period_end=True, canceled_at=timezone.now()
    )
    run = clock.renew()
    assert (run.renewed, run.issued, run.ended) == (0, 0, 1)
    organization("acme")
    assert Subscription.objects.get(pk=due.pk).has_ended and invoices().count() == 1


def test_months_that_were_missed_are_made_up_one_by_one(world):
    made = due_today(periods_ago=3, interval="month", unit_amount=10_00)
    run = clock.renew()
    assert run.issued == 3
    starts = [invoice.period_start for invoice in invoices()][1:]
    assert starts == [periods.first_day(made.anchor_date, 1, n) for n in (1, 2, 3)]


def test_numbers_have_no_gap_and_a_refused_invoice_gives_its_number_back(due):
    with pytest.raises(Refused):
        actions.credit_invoice(staff(), invoice_id=invoices().last().pk, reason="")
    clock.renew()
    numbers = [invoice.number for invoice in invoices()]
    year = timezone.localdate().year
    assert numbers == [f"LT-{year}-00001", f"LT-{year}-00002"]
    assert Numbering.objects.get().last == 2


def test_fewer_seats_hold_from_the_renewal_on(due):
    Subscription.objects.filter(pk=due.pk).update(next_seats=3)
    clock.renew()
    organization("acme")
    now = Subscription.objects.get(pk=due.pk)
    assert (now.seats, now.next_seats, now.license.seats) == (3, None, 3)
    assert invoices().last().net == 960_00


def test_a_price_of_nothing_renews_without_an_invoice(world):
    due_today(unit_amount=0)
    run = clock.renew()
    assert (run.renewed, run.issued) == (1, 0) and not Invoice.objects.exists()


def test_what_staff_end_is_over_at_once_and_is_not_renewed(due):
    actions.end_subscription(staff(), subscription_id=due.pk)
    now = Subscription.objects.get(pk=due.pk)
    assert now.has_ended and now.license.has_ended
    assert clock.renew() == clock.Run()
    with pytest.raises(Refused):
        actions.end_subscription(staff(), subscription_id=due.pk)


def test_a_withdrawn_plan_is_offered_no_more_and_kept_by_who_has_it(due):
    actions.withdraw_plan(System(), plan=due.plan.slug)
    with pytest.raises(Refused):
        actions.start_subscription(staff(), plan=due.plan.slug, seats=1)
    assert clock.renew().renewed == 1


def test_only_the_demo_turns_its_clock_ahead(due, settings):
    ahead = timezone.localdate() + dt.timedelta(days=400)
    settings.DEMO = False
    with pytest.raises(Refused):
        clock.renew(ahead)
    settings.DEMO = True
    run = clock.renew(ahead)
    assert run.issued == 2
    assert [i.issued_on for i in invoices()][1:] == [
        timezone.localdate(),
        periods.first_day(due.anchor_date, 12, 2),
    ]


def test_what_is_wrong_in_one_organization_does_not_hold_up_the_others(due):
    other = due_today("globex", slug="of-globex")
    organization("acme")
    License.objects.filter(pk=due.license_id).update(
        starts_at=timezone.now() + dt.timedelta(days=999),
        ends_at=timezone.now() + dt.timedelta(days=9999),
    )
    run = clock.renew()
    assert (run.renewed, run.failed) == (1, [due.organization_id])
    organization("globex")
    assert Subscription.objects.get(pk=other.pk).period == 1
    assert invoices("acme").count() == 1
    assert [i.number[-5:] for i in invoices("globex")] == ["00002", "00003"]
