"""Invitations that wait for somebody who came in by the front door: O8, O9, O14, D1."""

import pytest

from forecourt.core.models import AuditEvent
from forecourt.members.tests.reading import FIRST, invite, page_words
from tests.cast import code_in, is_member, organization, pending

NOBODY = "nobody@example.com"


def answer_path(email, what):
    return f"/invitations/{pending('acme', email).pk}/{what}/"


def test_whoever_signs_up_by_the_front_door_finds_the_invitation(world, browser, mailbox):
    """O8: shown after the address is verified, joined by one button."""
    invite(browser, "kim@example.com")
    kim = browser()
    kim.post(
        "/accounts/signup/", {"email": "kim@example.com", "password1": "a long sentence of mine"}
    )
    kim.post("/accounts/verify/", {"code": code_in(mailbox.to("kim@example.com")[-1])})
    assert kim.get("/")["Location"] == "/organizations/"
    page = kim.get("/organizations/")
    assert "Acme" in page_words(page)
    assert "Dana Avery" in page_words(page)
    path = answer_path("kim@example.com", "acceptance")
    assert path in page.content.decode()
    assert not is_member("acme", "kim@example.com")
    assert kim.post(path)["Location"] == FIRST
    assert is_member("acme", "kim@example.com")


def test_the_page_says_what_to_do_where_nothing_waits(world, browser):
    """O8: no organization and no invitation: whom to ask, with one's own address."""
    text = page_words(browser(NOBODY).get("/organizations/"))
    assert "Ask an Admin of your organization" in text
    assert NOBODY in text
    assert "help@lumen.example" in text


def test_declining_from_the_list(world, browser, mailbox):
    """O9: the same as by the link; the inviter is told."""
    invite(browser, NOBODY)
    nobody = browser(NOBODY)
    path = answer_path(NOBODY, "declination")
    assert path in nobody.get("/organizations/").content.decode()
    assert nobody.post(path)["Location"] == "/organizations/"
    assert "Acme" not in page_words(nobody.get("/organizations/")).replace("declined", "")
    assert any(NOBODY in message["Subject"] for message in mailbox.to("admin@acme.example"))


@pytest.mark.parametrize("what", ["acceptance", "declination"])
def test_somebody_elses_invitation_is_not_there(world, browser, what):
    """D1, D12: by its id nobody but the owner of the address finds it; byte for byte what an
    invented id gets, and nothing changes."""
    path = answer_path("new.hire@acme.example", what)
    for who in (NOBODY, "admin@acme.example", "admin@globex.example"):
        person = browser(who)
        answers = [person.post(p) for p in (path, f"/invitations/999999/{what}/")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        assert person.get(path).status_code == 405
    assert browser().post(path)["Location"].startswith("/accounts/login/")
    assert pending("acme", "new.hire@acme.example")


def test_expired_and_revoked_ones_do_not_wait(world, browser):
    """O1, O2: what cannot be answered is not shown, and by hand it is not there."""
    invite(browser, NOBODY)
    nobody, path = browser(NOBODY), answer_path(NOBODY, "acceptance")
    organization("acme").invitations.filter(email=NOBODY).update(status="revoked")
    assert "Acme" not in page_words(nobody.get("/organizations/"))
    assert nobody.post(path).status_code == 404
    organization("acme").invitations.filter(email=NOBODY).update(
        status="pending", expires_at="2020-01-01T00:00Z"
    )
    assert "Acme" not in page_words(nobody.get("/organizations/"))
    assert nobody.post(path).status_code == 404
    assert not is_member("acme", NOBODY)


def test_with_one_organization_and_an_invitation_one_lands_on_the_list(world, browser):
    """O8, O14: the front page does not hide what waits."""
    globex = browser("admin@globex.example")
    assert globex.get("/")["Location"] == "/o/globex/products/"
    invite(browser, "admin@globex.example")
    assert globex.get("/")["Location"] == "/organizations/"
    assert globex.post(answer_path("admin@globex.example", "acceptance"))["Location"] == FIRST
    organization("acme")
    event = AuditEvent.objects.filter(event="member.joined").latest("id")
    assert event.actor_label == "admin@globex.example"
