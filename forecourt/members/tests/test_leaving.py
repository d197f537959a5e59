"""Leaving an organization: O10, O14, O25."""

import pytest

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, page_words
from tests.cast import is_member, organization, text_of

LEAVE = HERE + "departure/"
ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"


def traces():
    organization("acme")
    return AuditEvent.objects.count(), Mail.objects.count()


def test_a_member_leaves_after_a_question_and_keeps_the_rest(world, browser):
    """O10, O14: the question changes nothing; after it the organization is a stranger's."""
    both, before = browser("both@example.com"), traces()
    assert "Leave Acme" in page_words(both.get(LEAVE))
    assert is_member("acme", "both@example.com")
    assert traces() == before
    answer = both.post(LEAVE)
    assert (answer.status_code, answer["Location"]) == (303, "/organizations/")
    assert not is_member("acme", "both@example.com")
    assert both.get(HERE).status_code == 404
    assert both.get("/o/globex/members/").status_code == 200
    assert both.post(LEAVE).status_code == 404


def test_the_admins_are_told_and_it_is_noted(world, browser, mailbox):
    """O25: to the Admins, and to the contact who chose to know; the person knows."""
    browser(MEMBER).post(LEAVE)
    letters = {message["To"]: text_of(message) for message in mailbox.deliver()}
    assert set(letters) == {ADMIN, PRIMARY}
    assert "Moss Calder" in letters[ADMIN]
    organization("acme")
    (event,) = AuditEvent.objects.filter(event="member.left")
    assert (event.actor_label, event.object_label) == (MEMBER, MEMBER)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [(ADMIN, "This is the only Admin"), (PRIMARY, "Set another primary billing contact first")],
)
def test_the_last_admin_and_the_primary_cannot_leave(world, browser, who, sentence):
    """O10: refused with what to do first; no trace; by page and by htmx."""
    person, before = browser(who), traces()
    for headers in ({}, {"HX-Request": "true"}):
        answer = person.post(LEAVE, headers=headers)
        assert answer.status_code == 422
        assert sentence in page_words(answer)
    assert is_member("acme", who)
    assert traces() == before


def test_an_admin_leaves_where_another_stays(world, browser):
    """O10: allowed otherwise."""
    organization("acme").memberships.filter(user__email=MEMBER).update(role="admin")
    assert browser(ADMIN).post(LEAVE).status_code == 303
    assert not is_member("acme", ADMIN)
