"""Many clocks at once, and people who change something at the same moment: every period is renewed
once, or ended, never both (A173, F31, F32)."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing import clock, periods
from forecourt.billing.accounts import account_of
from forecourt.billing.models import (
    BillingAccount,
    BillingDetails,
    Invoice,
    InvoiceLine,
    Numbering,
    Subscription,
)
from forecourt.billing.tests.books import a_plan, a_subscription, due_today, invoices
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Contact, Organization, lock
from forecourt.products.models import License, Product
from tests.cast import organization, signed_in
from tests.invariants import verify
from tests.racing import at_once, post, start, wait_until

CROWD, EACH = 60, 5


@pytest.fixture
def crowd(committed_world) -> int:
    """Sixty organizations, each with five subscriptions that are due today; how many those are."""
    plan, product = a_plan(interval="month", unit_amount=10_00), Product.objects.get(slug="deploy")
    starts = periods.first_day(periods.today(), 1, -1)
    for pk in range(101, 101 + CROWD):
        with transaction.atomic(), scope.organization(pk):
            contact = Contact(pk=pk, organization_id=pk, name="C", email=f"c{pk}@crowd.example")
            row = Organization(pk=pk, name=f"C{pk}", slug=f"c{pk}", primary_contact=contact)
            row.save(force_insert=True)
            contact.save(force_insert=True)
            account_of(row)
            for _ in range(EACH):
                license = License.objects.create(
                    organization=row, product=product, plan=plan.name, seats=2, renews=True,
                    starts_at=periods.moment(starts), ends_at=periods.moment(periods.today()),
                )  # fmt: skip
                Subscription.objects.create(
                    organization=row, plan=plan, license=license, seats=2, unit_amount=10_00,
                    anchor_date=starts, period_start=starts,
                    period_end=periods.first_day(starts, 1, 1),
                )  # fmt: skip
    return CROWD * EACH


def numbers() -> list[int]:
    """The numbers of all invoices, in order."""
    with scope.across_organizations("a test looks"):
        found = Invoice.objects.values_list("number", flat=True)
        return sorted(int(number.rpartition("-")[2]) for number in found)


def without_gap() -> bool:
    found = numbers()
    return found == [*range(1, len(found) + 1)] and Numbering.objects.get().last == len(found)


def told() -> list[int]:
    """The ids of the invoices that a job will send, as often as one will."""
    jobs = ProcrastinateJob.objects.filter(task_name="billing.tell_invoices")
    with scope.across_organizations("a test looks"):
        ids = list(Invoice.objects.values_list("pk", flat=True))
    spans = [(job.args["after"], job.args["upto"]) for job in jobs]
    return sorted(pk for pk in ids for after, upto in spans if after < pk <= upto)


def test_twelve_clocks_at_once_renew_everything_once(crowd, monkeypatch):
    """F32: four schedulers and eight workers, in rounds so small that all of them get to work."""
    monkeypatch.setattr(clock, "AT_ONCE", 40)
    runs = at_once(*[clock.renew] * 12)
    assert sum(run.renewed for run in runs) == sum(run.issued for run in runs) == crowd
    assert not any(run.failed for run in runs) and without_gap() and len(numbers()) == crowd
    with scope.across_organizations("a test looks"):
        found = list(Invoice.objects.values_list("subscription_id", "period_start"))
        assert len(set(found)) == len(found) == InvoiceLine.objects.count() == crowd
        assert set(Subscription.objects.values_list("period", flat=True)) == {1}
        assert AuditEvent.objects.filter(event="subscription.renewed").count() == crowd
        ids = sorted(Invoice.objects.values_list("pk", flat=True))
    assert told() == ids
    assert clock.renew() == clock.Run()
    verify()


def test_a_clock_goes_round_an_organization_that_somebody_holds_and_comes_back(crowd):
    answers: dict[int, clock.Run] = {}
    with transaction.atomic():
        with scope.organization(101):
            lock(101)
        thread = start(clock.renew, answers, 0)
        for _ in range(100):
            if len(numbers()) == crowd - EACH:
                break
            connection.cursor().execute("select pg_sleep(0.05)")
        assert len(numbers()) == crowd - EACH
    thread.join(20)
    assert answers[0].renewed == crowd and without_gap()


def test_canceling_at_the_moment_of_the_renewal_ends_or_renews_never_both(committed_world):
    """Tomorrow's are renewed today, two hours before midnight."""
    client, outcomes = signed_in("admin@acme.example"), []
    tomorrow = periods.today() + dt.timedelta(days=1)
    for number in range(8):
        made = due_today(slug=f"p{number}")
        with transaction.atomic(), scope.organization(1):
            Subscription.objects.filter(pk=made.pk).update(
                period_end=tomorrow, anchor_date=periods.first_day(tomorrow, 12, -1)
            )
        cancel = post(client, f"/o/acme/billing/subscriptions/{made.pk}/cancellation/")
        answer, run = at_once(cancel, lambda: clock.renew(tomorrow))
        organization("acme")
        now = Subscription.objects.get(pk=made.pk)
        issued = invoices().filter(subscription=made, period_start=tomorrow).count()
        outcomes.append((answer, now.period, issued, now.status, run.renewed, run.ended))
        clock.renew(tomorrow)
        organization("acme")
    ended, renewed = (303, 0, 0, "ended", 0, 1), (303, 1, 1, "active", 1, 0)
    assert {*outcomes} <= {ended, renewed, (422, 0, 0, "ended", 0, 1)}
    assert without_gap()
    verify()


