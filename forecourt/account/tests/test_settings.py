"""The organization's own page: name and settings, for all to see and for Admins to change: S13,
O1, O24, D4."""

import pytest

from forecourt.core.models import AuditEvent
from tests.cast import organization

PAGE, SAVE = "/o/acme/account/", "/o/acme/account/settings/"
ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
SEES = {"who_sees_keys": "everyone"}


def kept():
    found = organization("acme")
    return found.who_may_invite, found.invitation_days


def changes():
    organization("acme")
    return AuditEvent.objects.filter(event="organization.settings_changed")


@pytest.mark.parametrize("who", [ADMIN, MEMBER, PRIMARY])
def test_everybody_sees_the_name_and_the_settings(world, browser, who):
    """O24: what holds is no secret; the form is for Admins."""
    markup = browser(who).get(PAGE).content.decode()
    for part in ("Acme", "/o/acme/", "Everyone", "7"):
        assert part in markup
    assert (SAVE in markup) == (who == ADMIN)


def test_an_admin_changes_them_and_it_is_noted(world, browser):
    """O1, O24: before and after are in the audit log; once, however often it is pressed."""
    admin = browser(ADMIN)
    for _press in range(2):
        answer = admin.post(SAVE, {**SEES, "who_may_invite": "admins", "invitation_days": "3"})
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert kept() == ("admins", 3)
    (event,) = changes()
    assert event.before == {
        "who_may_invite": "everyone",
        "invitation_days": 7,
        "keys_hidden": False,
    }
    assert event.after == {"who_may_invite": "admins", "invitation_days": 3, "keys_hidden": False}
    assert "The settings are saved." in admin.get(PAGE).content.decode()


@pytest.mark.parametrize("who", [MEMBER, PRIMARY, "both@example.com"])
def test_nobody_else_changes_them(world, browser, who):
    """S13: 403 by hand, no trace; a role elsewhere counts for nothing."""
    answer = browser(who).post(SAVE, {**SEES, "who_may_invite": "admins", "invitation_days": "3"})
    assert answer.status_code == 403
    assert kept() == ("everyone", 7)
    assert not changes().exists()


@pytest.mark.parametrize("days", ["0", "31", "-1", "", "x", "1.5", "1e1", "9" * 30, "7\x00", "NaN"])
def test_days_out_of_range_are_refused_and_kept(world, browser, days):
    """O1: 1 to 30; the sentence at the field, what was typed is still there."""
    answer = browser(ADMIN).post(
        SAVE, {**SEES, "who_may_invite": "admins", "invitation_days": days}
    )
    assert answer.status_code == 422
    markup = answer.content.decode()
    assert 'aria-invalid="true"' in markup
    assert days.replace("\x00", "") in markup
    assert kept() == ("everyone", 7)


@pytest.mark.parametrize("who", ["", "nobody", "Everyone", "admins\x00", "<b>"])
def test_an_unknown_policy_is_refused(world, browser, who):
    """O24: everyone, or Admins only."""
    answer = browser(ADMIN).post(SAVE, {**SEES, "who_may_invite": who, "invitation_days": "7"})
    assert answer.status_code == 422
    assert "<b><" not in answer.content.decode()
    assert kept() == ("everyone", 7)


@pytest.mark.parametrize("days", [1, 30])
def test_the_limits_themselves_are_allowed(world, browser, days):
    """O1: 1 and 30."""
    browser(ADMIN).post(SAVE, {**SEES, "who_may_invite": "everyone", "invitation_days": days})
    assert kept() == ("everyone", days)


def test_a_new_term_holds_for_new_invitations_only(world, browser):
    """D4: what was sent keeps the term that its mail says."""
    before = organization("acme").invitations.get(email="new.hire@acme.example").expires_at
    browser(ADMIN).post(SAVE, {**SEES, "who_may_invite": "everyone", "invitation_days": "1"})
    assert organization("acme").invitations.get(email="new.hire@acme.example").expires_at == before
