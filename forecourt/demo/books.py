"""The sample world's money: plans, what Acme and Globex pay for, and their invoices in every status;
and a thousand further organizations, for long lists."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from forecourt.billing import amounts, periods
from forecourt.billing.accounts import present_seller, treatment_of
from forecourt.billing.models import (
    BillingAccount,
    BillingDetails,
    Invoice,
    InvoiceLine,
    Numbering,
    Payment,
    Plan,
    Subscription,
)
from forecourt.core import money, scope
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.products.models import License, Product

#: (product, name, interval, currency, minor units a seat)
PLANS = [
    ("deploy", "Per admin, yearly", "year", "EUR", 320_00),
    ("deploy", "Per admin, monthly", "month", "EUR", 32_00),
    ("inventory", "Per admin, yearly", "year", "EUR", 140_00),
    ("connect", "Team", "year", "EUR", 95_00),
    ("connect", "Team, in dollars", "year", "USD", 110_00),
]
DETAILS: dict[int, dict[str, str]] = {
    1: {
        "company": "Acme GmbH",
        "street": "Hafenstraße 12",
        "postal_code": "20359",
        "city": "Hamburg",
        "country": "DE",
        "tax_id": "DE999999995",
        "email": "invoices@acme.example",
        "po_number": "PO-4711",
    },
    2: {
        "company": "Globex SARL",
        "street": "12 rue des Exemples",
        "postal_code": "75002",
        "city": "Paris",
        "country": "FR",
        "tax_id": "FR86990000002",
        "email": "finance@globex.example",
    },
}
#: (organization, product, plan, seats, its license ends in days, years before, canceled days ago)
SUBSCRIPTIONS = [
    (1, "deploy", "deploy-yearly-eur", 25, 98, 1, None),
    (1, "inventory", "inventory-yearly-eur", 3, 12, 0, 20),
    (2, "connect", "connect-yearly-eur", 10, 98, 0, 5),
    (2, "deploy", "deploy-yearly-eur", 5, -40, 0, 70),
]
#: (organization, product, issued days ago, seats, the period of the subscription or none, status)
INVOICES = [
    (1, "deploy", 632, 20, True, "paid"),
    (2, "deploy", 405, 5, True, "paid"),
    (1, "inventory", 353, 3, True, "paid"),
    (2, "connect", 267, 10, True, "paid"),
    (1, "deploy", 267, 20, True, "paid"),
    (1, "inventory", 231, 2, False, "credited"),
    (1, "deploy", 188, 2, False, "paid"),
    (1, "deploy", 160, 1, False, "uncollectible"),
    (1, "deploy", 121, 1, False, "void"),
    (1, "deploy", 74, 1, False, "paid"),
    (1, "deploy", 40, 1, False, "open"),
    (1, "deploy", 6, 1, False, "open"),
]
NET_DAYS = 14


@dataclass
class Sheet:
    """An invoice before it has a number."""

    row: Invoice
    line: InvoiceLine


def books() -> None:
    """Plans, accounts, subscriptions and invoices of Acme and Globex."""
    plans = _plans()
    sheets: list[Sheet] = []
    for owner in DETAILS:
        with scope.organization(owner):
            account = _account(owner)
            held = _subscriptions(owner, plans)
            sheets += _sheets(account, held)
    _number(sheets)
    for owner in DETAILS:
        with scope.organization(owner):
            _file([sheet for sheet in sheets if sheet.row.organization_id == owner])


def _plans() -> dict[str, Plan]:
    catalog = {product.slug: product for product in Product.objects.all()}
    made = Plan.objects.bulk_create(
        Plan(
            product=catalog[product],
            name=name,
            slug=f"{product}-{interval}ly-{currency.lower()}",
            interval=interval,
            currency=currency,
            unit_amount=price,
            step=money.step(currency),
        )
        for product, name, interval, currency, price in PLANS
    )
    return {plan.slug: plan for plan in made}


def _account(owner: int) -> BillingAccount:
    details = BillingDetails.objects.create(organization_id=owner, **DETAILS[owner])
    return BillingAccount.objects.create(
        organization_id=owner,
        details=details,
        net_days=NET_DAYS,
        tax_id_state=BillingAccount.TaxIdState.VALID,
        tax_id_checked_at=timezone.now() - dt.timedelta(days=30),
    )


def _subscriptions(owner: int, plans: dict[str, Plan]) -> dict[str, Subscription]:
    made, today = {}, timezone.localdate()
    for organization, product, plan, seats, ends, before, canceled in SUBSCRIPTIONS:
        if organization != owner:
            continue
        found = License.objects.get(organization_id=owner, product__slug=product)
        end = today + dt.timedelta(days=ends)
        anchor = periods.first_day(end, 12, -1 - before)
        found.ends_at, found.renews = periods.moment(end), canceled is None
        found.save(update_fields=["ends_at", "renews"])
        ago = None if canceled is None else timezone.now() - dt.timedelta(days=canceled)
        made[product] = Subscription.objects.create(
            organization_id=owner,
            plan=plans[plan],
            license=found,
            seats=seats,
            unit_amount=plans[plan].unit_amount,
            status="active" if ends > 0 else "ended",
            anchor_date=anchor,
            period=before,
            period_start=periods.first_day(anchor, 12, before),
            period_end=end,
            cancels_at_period_end=canceled is not None,
            canceled_at=ago,
            ended_at=None if ends > 0 else found.ends_at,
        )
    return made


def _sheets(account: BillingAccount, held: dict[str, Subscription]) -> list[Sheet]:
    sheets = []
    for owner, product, ago, seats, is_period, status in INVOICES:
        if owner == account.pk:
            day = timezone.localdate() - dt.timedelta(days=ago)
            period = periods.first_day(day, 12, 1) if is_period else None
            sheets.append(_sheet(account, held[product], day, seats, (period, status)))
            if status == "credited":
                sheets.append(_credit(sheets[-1], day + dt.timedelta(days=2)))
    return sheets


def _sheet(
    account: BillingAccount,
    subscription: Subscription,
    day: dt.date,
    seats: int,
    fate: tuple[dt.date | None, str],
) -> Sheet:
    """`fate`: where its period ends, if it is for one, and its status."""
    (period_end, status) = fate
    plan, tax = subscription.plan, treatment_of(account)
    year = periods.first_day(day, 12, 1)
    period = {"period_start": day, "period_end": period_end} if period_end else {}
    text = f"{plan.product.name} · {plan.name}"
    item = amounts.line(
        plan,
        tax,
        quantity=seats,
        listed=seats * plan.unit_amount,
        text=text,
        starts_on=day,
        ends_on=year - dt.timedelta(days=1),
    )
    sums = amounts.totals([item], tax.rate, plan.step)
    row = Invoice(
        organization_id=account.pk,
        subscription=subscription,
        buyer_id=account.details_id,
        seller=present_seller(),
        issued_on=day,
        due_on=day + dt.timedelta(days=NET_DAYS),
        currency=plan.currency,
        status=status,
        credited=sums.total if status == "credited" else 0,
        **sums.columns,
        **period,
    )
    if status == "paid":
        row.paid, row.paid_on = row.total, day + dt.timedelta(days=9)
    taxed = {"tax_category": tax.category, "tax_rate": tax.rate}
    return Sheet(row, InvoiceLine(organization_id=account.pk, **vars(item), **taxed))


def _credit(sheet: Sheet, day: dt.date) -> Sheet:
    """The credit note of an invoice: the same, the other way."""
    kept: dict[str, Any] = {
        field.attname: getattr(sheet.row, field.attname)
        for field in Invoice._meta.concrete_fields
        if field.name not in ("id", "due_on", "credited", "created_at", "note", "credits")
    }
    kept |= {"kind": "credit_note", "status": "issued", "issued_on": day}
    row = Invoice(**kept, note="Ordered twice.", credits=sheet.row)
    line = InvoiceLine(
        **{
            field.attname: getattr(sheet.line, field.attname)
            for field in InvoiceLine._meta.concrete_fields
            if field.name != "id"
        }
    )
    return Sheet(row, line)


def _number(sheets: list[Sheet]) -> None:
    """Numbers in the order of the days, without a gap."""
    last: dict[str, int] = {}
    for sheet in sorted(sheets, key=lambda each: each.row.issued_on):
        series = f"{settings.INVOICE_PREFIX}-{sheet.row.issued_on.year}"
        last[series] = last.get(series, 0) + 1
        sheet.row.number = str(Numbering(series=series, last=last[series]))
    Numbering.objects.bulk_create(
        Numbering(series=name, last=number) for name, number in last.items()
    )


def _file(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        sheet.row.credits = sheet.row.credits  # its number in the database is known by now
        sheet.row.save(force_insert=True)
        sheet.line.invoice = sheet.row
        sheet.line.save(force_insert=True)
        if sheet.row.paid and sheet.row.paid_on:
            Payment.objects.create(
                organization_id=sheet.row.organization_id,
                invoice=sheet.row,
                amount=sheet.row.paid,
                received_on=sheet.row.paid_on,
                method="bank transfer",
            )


def thousand() -> None:
    """A thousand organizations with a primary contact each, by the database itself."""
    first = "Amber Birch Cobalt Dune Ember Fjord Grove Harbor Iris Jade".split()
    last = "Works Labs Systems Foods Motors Media Health Energy Textiles Optics".split()
    named = """
        with numbers as (select n, 10001 + n as id from generate_series(0, 999) n),
        named as (
            select id, (%(first)s::text[])[1 + n %% 10] || ' ' || (%(last)s::text[])[1 + (n / 10) %% 10]
                || ' ' || (1 + n / 100) as name
            from numbers
            -- row by row, so that each is in the scope of its own
            where set_config('forecourt.organization', id::text, true) <> ''
        )
    """
    with scope.organization(None), connection.cursor() as cursor:
        for insert in (
            "insert into orgs_organization (id, name, slug, primary_contact_id, who_may_invite,"
            " invitation_days, keys_hidden)"
            " select id, name, lower(replace(name, ' ', '-')), id, 'everyone', 7, false from named",
            "insert into orgs_contact (id, organization_id, name, email, phone, kinds)"
            " select id, id, 'Accounts', 'accounts@' || lower(replace(name, ' ', '-')) || '.example',"
            " '', %(kinds)s"
            " from named",
        ):
            cursor.execute(
                named + insert, {"first": first, "last": last, "kinds": in_order(MailKind)}
            )
        for table in ("orgs_organization", "orgs_contact"):
            cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), 11000)", [table])