def test_details_that_change_while_the_clock_waits_are_those_of_the_invoice(committed_world):
    """It has read them and reckoned the tax; then it sees that they are others, and begins anew."""
    due, answers = due_today(), {}
    with transaction.atomic():
        Numbering.objects.select_for_update().get()
        thread = start(clock.renew, answers, 0)
        wait_until(1)
        with scope.organization(1):
            lock(1)
            details = BillingDetails.objects.create(
                organization_id=1, company="Acme AG", country="CH", email="new@acme.example"
            )
            BillingAccount.objects.filter(pk=1).update(details=details)
    thread.join(20)
    assert answers[0].renewed == 1
    invoice = invoices().get(subscription=due, period_start=due.period_end)
    assert (invoice.buyer.company, invoice.tax) == ("Acme AG", 0)
    assert invoice.lines.get().tax_category == "G" and without_gap()


def test_a_tax_id_that_turns_out_wrong_while_the_clock_waits_is_reckoned_with(committed_world):
    due, answers = due_today(), {}
    with transaction.atomic(), scope.organization(1):
        details = BillingDetails.objects.create(
            organization_id=1, company="A", country="FR", tax_id="FR1", email="new@acme.example"
        )
        BillingAccount.objects.filter(pk=1).update(details=details)
    with transaction.atomic():
        Numbering.objects.select_for_update().get()
        thread = start(clock.renew, answers, 0)
        wait_until(1)
        with scope.organization(1):
            BillingAccount.objects.filter(pk=1).update(tax_id_state="invalid")
    thread.join(20)
    line = invoices().get(subscription=due, period_start=due.period_end).lines.get()
    assert (line.tax_category, line.tax_rate) == ("S", 20)


@pytest.mark.parametrize("days", [1, 31, 366])
def test_a_clock_that_jumps_ahead_and_back_renews_no_period_twice(world, monkeypatch, days):
    """F31: what was renewed too early stays so, and is not renewed again when its day comes."""
    a_subscription(interval="month", unit_amount=10_00)
    due_today(interval="month", unit_amount=11_00, slug="due")
    real, starts = timezone.now, []
    for ahead in (0, -1, 0, days, -days, 0, days, 0):
        moment = real() + dt.timedelta(days=ahead)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert clock.renew().failed == []
        organization("acme")
        rows = Invoice.objects.order_by("pk")
        starts = list(rows.values_list("subscription_id", "period_start"))
        assert len(set(starts)) == len(starts)
    for made in Subscription.objects.all():
        mine = [start for pk, start in starts if pk == made.pk]
        counted = [periods.first_day(made.anchor_date, 1, n) for n in range(made.period + 1)]
        assert mine[1:] == counted[1:] and made.period_end == periods.first_day(
            made.anchor_date, 1, made.period + 1
        )
    for row in Numbering.objects.all():
        found = Invoice.objects.filter(number__startswith=row.series).order_by("pk")
        assert [int(i.number[-5:]) for i in found] == [*range(1, row.last + 1)]
