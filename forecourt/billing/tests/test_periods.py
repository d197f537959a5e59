"""Periods are counted from their first day: no day is skipped, none comes twice."""

import calendar
import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from forecourt.billing import periods
from forecourt.billing.stripe import finding, port
from forecourt.billing.tests.books import a_subscription, invoices
from forecourt.people.models import User
from tests.cast import organization

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
ZONES = [
    *("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"),
    *("America/Santiago", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Asia/Tehran"),
]


def start_days() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_every_day_of_a_century_renews_for_48_months_as_postgresql_counts(db):
    """A209: 1.77 million dates, as days since 2000."""
    starts, epoch = start_days(), dt.date(2000, 1, 1).toordinal()
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg((day + n * interval '1 month')::date - date '2000-01-01' order by day)"
            " from generate_series(%s::timestamp, %s, interval '1 day') day,"
            " generate_series(1, 48) n group by n order by n",
            [FIRST, LAST],
        )
        for number, (theirs,) in enumerate(cursor.fetchall(), 1):
            ours = [periods.first_day(day, 1, number).toordinal() - epoch for day in starts]
            assert ours == theirs, number


def test_a_month_that_is_too_short_is_left_at_its_last_day_and_the_next_is_not():
    """A209: January 29, 30 and 31, for two years."""
    for day in (29, 30, 31):
        found = [periods.first_day(dt.date(2023, 1, day), 1, n) for n in range(25)]
        lengths = [calendar.monthrange(each.year, each.month)[1] for each in found]
        assert [each.day for each in found] == [min(day, length) for length in lengths]
        assert [each.year * 12 + each.month for each in found] == [*range(24277, 24302)]


def test_a_year_from_a_leap_day_is_february_28_but_in_leap_years(db):
    """A210: 2100 is none."""
    for first in range(2000, 2101, 4):
        if calendar.isleap(first):
            leap = [periods.first_day(dt.date(first, 2, 29), 12, n) for n in range(104)]
            assert [(d.year, d.month) for d in leap] == [(first + n, 2) for n in range(104)]
            assert all((d.day == 29) == calendar.isleap(d.year) for d in leap)
    assert periods.first_day(dt.date(2096, 2, 29), 12, 4) == dt.date(2100, 2, 28)
    assert periods.first_day(dt.date(2096, 2, 29), 12, 8) == dt.date(2104, 2, 29)


def test_a_year_is_twelve_months():
    for day in start_days()[::7]:
        assert periods.first_day(day, 12, 3) == periods.first_day(day, 1, 36)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_once_and_as_postgresql_says(db, settings, zone):
    """A211: where midnight is skipped or comes twice, and where a whole day is missing."""
    settings.TIME_ZONE = zone
    days = [dt.date(2009, 1, 1) + dt.timedelta(days=n) for n in range(365 * 20)]
    ours = [periods.moment(day).astimezone(dt.UTC) for day in days]
    with connection.cursor() as cursor:
        sql = "select array_agg(day::timestamp at time zone %s order by day) from unnest(%s) day"
        cursor.execute(sql, [zone, days])
        theirs = cursor.fetchone()[0]
    wrong = [pair for pair in zip(days, ours, theirs, strict=True) if pair[1] != pair[2]]
    assert wrong == []
    assert ours == sorted(ours)
    assert len(set(ours)) == len(ours) - (zone == "Pacific/Apia")  # It had no December 30, 2011.


def test_a_shown_day_is_the_day_that_was_meant(settings):
    """A211: the moment in which a license ends is, in the portal's zone, the beginning of a day."""
    for zone in ZONES:
        settings.TIME_ZONE = zone
        for day in (dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 4, 5)):
            begins = timezone.localtime(periods.moment(day), timezone.get_default_timezone())
            assert begins.date() == day


def test_whoever_looks_from_another_zone_moves_no_day_of_a_period(world, browser, settings):
    """Pages show the reader's own time; what is owed goes by the portal's."""
    made = a_subscription(interval="month", unit_amount=10_00)
    before, name = made.license.ends_at, f"/o/acme/billing/subscriptions/{made.pk}/"
    admin, seats = browser("admin@acme.example"), made.seats
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        User.objects.filter(email="admin@acme.example").update(time_zone=zone)
        assert admin.post(name + "cancellation/").status_code == 303
        assert admin.post(name + "resumption/").status_code == 303
        seats += 1
        assert admin.post(name + "seats/", {"seats": seats}).status_code == 303
    organization("acme")
    made.license.refresh_from_db()
    assert made.license.ends_at == before
    assert {row.issued_on for row in invoices()} == {periods.today()}


def test_stripes_days_are_the_portals_too():
    """What further seats cost does not depend on where they are bought from."""
    found = set()
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(zone):
            found.add((port.first_moment_of_today(), finding.day(1_800_000_000)))
    assert len(found) == 1
    assert found.pop()[0] == periods.moment(periods.today()).timestamp()
