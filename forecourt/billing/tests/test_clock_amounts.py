"""The clock issues in SQL exactly what the amounts of Python say."""

import datetime as dt
import random
from decimal import Decimal

from forecourt.billing import amounts, clock, periods
from forecourt.billing.accounts import account_of, treatment_of
from forecourt.billing.models import (
    BillingAccount,
    BillingDetails,
    Invoice,
    InvoiceLine,
    Plan,
    Subscription,
)
from forecourt.billing.tests.books import a_plan
from forecourt.core import money
from forecourt.products.models import License, Product
from tests.cast import organization

#: (country, tax id, its state) of each organization, and what comes of it.
TREATED = {
    "acme": ("DE", "", "unknown", "S", "19"),
    "globex": ("FR", "", "unknown", "S", "20.5"),
    "initech": ("FR", "FR40303265045", "valid", "AE", "0"),
}
CURRENCIES = ("EUR", "USD", "JPY", "KWD")
EACH = 100


def some_plans(lot: random.Random) -> list[Plan]:
    return [
        a_plan(
            slug=f"p{number}",
            currency=(code := CURRENCIES[number % 4]),
            unit_amount=lot.choice((1, 7, 999, 32_000, 10**6 + 1, 10**11 - 3)) * money.step(code),
            inclusive=number % 8 >= 4,
            interval=("month", "year")[number % 3 == 0],
        )
        for number in range(32)
    ]


def test_a_run_of_hundreds_is_to_the_unit_what_python_reckons(world, settings):
    lot = random.Random(6)
    settings.TAX_RATES = {"DE": Decimal(19), "FR": Decimal("20.5")}
    plans = some_plans(lot)
    for slug, treated in TREATED.items():
        seed(lot, slug, plans, treated)
    run = clock.renew(periods.today())
    assert run.issued == EACH * len(TREATED) and not run.failed
    for slug, (*_, category, rate) in TREATED.items():
        account = account_of(organization(slug))
        tax = treatment_of(account)
        assert (tax.category, tax.rate) == (category, Decimal(rate))
        found = Invoice.objects.select_related("subscription__plan__product")
        assert found.count() == EACH
        for invoice in found:
            compare(invoice, tax)


def seed(lot: random.Random, slug: str, plans: list[Plan], treated: tuple[str, ...]) -> None:
    """So many subscriptions that began on some day of the last three years and are due today or were
    in the last days."""
    country, tax_id, state = treated[:3]
    account = account_of(organization(slug))
    account.details = BillingDetails.objects.create(
        organization_id=account.pk,
        company=slug,
        country=country,
        tax_id=tax_id,
        email="a@b.example",
    )
    account.tax_id_state, account.net_days = state, 30
    account.save()
    product = Product.objects.get(slug="deploy")
    for place in range(EACH):
        plan, seats = plans[(place * 7 + account.pk) % 32], lot.choice((1, 2, 3, 17, 999, 10**6))
        due = periods.today() - dt.timedelta(days=lot.randrange(9))
        number = lot.randrange(1, 4)
        anchor = periods.first_day(due, plan.months, -number)
        days = [periods.first_day(anchor, plan.months, number - 1 + n) for n in (0, 1)]
        license = License.objects.create(
            organization_id=account.pk, product=product, plan=plan.name, seats=seats, renews=True,
            starts_at=periods.moment(anchor), ends_at=periods.moment(days[1]),
        )  # fmt: skip
        Subscription.objects.create(
            organization_id=account.pk, plan=plan, license=license, seats=seats,
            unit_amount=plan.unit_amount, anchor_date=anchor, period=number - 1,
            period_start=days[0], period_end=days[1],
        )  # fmt: skip


def compare(invoice: Invoice, tax) -> None:
    subscription = invoice.subscription
    plan, start = subscription.plan, invoice.period_start
    assert start == periods.first_day(subscription.anchor_date, plan.months, subscription.period)
    end = periods.first_day(subscription.anchor_date, plan.months, subscription.period + 1)
    assert (invoice.period_end, subscription.period_end) == (end, end)
    item = amounts.line(
        plan,
        tax,
        quantity=subscription.seats,
        listed=subscription.amount,
        text=f"{plan.product.name} · {plan.name}",
        starts_on=start,
        ends_on=end - dt.timedelta(days=1),
    )
    listed = subscription.amount if plan.is_inclusive else None
    sums = amounts.totals([item], tax.rate, plan.step, listed=listed)
    assert {name: getattr(invoice, name) for name in sums.columns} == sums.columns
    line = InvoiceLine.objects.get(invoice=invoice)
    assert {name: getattr(line, name) for name in vars(item)} == vars(item)
    assert (line.tax_category, line.tax_rate) == (tax.category, tax.rate)
    assert (invoice.currency, invoice.status) == (plan.currency, "open")
    assert invoice.issued_on == periods.today()
    assert invoice.due_on == periods.today() + dt.timedelta(days=30)
    assert subscription.license.ends_at == periods.moment(end)
    account = BillingAccount.objects.get()
    assert invoice.buyer_id == account.details_id
