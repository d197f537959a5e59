"""The nightly work on accounts."""

import datetime as dt

from django.utils import timezone

from forecourt.people.models import Session, User
from forecourt.people.tasks import sweep


def test_sessions_that_ran_out_and_accounts_that_proved_nothing_go(world, browser):
    browser("admin@acme.example")
    browser().post(
        "/accounts/signup/", {"email": "never@example.com", "password1": "a sentence of mine"}
    )
    sweep(0)
    assert Session.objects.count() == 2 and User.objects.filter(email="never@example.com").exists()
    Session.objects.update(expire_date=timezone.now())
    User.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    sweep(0)
    assert not Session.objects.exists()
    assert not User.objects.filter(email="never@example.com").exists()
    assert User.objects.filter(email="nobody@example.com").exists()
