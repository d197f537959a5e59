"""The process is killed (-9) before every statement and on both sides of every commit of renewing,
starting, canceling and paying: nothing is lost, nothing comes twice, no number is left out."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing import actions, clock, periods
from forecourt.billing.models import Invoice, Numbering, Payment, Subscription
from forecourt.billing.tests.books import a_plan, a_subscription, due_today, invoices, staff
from forecourt.config.cli import main
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from tests.cast import organization, signed_in
from tests.test_crash_points import at_every_boundary


@pytest.fixture
def admin(committed_world) -> Client:
    return signed_in("admin@acme.example")


def audited(event: str, pk: int) -> bool:
    return AuditEvent.objects.filter(event=event, object_id=str(pk)).count() == 1


def asked(task: str, **arguments: int) -> bool:
    """The job is there, once."""
    jobs = ProcrastinateJob.objects.filter(task_name=f"billing.{task}")
    return jobs.filter(**{f"args__{key}": value for key, value in arguments.items()}).count() == 1


def without_gap() -> None:
    organization("acme")
    found = [int(invoice.number[-5:]) for invoice in invoices()]
    assert found == [*range(1, len(found) + 1)]
    assert [row.last for row in Numbering.objects.all()] in ([], [len(found)])


def test_renewing(committed_world):
    made: dict[int, Subscription] = {}

    def prepare(number):
        made[number] = due_today(slug=f"p{number}")
        return lambda: int(clock.renew().renewed > 0)

    def done(number):
        without_gap()
        was = made[number]
        now = Subscription.objects.select_related("license").get(pk=was.pk)
        issued = Invoice.objects.filter(subscription=was, period_start=was.period_end)
        jobs = ProcrastinateJob.objects.filter(task_name="billing.tell_invoices")
        return (
            now.period == 1,
            now.license.ends_at == periods.moment(periods.first_day(was.anchor_date, 12, 2)),
            issued.count() == 1,
            audited("subscription.renewed", was.pk),
            any(jobs.filter(args__upto__gte=each.pk, args__after__lt=each.pk) for each in issued),
        )

    at_every_boundary(prepare, 1, done)
    clock.renew()  # What was cut off is made up.
    organization("acme")
    assert set(Subscription.objects.values_list("period", flat=True)) == {1}
    assert Invoice.objects.count() == 2 * len(made)
    without_gap()


def test_starting(committed_world):
    def prepare(number):
        plan = a_plan(slug=f"p{number}").slug
        return lambda: actions.start_subscription(System(1), plan=plan, seats=5).seats

    def done(number):
        without_gap()
        found = Subscription.objects.filter(plan__slug=f"p{number}").first()
        issued = Invoice.objects.filter(subscription=found).first() if found else None
        return (
            found is not None and found.license_id is not None,
            issued is not None and issued.lines.count() == 1,
            found is not None and audited("subscription.started", found.pk),
            issued is not None and audited("invoice.issued", issued.pk),
            issued is not None and asked("tell_invoice", invoice_id=issued.pk),
        )

    at_every_boundary(prepare, 5, done)


def test_canceling(admin):
    made: dict[int, Subscription] = {}

    def prepare(number):
        made[number] = a_subscription(slug=f"p{number}")
        here = f"/o/acme/billing/subscriptions/{made[number].pk}/cancellation/"
        return lambda: admin.post(here, {"reason": "We moved."}).status_code

    def done(number):
        organization("acme")
        now = Subscription.objects.select_related("license").get(pk=made[number].pk)
        return (
            now.cancels_at_period_end,
            now.cancel_reason == "We moved.",
            not now.license.renews,
            audited("subscription.canceled", now.pk),
            asked("tell_changed", subscription_id=now.pk),
        )

    at_every_boundary(prepare, 303, done)


def test_paying(committed_world):
    made: dict[int, Invoice] = {}

    def prepare(number):
        a_subscription(slug=f"p{number}")
        made[number] = invoices().last()
        words = ["invoice", "paid", made[number].number]
        return lambda: main(words)

    def done(number):
        without_gap()
        now = Invoice.objects.get(pk=made[number].pk)
        payment = Payment.objects.filter(invoice=now).first()
        return (
            now.status == "paid" and now.paid == now.total,
            Payment.objects.filter(invoice=now, amount=now.total).count() == 1,
            audited("invoice.paid", now.pk),
            payment is not None and asked("tell_paid", payment_id=payment.pk),
        )

    at_every_boundary(prepare, 0, done)


def test_crediting(committed_world):
    made: dict[int, Invoice] = {}

    def prepare(number):
        a_subscription(slug=f"p{number}")
        made[number] = invoices().last()
        name = {"invoice_id": made[number].pk, "reason": "Wrong."}
        return lambda: actions.credit_invoice(staff(), **name).total

    def done(number):
        without_gap()
        now = Invoice.objects.get(pk=made[number].pk)
        notes = Invoice.objects.filter(credits=now)
        return (
            now.status == "credited" and now.credited == now.total,
            notes.count() == 1 and notes[0].lines.count() == 1,
            audited("invoice.credited", now.pk),
            notes.count() == 1 and asked("tell_invoice", invoice_id=notes[0].pk),
        )

    at_every_boundary(prepare, 1904_00, done)
