"""The nightly work on accounts."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.utils import timezone
from procrastinate.contrib.django import app

from forecourt.people.models import Session, User

UNPROVED = dt.timedelta(days=7)


@app.periodic(cron="37 3 * * *")
@app.task(name="people.sweep", queueing_lock="people.sweep")
def sweep(timestamp: int) -> None:
    """Remove sessions that have run out, and accounts that never proved an address in a week."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    proved = EmailAddress.objects.filter(verified=True).values("user_id")
    old = User.objects.filter(created_at__lt=timezone.now() - UNPROVED, last_login=None)
    for user in old.exclude(pk__in=proved)[:1_000]:
        user.delete()
