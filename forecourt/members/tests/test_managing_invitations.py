"""Resending, revoking, expiring, declining: O1, O2, O9, D4, D12."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, page_words, row, row_markup
from tests.cast import link_in, link_of, organization, pending, text_of

INVITE = HERE + "invitations/"
NEW, LATE = "new.hire@acme.example", "late.reply@acme.example"


def address(email, what):
    return f"{INVITE}{pending('acme', email).pk}/{what}/"


def count(model):
    organization("acme")
    return model.objects.count()


def test_resending_gives_a_new_link_and_a_new_term(world, browser, mailbox):
    """O2, D4: the older link is dead, the newer works, and the mail carries the newer."""
    admin, visitor = browser("admin@acme.example"), browser()
    old = link_of("acme", NEW)
    assert visitor.get(old).status_code == 200
    answer = admin.post(address(NEW, "resending"))
    assert (answer.status_code, answer["Location"]) == (303, HERE)
    assert visitor.get(old).status_code == 404
    (message,) = mailbox.to(NEW)
    assert link_in(message) == link_of("acme", NEW) != old
    assert pending("acme", NEW).expires_at > timezone.now() + dt.timedelta(days=6, hours=23)


def test_of_many_links_the_newest_alone_works(world, browser):
    """D4, S36: invite, resend three times, revoke, invite again; then try all five."""
    admin, visitor = browser("admin@acme.example"), browser()
    links = []
    admin.post(INVITE, {"email": "kim@example.com"})
    links.append(link_of("acme", "kim@example.com"))
    for _time in range(3):
        admin.post(address("kim@example.com", "resending"))
        links.append(link_of("acme", "kim@example.com"))
    admin.post(address("kim@example.com", "revocation"))
    admin.post(INVITE, {"email": "kim@example.com"})
    links.append(link_of("acme", "kim@example.com"))
    assert len(set(links)) == 5
    assert [visitor.get(link).status_code for link in links] == [404, 404, 404, 404, 200]


def test_an_expired_invitation_is_shown_as_such_and_can_be_resent(world, browser):
    """O1: expired, dead, with Resend; after it the person is pending again."""
    admin, visitor = browser("admin@acme.example"), browser()
    assert "Expired" in row(admin.get(HERE), LATE)
    assert "Resend" in row(admin.get(HERE), LATE)
    assert visitor.get(link_of("acme", LATE)).status_code == 404
    admin.post(address(LATE, "resending"))
    assert "Pending" in row(admin.get(HERE), LATE)
    assert visitor.get(link_of("acme", LATE)).status_code == 200


def test_a_link_that_expires_while_the_page_is_open_accepts_nothing(world, browser):
    """O1, D4: the term is looked at when the button is pressed, not when the page was drawn."""
    visitor, link = browser(), link_of("acme", NEW)
    assert visitor.get(link).status_code == 200
    organization("acme").invitations.filter(email=NEW).update(expires_at=timezone.now())
    answer = visitor.post(link + "account/", {"password": "a long sentence of mine"})
    assert answer.status_code == 404
    assert not organization("acme").memberships.filter(user__email=NEW).exists()


def test_revoking_asks_first_then_kills_the_link_and_tells_nobody(world, browser):
    """O2: the question changes nothing; the answer does; no mail leaves."""
    admin, visitor = browser("admin@acme.example"), browser()
    link, revocation, mails = link_of("acme", NEW), address(NEW, "revocation"), count(Mail)
    assert "Nobody is told" in page_words(admin.get(revocation))
    assert visitor.get(link).status_code == 200
    assert admin.post(revocation).status_code == 303
    assert visitor.get(link).status_code == 404
    assert row(admin.get(HERE), NEW) == ""
    assert count(Mail) == mails
    event = AuditEvent.objects.filter(event="invitation.revoked").latest("id")
    assert (event.actor_label, event.object_label) == ("admin@acme.example", NEW)
    assert admin.post(revocation).status_code == 404  # a second press finds nothing


@pytest.mark.parametrize("who", ["member@acme.example", "primary@acme.example"])
@pytest.mark.parametrize("what", ["resending", "revocation"])
def test_a_member_cannot_manage_what_others_sent(world, browser, who, what):
    """O2: no menu in the row, 403 by hand, and nothing changed."""
    person, before = browser(who), vars(pending("acme", NEW)).copy()
    assert "/resending/" not in row_markup(person.get(HERE), NEW)
    assert "/revocation/" not in row_markup(person.get(HERE), NEW)
    events = count(AuditEvent)
    assert person.post(address(NEW, what)).status_code == 403
    after = vars(pending("acme", NEW))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {
        k: v for k, v in before.items() if k[0] != "_"
    }
    assert count(AuditEvent) == events


def test_a_member_manages_the_invitations_they_sent(world, browser):
    """O2: resend and revoke one's own."""
    member = browser("member@acme.example")
    member.post(INVITE, {"email": "kim@example.com"})
    assert "Resend" in row(member.get(HERE), "kim@example.com")
    assert member.post(address("kim@example.com", "resending")).status_code == 303
    assert member.post(address("kim@example.com", "revocation")).status_code == 303
    assert (
        not organization("acme")
        .invitations.filter(email="kim@example.com", status="pending")
        .exists()
    )


