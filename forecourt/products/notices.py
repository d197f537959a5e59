"""When the end of a license is told: 60, 30 and 7 days before it, and when it has come. A license
that renews is not told of: what it costs to go on is for whoever sells to say."""

import datetime as dt

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.utils import timezone

from forecourt.products.models import License, LicenseNotice

#: Days before the end, the most urgent first; 0 is the end itself.
DAYS = (0, 7, 30, 60)
#: An end that lies further back is no news any more.
LATEST = dt.timedelta(days=30)


def due(granted: License, at: dt.datetime) -> int | None:
    """Which notice is due at a moment: of several that nobody sent, the most urgent alone. None
    where none is."""
    if granted.ends_at is None or granted.renews or granted.is_suspended:
        return None
    left = granted.ends_at - at
    if left <= -LATEST:
        return None
    return next((days for days in DAYS if left <= dt.timedelta(days=days)), None)


def all_due() -> QuerySet[License]:
    """The licenses whose notice, due now, was not given yet; of all organizations in scope. Those of
    suspended ones wait: when it is reopened, what is due then is given."""
    now = timezone.now()
    ending = License.objects.filter(
        License.not_stopped(),
        renews=False,
        starts_at__lte=now,
        ends_at__gt=now - LATEST,
        ends_at__lte=now + dt.timedelta(days=DAYS[-1]),
    )
    days = Case(
        *(When(ends_at__lte=now + dt.timedelta(days=days), then=Value(days)) for days in DAYS)
    )
    given = LicenseNotice.objects.filter(
        license=OuterRef("pk"), ends_at=OuterRef("ends_at"), days=OuterRef("days")
    )
    return ending.annotate(days=days).filter(~Exists(given))


def give(granted: License, days: int) -> LicenseNotice | None:
    """Note that this notice is given; None where it was already. Behind the organization's lock."""
    if granted.ends_at is None:
        return None
    notice, is_new = LicenseNotice.objects.get_or_create(
        organization_id=granted.organization_id,
        license=granted,
        days=days,
        ends_at=granted.ends_at,
    )
    return notice if is_new else None


def pass_over(granted: License) -> None:
    """What is due from the beginning is no news: whoever grants a license for a month or extends
    it by one says until when."""
    days = due(granted, max(timezone.now(), granted.starts_at))
    if days is not None:
        give(granted, days)
