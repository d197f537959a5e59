"""The vendor's figures, one of each kind a day: kept when the day is over, since what was true on it
cannot be asked for ever, and since a million customers are not counted while somebody waits for a page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import connection

from forecourt.billing import periods
from forecourt.console.models import Figure
from forecourt.core import scope
from forecourt.core.money import is_currency

#: Days that a page shows, and that are counted after the fact where nobody counted them.
SHOWN = 90
ORGANIZATIONS, LICENSES, SIGN_INS = "organizations", "licenses", "sign_ins"
#: Followed by the currency; what subscriptions bring in a month, before tax or as listed.
REVENUE = "revenue "

COUNTS = {
    ORGANIZATIONS: """
        select count(*) from orgs_organization o left join console_merged m on m.organization_id = o.id
        where created_at < %(end)s and (m.at is null or m.at >= %(end)s)""",
    LICENSES: """
        select count(*) from products_license
        where status = 'active' and starts_at < %(end)s and (ends_at is null or ends_at >= %(end)s)
            and organization_id not in (select id from orgs_organization where suspended_at < %(end)s)""",
    SIGN_INS: """
        select count(*) from core_auditevent
        where organization_id is null and event = 'person.signed_in'
            and at >= %(start)s and at < %(end)s""",
}
MONTHLY = """
    select plan.currency, round(sum(subscription.seats * subscription.unit_amount
        / case plan.interval when 'year' then 12.0 else 1.0 end))::bigint
    from billing_subscription subscription join billing_plan plan on plan.id = subscription.plan_id
    where subscription.anchor_date < %(day_after)s
        and (subscription.ended_at is null or subscription.ended_at >= %(end)s)
    group by plan.currency"""


def is_one(name: str) -> bool:
    """Whether a figure can be called so."""
    is_revenue = name.startswith(REVENUE) and is_currency(name.removeprefix(REVENUE))
    return name in COUNTS or is_revenue


def count(day: dt.date) -> None:
    """Keep the figures of a day, from what the rows say now. Counted again they are replaced."""
    after = day + dt.timedelta(1)
    moments = {"start": periods.moment(day), "end": periods.moment(after), "day_after": after}
    found: dict[str, int] = {}
    with (
        scope.across_organizations("the figures of a day"),
        connection.cursor() as cursor,
    ):
        for name, statement in COUNTS.items():
            cursor.execute(statement, moments)
            found[name] = cursor.fetchone()[0]
        cursor.execute(MONTHLY, moments)
        found |= {f"{REVENUE}{currency}": amount for currency, amount in cursor.fetchall()}
    Figure.objects.bulk_create(
        [Figure(day=day, name=name, value=value) for name, value in found.items()],
        update_conflicts=True,
        unique_fields=["day", "name"],
        update_fields=["value"],
    )


def catch_up() -> None:
    """Count the days until yesterday that nobody counted."""
    today = periods.today()
    wanted = [today - dt.timedelta(back) for back in range(SHOWN, 0, -1)]
    there = Figure.objects.filter(day__gte=wanted[0], name=ORGANIZATIONS)
    for day in sorted(set(wanted) - set(there.values_list("day", flat=True))):
        count(day)


def read() -> dict[str, list[tuple[dt.date, int]]]:
    """Each kind's figures of the last days, in their order; one query."""
    since = periods.today() - dt.timedelta(SHOWN)
    found: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for name, day, value in (
        Figure.objects.filter(day__gte=since).order_by("day").values_list("name", "day", "value")
    ):
        found[name].append((day, value))
    return dict(found)
