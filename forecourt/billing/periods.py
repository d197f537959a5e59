"""Periods: when a subscription renews."""

import calendar
import datetime as dt

from django.utils import timezone


def first_day(anchor: dt.date, months: int, number: int) -> dt.date:
    """The first day of the period with this number (0 begins on the anchor), where a period has so
    many months. It is counted from the anchor each time, never from the period before: January 31
    leads to the last of February and then to March 31 (D9)."""
    month = anchor.year * 12 + anchor.month - 1 + months * number
    year, month = month // 12, month % 12 + 1
    return dt.date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


def today(ahead: dt.timedelta = dt.timedelta()) -> dt.date:
    """The day it is (or will be, so much later) in the portal's time zone, whoever asks from
    wherever."""
    return timezone.localdate(timezone.now() + ahead, timezone.get_default_timezone())


def moment(day: dt.date) -> dt.datetime:
    """When a day begins, in the portal's time zone: where a license of a period that ends before
    that day ends. (A midnight that comes twice is the second, one that is skipped the moment after:
    PostgreSQL, by which the clock counts, has it so.)"""
    zone = timezone.get_default_timezone()
    midnights = (dt.datetime.combine(day, dt.time(fold=fold), zone) for fold in (0, 1))
    return max(midnights, key=dt.datetime.timestamp)
