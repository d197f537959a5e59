"""Two who change the primary billing contact at once: whoever comes first, one is it (A098)."""

from collections.abc import Iterator

import pytest
from django.test import Client

from forecourt.account import undoing
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import lock
from tests.cast import membership, organization, signed_in
from tests.invariants import verify
from tests.racing import one_by_one, post

PRIMARY, MEMBER, BOTH = "primary@acme.example", "member@acme.example", "both@example.com"
PENCIL = "/o/acme/account/primary-contact/"


@pytest.fixture
def acme(committed_world) -> Iterator[None]:
    """Acme; whatever happens in it, the rules of the whole house hold after."""
    yield
    scope.clear()
    verify()


def hold() -> None:
    """The organization's lock, at which both wait."""
    with scope.organization(1):
        lock(1)


def test_of_two_tabs_the_first_hands_over_and_the_second_has_no_right_left(acme):
    tabs = [post(signed_in(PRIMARY), PENCIL, email=email) for email in (MEMBER, BOTH)]
    assert one_by_one(hold, *tabs) == [303, 403]
    assert organization("acme").primary_contact.email == MEMBER
    assert [membership("acme", who).is_primary for who in (PRIMARY, MEMBER, BOTH)] == [
        False,
        True,
        False,
    ]
    events = AuditEvent.objects.filter(event="organization.primary_contact_changed")
    assert [event.after["email"] for event in events] == [MEMBER]


def test_who_is_handed_it_cannot_be_removed_at_the_same_moment(acme):
    """A097: in the order in which they came; there is always one whom a member is, or whom nobody
    is yet."""
    gone = f"/o/acme/members/{membership('acme', MEMBER).pk}/removal/"
    scope.clear()
    asked = [
        post(signed_in(PRIMARY), PENCIL, email=MEMBER),
        post(signed_in("admin@acme.example"), gone),
    ]
    assert one_by_one(hold, *asked) == [303, 422]
    assert membership("acme", MEMBER).is_primary


def test_the_link_that_undoes_it_pressed_twice_at_once_works_once(acme):
    """A099: the second finds it undone."""
    signed_in(PRIMARY).post(PENCIL, {"name": "", "email": MEMBER, "phone": ""})
    organization("acme")
    change = AuditEvent.objects.get(event="organization.primary_contact_changed")
    link = f"/mailings/{undoing.token(change)}/primary-contact/"
    scope.clear()
    assert one_by_one(hold, *[post(Client(), link) for _press in range(2)]) == [200, 404]
    assert organization("acme").primary_contact.email == PRIMARY
    undone = AuditEvent.objects.filter(event="organization.primary_contact_restored")
    assert undone.count() == 1