def test_a_member_who_refreshes_an_admins_invitation_does_not_take_it_over(world, browser):
    """O2, O3, D2: the role and the inviter stay the Admin's."""
    browser("admin@acme.example").post(INVITE, {"email": "kim@example.com", "role": "admin"})
    member = browser("member@acme.example")
    assert member.post(INVITE, {"email": "kim@example.com"}).status_code == 303
    kept = pending("acme", "kim@example.com")
    assert (kept.role, kept.inviter_label) == ("admin", "Dana Avery")
    assert member.post(address("kim@example.com", "revocation")).status_code == 403


@pytest.mark.parametrize("what", ["resending", "revocation"])
def test_another_organizations_invitation_is_not_there(world, browser, what):
    """D12: byte for byte what an invented id gets."""
    globex = browser("admin@globex.example")
    theirs = pending("acme", NEW).pk
    paths = [f"/o/globex/members/invitations/{pk}/{what}/" for pk in (theirs, 999_999, 2**70)]
    answers = [globex.post(path) for path in paths]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
    assert pending("acme", NEW).generation == 1


def test_declining_by_the_link_tells_the_inviter(world, browser, mailbox):
    """O9: a POST declines, the inviter gets a mail, the link is dead, inviting again is open."""
    admin, visitor, link = browser("admin@acme.example"), browser(), link_of("acme", NEW)
    assert visitor.get(link + "declination/").status_code in (302, 303)
    assert pending("acme", NEW)  # looking declined nothing
    answer = visitor.post(link + "declination/")
    assert answer.status_code == 200
    assert "Acme" in page_words(answer)
    (message,) = mailbox.to("admin@acme.example")
    assert NEW in text_of(message)
    assert "declined" in message["Subject"]
    assert visitor.get(link).status_code == 404
    assert visitor.post(link + "declination/").status_code == 404
    assert row(admin.get(HERE), NEW) == ""
    assert admin.post(INVITE, {"email": NEW}).status_code == 303


def test_declining_leaves_an_audit_row(world, browser):
    """O9: who declined is the holder of the link."""
    browser().post(link_of("acme", NEW) + "declination/")
    organization("acme")
    event = AuditEvent.objects.filter(event="invitation.declined").latest("id")
    assert (event.actor_kind, event.actor_label) == ("invitee", NEW)


def test_nobody_is_told_of_a_decline_where_the_inviter_has_gone(world, browser):
    """O9: an inviter who is no member any more gets no news of the organization."""
    member = browser("member@acme.example")
    member.post(INVITE, {"email": "kim@example.com"})
    organization("acme").memberships.filter(user__email="member@acme.example").delete()
    mails = count(Mail)
    browser().post(link_of("acme", "kim@example.com") + "declination/")
    assert count(Mail) == mails
