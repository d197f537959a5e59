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


def moment(day: dt.date) -> dt.datetime:
    """When a day begins, in the portal's time zone: where a license of a period that ends before
    that day ends."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
