"""Paying by Stripe, from the first card to the last period."""

import datetime as dt

from django.utils import timezone

from forecourt.billing import actions
from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import papers, port
from forecourt.billing.tests.books import staff
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
from tests.cast import membership, signed_in


def test_an_admin_enters_a_card_on_stripes_page(world, stripe):
    with_method(stripe)
    paying = customer()
    assert (paying.method_brand, paying.method_last4) == ("visa", "4242")
    assert paying.method_expires_on == dt.date(2031, 8, 31)
    made = stripe.world.one("customer")
    assert (made["id"], made["name"]) == (paying.customer_id, "Acme")
    assert made["invoice_settings"]["default_payment_method"] == paying.method_id


def test_a_direct_debit_is_set_up_the_same_way(world, stripe):
    with_method(stripe, kind="sepa_debit")
    paying = customer()
    assert (paying.method_kind, paying.method_last4) == ("sepa_debit", "3000")
    assert paying.method_expires_on is None


def test_staff_start_a_subscription_and_its_first_payment_brings_the_license(
    world, stripe, mailbox
):
    made = subscribed(stripe, with_method(stripe))
    now = there(stripe, made)
    assert made.status == "active" and now["status"] == "active"
    assert made.license.seats == 5 and made.license.renews
    assert made.license.ends_at.timestamp() > now["items"]["data"][0]["current_period_end"]
    (invoice,) = copied()
    assert (invoice.total, invoice.status, invoice.paid) == (50_00, "paid", 50_00)
    assert invoice.payments.get().method == "Visa 4242"
    assert papers.paper(invoice).startswith(b"%PDF-")
    assert any(
        "received" in message["Subject"].lower() or invoice.number in message["Subject"]
        for message in mailbox.deliver()
    )


def test_it_renews_at_stripe_and_the_license_with_it(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    end = made.license.ends_at
    stripe.turn(days=32)
    told()
    now = again(made)
    assert now.period_start == made.period_end and now.license.ends_at > end
    assert [invoice.status for invoice in copied()] == ["paid", "paid"]


def test_a_cancellation_is_told_to_stripe_and_ends_with_the_period(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    ids = {"subscription_id": made.pk}
    actions.cancel_subscription(membership("acme", ADMIN), **ids, reason="Too dear")
    work()
    assert there(stripe, made)["cancel_at_period_end"]
    assert there(stripe, made)["cancellation_details"]["comment"] == "Too dear"
    assert not again(made).license.renews
    actions.resume_subscription(membership("acme", ADMIN), **ids)
    work()
    assert not there(stripe, made)["cancel_at_period_end"] and again(made).license.renews
    actions.cancel_subscription(membership("acme", ADMIN), **ids)
    told()
    stripe.turn(days=32)
    told()
    now = again(made)
    assert now.has_ended and now.license.ends_at.timestamp() == there(stripe, made)["ended_at"]
    assert len(copied()) == 1


def test_further_seats_cost_what_the_preview_said(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    now, later = port.preview_seats(made, 8)
    actions.change_seats(membership("acme", ADMIN), subscription_id=made.pk, seats=8)
    work()
    told()
    assert again(made).seats == again(made).license.seats == 8
    assert [invoice.total for invoice in copied()] == [50_00, now] and later == 80_00


def test_fewer_seats_hold_from_the_next_period_and_cost_nothing_now(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    member = membership("acme", ADMIN)
    actions.change_seats(member, subscription_id=made.pk, seats=2)
    told()
    assert (again(made).seats, again(made).next_seats) == (5, 2)
    assert there(stripe, made)["items"]["data"][0]["quantity"] == 2
    actions.change_seats(membership("acme", ADMIN), subscription_id=made.pk, seats=6)
    told()
    assert (again(made).seats, again(made).next_seats) == (6, None)
    extra = copied()[-1].total
    assert 0 < extra <= 10_00  # one seat, not four
    actions.change_seats(membership("acme", ADMIN), subscription_id=made.pk, seats=3)
    told()
    stripe.turn(days=32)
    told()
    assert (again(made).seats, again(made).license.seats) == (3, 3)
    assert copied()[-1].total == 30_00


def test_staff_end_a_subscription_at_once(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    actions.end_subscription(staff(), subscription_id=made.pk)
    told()
    assert there(stripe, made)["status"] == "canceled"
    assert again(made).has_ended and again(made).license.ends_at <= timezone.now()


def test_money_is_given_back_once_and_the_license_stays(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    (invoice,) = copied()
    call = of_stripe.refund_payment(staff(), invoice_id=invoice.pk, amount=20_00)
    told()
    told()
    staff()
    assert ProviderCall.objects.get(pk=call.pk).status == "done"
    assert [each["amount"] for each in stripe.world.all("refund")] == [20_00]
    (invoice,) = copied()
    assert (invoice.status, invoice.paid) == ("paid", 30_00)
    assert [payment.amount for payment in invoice.payments.order_by("pk")] == [50_00, -20_00]
    assert again(made).license.is_valid


def test_a_person_is_sent_to_the_page_where_an_invoice_is_paid(world, stripe):
    told = with_method(stripe)
    made = subscribed(stripe, told)
    stripe.behaves(customer().method_id, "fails")
    stripe.turn(days=32)
    told()
    assert again(made).status == "past_due" and again(made).license.is_valid
    invoice = copied()[-1]
    here = f"/o/acme/billing/invoices/{invoice.pk}/payment/"
    answer = signed_in(ADMIN).get(here)
    assert answer.status_code == 302
    assert (
        answer["Location"] == stripe.world.get(invoice.external_id, "invoice")["hosted_invoice_url"]
    )
    stripe.pay(invoice.external_id)
    told()
    assert again(made).status == "active" and copied()[-1].status == "paid"
    assert signed_in(ADMIN).get(here).status_code == 303  # nothing is open any more
