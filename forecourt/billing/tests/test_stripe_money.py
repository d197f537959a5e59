"""Money by Stripe: nothing before it came, nothing twice, and nobody else's."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.billing.models import Invoice, ProviderCall
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import calls, looking
from forecourt.billing.tests.books import a_subscription, staff
from forecourt.billing.tests.by_stripe import (
    ADMIN,
    again,
    beside,
    copied,
    customer,
    monthly,
    subscribed,
    with_method,
    work,
)
from forecourt.core.models import Mail
from forecourt.core.refusals import Refused
from forecourt.products.models import License
from tests.cast import organization, run_jobs, signed_in, text_of
from tests.invariants import picture


@pytest.fixture
def told(world, stripe):
    return with_method(stripe)


def mails(kind: str, slug: str = "acme") -> list[Mail]:
    organization(slug)
    return list(Mail.objects.filter(kind=f"billing.{kind}").order_by("pk"))


def fail(stripe, told, made):
    """The renewal cannot be paid."""
    stripe.behaves(customer().method_id, "fails")
    stripe.turn(days=32)
    told()
    return copied()[-1]


def test_the_page_that_people_come_back_to_grants_nothing(world, stripe):
    admin = signed_in(ADMIN)
    admin.post("/o/acme/billing/payment-method/")
    before = picture()
    back = "/o/acme/billing/payment-method/return/"
    for question in ("", "?session_id=cs_of_somebody_else"):
        assert admin.get(back + question).status_code == 303
    assert picture() == before
    organization("acme")
    assert customer().method_id == ""
    with pytest.raises(Refused):
        of_stripe.start_with_stripe(staff(), plan=monthly(), seats=1)


def test_no_license_comes_before_the_money(told, stripe):
    stripe.behaves(customer().method_id, "needs_action")
    made = subscribed(stripe, told)
    assert made.license is None and made.status == "active"
    assert [invoice.status for invoice in copied()] == ["open"]
    assert mails("paid") == [] and len(mails("payment_failed")) > 0
    stripe.pay(copied()[0].external_id)
    told()
    assert again(made).license.is_valid
    assert [invoice.status for invoice in copied()] == ["paid"]


def test_what_is_not_paid_within_a_day_never_began(told, stripe):
    stripe.behaves(customer().method_id, "fails")
    made = subscribed(stripe, told)
    stripe.turn(days=1)
    told()
    assert again(made).has_ended and again(made).license is None
    assert [invoice.status for invoice in copied()] == ["void"]


def test_nobody_is_told_of_money_that_did_not_come(told, stripe):
    made = subscribed(stripe, told)
    already = len(mails("paid"))
    invoice = fail(stripe, told, made)
    assert (invoice.status, again(made).status) == ("open", "past_due")
    assert len(mails("paid")) == already
    to = {mail.to for mail in mails("payment_failed")}
    assert {"admin@acme.example", "primary@acme.example"} <= to
    stripe.pay(invoice.external_id)
    told()
    assert len(mails("paid")) == 2 * already and copied()[-1].status == "paid"


def test_the_mail_of_a_failure_says_what_is_to_be_paid_and_leads_to_billing(told, stripe, mailbox):
    invoice = fail(stripe, told, subscribed(stripe, told))
    run_jobs()
    found = [each for each in mailbox.to(ADMIN) if "did not go through" in each["Subject"]]
    assert invoice.number in found[0]["Subject"] and "€50.00" in text_of(found[0])
    assert "/o/acme/billing/" in text_of(found[0]) and stripe.base not in text_of(found[0])


def test_each_failure_is_told_once_and_none_after_it_was_paid(told, stripe):
    made = subscribed(stripe, told)
    invoice = fail(stripe, told, made)
    once = len(mails("payment_failed"))
    jobs = ProcrastinateJob.objects.filter(task_name="billing.stripe_tell_failed")
    asked = jobs.count()
    looking.refresh(invoice.external_id)
    assert jobs.count() == asked
    stripe.turn(days=3, seconds=4_000)
    told()
    assert len(mails("payment_failed")) == 2 * once
    stripe.turn(days=5)
    stripe.pay(invoice.external_id)
    told()  # of the third failure and of the payment together
    assert len(mails("payment_failed")) == 2 * once


def test_when_stripe_gives_up_the_subscription_and_the_license_end(told, stripe):
    made = subscribed(stripe, told)
    fail(stripe, told, made)
    assert again(made).license.is_valid  # as long as it is tried
    stripe.turn(days=20)
    told()
    now = again(made)
    assert now.has_ended and now.license.ends_at <= now.ended_at


def test_a_direct_debit_that_comes_back_is_not_paid(world, stripe):
    told = with_method(stripe, kind="sepa_debit", outcome="processing")
    made = subscribed(stripe, told)
    assert made.license.is_valid and copied()[0].status == "open"
    assert mails("payment_failed") == []  # it is under way
    stripe.settle(stripe.world.one("payment_intent")["id"], succeeds=False)
    told()
    assert again(made).status == "past_due" and mails("paid") == []
    assert mails("payment_failed") != []


def test_stripes_pages_are_for_whoever_may_pay_now_and_kept_nowhere(told, stripe, browser):
    invoice = fail(stripe, told, subscribed(stripe, told))
    here = f"/o/acme/billing/invoices/{invoice.pk}/payment/"
    for who, status in (
        ("", 302),
        ("member@acme.example", 403),
        ("admin@globex.example", 404),
        ("primary@acme.example", 302),
        (ADMIN, 302),
    ):
        answer = signed_in(who).get(here)
        assert answer.status_code == status, who
        is_stripes = answer.headers.get("Location", "").startswith(stripe.base)
        assert is_stripes == (who in ("primary@acme.example", ADMIN)), who
    assert (
        signed_in("admin@globex.example")
        .get(f"/o/globex/billing/invoices/{invoice.pk}/payment/")
        .status_code
        == 404
    )
    page = stripe.world.get(invoice.external_id, "invoice")["hosted_invoice_url"]
    organization("acme")
    assert not [row for row in Invoice.objects.values() if page in str(row)]
    assert not [row for row in Mail.objects.values() if page in str(row)]


def test_what_goes_back_is_noted_once_in_whatever_order_it_is_told(told, stripe):
    made = subscribed(stripe, told)
    stripe.turn(days=32)
    charge = stripe.charges()[-1]["id"]  # nobody here has heard of its invoice
    stripe.refund(charge, 20_00)
    stripe.refund(charge)
    news = stripe.events[told.known :][::-1]
    assert set(stripe.deliver(Client(), *news, *news)) == {200}
    work()
    invoice = copied()[-1]
    amounts = sorted(payment.amount for payment in invoice.payments.all())
    assert amounts == [-30_00, -20_00, 50_00]
    assert (invoice.status, invoice.paid) == ("paid", 0)
    assert again(made).license.is_valid  # what was given back changes no license


def test_a_refund_that_fails_is_money_that_stayed(told, stripe):
    subscribed(stripe, told)
    refund = stripe.refund(stripe.charges()[0]["id"], 20_00)
    told()
    assert copied()[0].paid == 30_00
    refund["status"] = "failed"
    stripe.world.get(refund["charge"], "charge")["amount_refunded"] = 0
    stripe.world.emit("refund.failed", refund)
    told()
    assert copied()[0].paid == 50_00 and copied()[0].payments.count() == 3


@pytest.mark.parametrize("won", [True, False])
def test_a_disputed_payment_suspends_the_license_until_it_is_won(told, stripe, won):
    made = subscribed(stripe, told)
    dispute = stripe.dispute(stripe.charges()[0]["id"])
    told()
    assert again(made).license.status == License.Status.SUSPENDED
    assert beside(copied()[0]).dispute == "open"
    stripe.decide(dispute["id"], won=won)
    stripe.deliver(Client(), *stripe.events)  # all of it once more
    told()
    assert again(made).license.is_valid == won
    assert beside(copied()[0]).dispute == ("won" if won else "lost")


def test_a_dispute_that_is_told_before_the_license_is_there_holds_it_back(told, stripe):
    made = of_stripe.start_with_stripe(staff(), plan=monthly(), seats=1)
    calls.settle(made.organization_id, ProviderCall.objects.get(kind="start").pk)
    stripe.dispute(stripe.charges()[0]["id"])
    looking.refresh(stripe.world.one("invoice")["id"])
    assert again(made).license is None
    told()
    assert again(made).license.is_suspended


def test_what_staff_suspended_stays_so_when_no_dispute_was(told, stripe):
    made = subscribed(stripe, told)
    License.objects.filter(pk=made.license.pk).update(status="suspended")
    stripe.turn(days=32)
    stripe.decide(stripe.dispute(stripe.charges()[0]["id"])["id"], won=True)
    told()  # of a dispute that was won before anybody here heard of it
    assert again(made).license.is_suspended


def test_an_invoice_of_ours_has_no_page_at_stripe(told, stripe):
    ours = a_subscription()
    invoice = Invoice.objects.get(subscription=ours)
    here = f"/o/acme/billing/invoices/{invoice.pk}/payment/"
    assert signed_in(ADMIN).get(here).status_code == 404


def test_more_than_was_paid_cannot_be_given_back(told, stripe):
    subscribed(stripe, told)
    invoice = copied()[0]
    for amount in (0, -1, 50_01):
        with pytest.raises(Refused):
            of_stripe.refund_payment(staff(), invoice_id=invoice.pk, amount=amount)
    assert not stripe.world.all("refund")
