"""What customers pay for goes into the files as a whole, and from these a portal goes on where the other
stopped: with the next number, the next period, and nothing asked for twice."""

import csv
import datetime as dt

import pytest
from django.db import transaction

from forecourt.billing import actions, clock, periods
from forecourt.billing.models import (
    Invoice,
    InvoiceLine,
    Numbering,
    Payment,
    Seller,
    StripeCustomer,
    StripeInvoice,
    Subscription,
)
from forecourt.billing.stripe import comparing
from forecourt.billing.tests.books import a_subscription, staff
from forecourt.billing.tests.by_stripe import copied, subscribed, with_method, work
from forecourt.console.tests.copying import empty_the_portal, everything
from forecourt.console.tests.importing import forecourt
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import Mail
from forecourt.demo import books
from tests.cast import organization
from tests.invariants import picture, verify


def stripes(slug: str = "globex") -> None:
    """What an organization has that pays by Stripe."""
    house, sold = organization(slug), organization(slug).subscriptions.last()
    StripeCustomer.objects.create(
        organization=house, customer_id="cus_1", method_id="pm_1", method_last4="4242"
    )
    today = periods.today()
    held = Subscription.objects.create(
        organization=house,
        plan=sold.plan,
        seats=3,
        unit_amount=1,
        provider="stripe",
        external_id="sub_1",
        anchor_date=today - dt.timedelta(days=70),
        period_start=today - dt.timedelta(days=3),
        period_end=today + dt.timedelta(days=28),
        status="past_due",
    )
    by_stripe(house, held, today)


def by_stripe(house, held, today) -> None:
    """An invoice of Stripe's: paid, given back in part, disputed."""
    amounts = {"net": 1000, "tax": 0, "gross": 1000, "total": 1000}
    invoice = Invoice.objects.create(
        organization=house,
        number="AB12-0001",
        provider="stripe",
        external_id="in_1",
        subscription=held,
        buyer=house.billing_account.details,
        seller=Seller.objects.first(),
        issued_on=today,
        currency="EUR",
        status="paid",
        paid=600,
        **amounts,
    )
    mine = {"organization": house, "invoice": invoice}
    InvoiceLine.objects.create(
        **mine,
        text="=3 × Connect",
        quantity=-3,
        unit_amount="333.333333",
        net=1000,
        tax_category="E",
        tax_rate=0,
    )
    StripeInvoice.objects.create(**mine, dispute="won", failures_told=2)
    for pk, amount in (("py_1", 1000), ("re_1", -400)):
        Payment.objects.create(
            **mine, amount=amount, received_on=today, method="Visa 4242", external_id=pk
        )


def money() -> None:
    """Everything that the books can have."""
    with transaction.atomic():
        books.books()
    actor = staff()
    invoice = organization("acme").invoices.filter(status="open").first()
    actions.mark_paid(actor, invoice_id=invoice.pk, amount=100, reference="'=SEPA  17")
    staff()
    actions.change_billing_details(actor, company="+Acme & Söhne", street='1 "A" Way\n2nd floor')
    staff()
    actions.correct_invoice(actor, invoice_id=invoice.pk)
    staff()
    other = organization("acme").invoices.filter(status="open").last()
    actions.credit_invoice(actor, invoice_id=other.pk, reason="-cmd|'/c calc'!A1")
    inclusive = {"inclusive": True, "unit_amount": 9_990, "currency": "CHF", "interval": "month"}
    a_subscription("initech", seats=7, **inclusive)
    a_subscription("initech", currency="KWD", unit_amount=12_340, slug="in-dinars")
    actions.withdraw_plan(System(), plan="in-dinars")
    a_subscription("globex", ago=31, interval="month", slug="due")
    stripes()


def renewed() -> list[tuple]:
    """What the clock makes of what is due: the invoices."""
    assert not clock.renew().failed
    names = ("number", "total", "period_start", "period_end", "due_on", "organization__name")
    with scope.across_organizations("a test looks"):
        rows = Invoice.objects.order_by("number").values_list(*names, "buyer__company")
        return list(rows)


def test_money_comes_over_to_the_last_cent_and_goes_on_the_same(committed_world, tmp_path):
    money()
    before, last = everything(tmp_path / "before"), dict(Numbering.objects.values_list())
    elsewhere = renewed()
    assert dict(Numbering.objects.values_list()) != last
    empty_the_portal()
    assert forecourt("import", tmp_path / "before") == 0
    assert dict(Numbering.objects.values_list()) == last
    after = everything(tmp_path / "after")
    for name, content in before.items():
        assert after[name] == content, name
    assert renewed() == elsewhere
    verify()


def test_an_export_says_nothing_new_to_its_own_portal(committed_world, tmp_path):
    money()
    everything(tmp_path / "out")
    before = picture()
    assert forecourt("import", tmp_path / "out") == 0
    after = picture()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"console_imported"}
    assert forecourt("import", tmp_path / "out") == 0
    assert picture() == after


def test_no_cell_is_a_formula(committed_world, tmp_path):
    money()
    files = everything(tmp_path / "out")
    assert b'"\'-4.00"' in files["payments.csv"]
    for content in (files[name] for name in files if name.endswith(".csv")):
        for row in csv.reader(content.decode().splitlines()):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("are_payments_told", [True, False])
def test_what_is_sold_by_stripe_goes_on_there_and_nobody_is_told_of_old_money(
    committed_world, tmp_path, stripe, are_payments_told
):
    subscribed(stripe, with_method(stripe))
    files = everything(tmp_path / "files")
    if not are_payments_told:
        head = files["payments.csv"].splitlines(keepends=True)[0]
        (tmp_path / "files" / "payments.csv").write_bytes(head)
    empty_the_portal()
    assert forecourt("import", tmp_path / "files") == 0
    work()
    comparing.one(organization("acme").pk)
    work()
    house = organization("acme")
    (invoice,), held = copied(), house.subscriptions.get()
    assert held.license.renews and held.status == "active"
    assert (invoice.status, invoice.payments.count()) == ("paid", 1)
    assert invoice.stripe.paper is not None
    assert not Mail.objects.filter(organization_id=house.pk).exists()
    verify()
