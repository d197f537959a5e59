"""What an organization demands of sessions, set by its Admins on the Account page. O26, O30."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from forecourt.account.telling import rules_changed
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Organization
from forecourt.people.models import User
from tests.cast import organization, run_jobs, text_of

PAGE, SAVE = "/o/acme/account/", "/o/acme/account/sign-in/"
ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"


def day(days: int) -> dt.date:
    return timezone.now().astimezone(dt.UTC).date() + dt.timedelta(days=days)


def rules(days: int | None = None, hours: object = "") -> dict[str, object]:
    """What the form sends."""
    since = "" if days is None else day(days).isoformat()
    return {"second_factor": "on" if since else "off", "second_factor_from": since} | {
        "session_hours": hours
    }


def kept() -> tuple[dt.date | None, int | None]:
    found = organization("acme")
    return found.second_factor_from, found.session_hours


def test_an_admin_sets_them_and_it_is_noted_once(world, browser):
    admin = browser(ADMIN)
    for _press in range(2):
        answer = admin.post(SAVE, rules(14, 8))
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert kept() == (day(14), 8)
    (event,) = AuditEvent.objects.filter(event="organization.sign_in_rules_changed")
    assert event.before == {"second_factor_from": None, "session_hours": None}
    assert event.after == {"second_factor_from": day(14).isoformat(), "session_hours": 8}
    markup = admin.get(PAGE).content.decode()
    assert f'value="{day(14)}"' in markup and 'value="8"' in markup


def test_and_takes_them_back(world, browser):
    admin = browser(ADMIN)
    admin.post(SAVE, rules(14, 8))
    admin.post(SAVE, rules(None, ""))
    assert kept() == (None, None)


def test_two_weeks_from_now_is_suggested_and_nothing_demanded(world, browser):
    markup = browser(ADMIN).get(PAGE).content.decode()
    assert f'value="{day(14)}"' in markup
    assert re.search(r'value="off"[^>]* checked', markup)
    assert kept() == (None, None)


@pytest.mark.parametrize("who", [MEMBER, PRIMARY, "both@example.com"])
def test_the_others_see_them_and_cannot_change_them(world, browser, who):
    client = browser(who)
    Organization.objects.filter(pk=organization("acme").pk).update(session_hours=8)
    markup = client.get(PAGE).content.decode()
    assert "8 hours" in markup and SAVE not in markup
    assert client.post(SAVE, rules(14, 9)).status_code == 403
    assert kept() == (None, 8)


@pytest.mark.parametrize("hours", ["0", "721", "-1", "x", "1.5", "9" * 30, "8\x00"])
def test_hours_out_of_range_are_refused(world, browser, hours):
    answer = browser(ADMIN).post(SAVE, rules(None, hours))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert kept() == (None, None)


@pytest.mark.parametrize("hours", [1, 720])
def test_the_limits_themselves_are_allowed(world, browser, hours):
    assert browser(ADMIN).post(SAVE, rules(None, hours)).status_code == 303
    assert kept() == (None, hours)


@pytest.mark.parametrize("since", ["", "x", "2020-01-01", "2026-13-01", "0000-00-00", "today\x00"])
def test_a_day_that_is_none_or_over_is_refused(world, browser, since):
    form = {**rules(14), "second_factor_from": since}
    answer = browser(ADMIN).post(SAVE, form)
    assert answer.status_code == 422
    assert kept() == (None, None)


def test_a_day_that_has_come_stays_when_the_hours_are_changed(world, browser):
    admin = browser(ADMIN)
    house = organization("acme")
    Organization.objects.filter(pk=house.pk).update(second_factor_from=day(-30))
    strengthen(admin)
    assert admin.post(SAVE, rules(-30, 8)).status_code == 303
    assert admin.post(SAVE, rules(-29, 8)).status_code == 422
    assert kept() == (day(-30), 8)


def strengthen(browser) -> None:
    """Make the session one that was proved by a second factor too."""
    session = browser.session
    proofs = session["account_authentication_methods"]
    session["account_authentication_methods"] = [*proofs, {**proofs[0], "method": "mfa"}]
    session.save()


def test_from_today_on_only_whoever_is_let_in_then_can_demand_it(world, browser):
    admin = browser(ADMIN)
    answer = admin.post(SAVE, rules(0))
    assert answer.status_code == 422
    assert "You would shut yourself out" in answer.content.decode()
    strengthen(admin)
    assert admin.post(SAVE, rules(0)).status_code == 303
    assert admin.get(PAGE).status_code == 200
    assert browser(MEMBER).get(PAGE).status_code == 303


def test_admins_and_those_who_have_nothing_set_up_are_told_once(world, browser, mailbox):
    user = User.objects.get(email=MEMBER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    admin = browser(ADMIN)
    admin.post(SAVE, rules(14, 8))
    (to_admin, reminder) = mailbox.to(ADMIN)
    assert f"{ADMIN} changed" in text_of(to_admin) and "8 hours" in text_of(to_admin)
    assert "http://testserver/o/acme/second-factor/" in text_of(reminder)
    assert [len(mailbox.to(who)) for who in (PRIMARY, "both@example.com", MEMBER)] == [2, 1, 0]
    admin.post(SAVE, rules(14, 9))  # the same day: no second reminder
    assert [len(mailbox.to(who)) for who in (ADMIN, PRIMARY)] == [3, 3]


def test_a_reminder_that_was_overtaken_is_not_sent(world, browser, mailbox):
    admin = browser(ADMIN)
    admin.post(SAVE, rules(14))
    admin.post(SAVE, rules(None))
    assert mailbox.to("both@example.com") == []


def test_the_job_run_again_queues_nothing_more(world, browser, mailbox):
    browser(ADMIN).post(SAVE, rules(14))
    run_jobs()
    house = organization("acme")
    before = Mail.objects.count()
    rules_changed(house.pk, AuditEvent.objects.get(event="organization.sign_in_rules_changed").pk)
    organization("acme")
    assert Mail.objects.count() == before == 6
