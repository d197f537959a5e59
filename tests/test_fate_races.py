"""What is told of a mail while it is sent, told again, or its contact changed: in any order one end."""

from collections.abc import Callable, Iterator

import pytest

from forecourt.account import fates
from forecourt.account.tests.mails import BOUNCED, DELIVERED, again, events, sent
from forecourt.core import scope
from forecourt.core.fates import Told
from forecourt.core.models import Mail
from forecourt.orgs.models import Contact, lock
from tests.cast import organization, signed_in
from tests.invariants import verify
from tests.racing import at_once, one_by_one, post

ADMIN, KIM, NEW = "admin@acme.example", "kim@new.example", "other@new.example"


@pytest.fixture
def row(committed_world) -> Iterator[Mail]:
    """A mail of Acme to a contact; whatever happens, the rules of the whole house hold after."""
    Contact.objects.create(organization=organization("acme"), email=KIM, kinds=["releases"])
    yield sent(KIM)
    scope.clear()
    verify()


def tells(row: Mail, fate=BOUNCED) -> Callable[[], bool]:
    """Asking is to tell this of the mail."""
    told = Told(row.token, fate, "5.1.1 No such mailbox", is_for_good=fate == BOUNCED)
    return lambda: fates.believe(told)


def hold(row: Mail, **then: object) -> Callable[[], object]:
    """The mail's lock, as whoever sends it has it; and what they note at the end."""

    def held() -> None:
        with scope.organization(row.organization_id):
            Mail.objects.select_for_update().get(pk=row.pk)
            Mail.objects.filter(pk=row.pk).update(**then or {"about": ""})

    return held


def flagged() -> dict[str, bool]:
    return {each.email: bool(each.bounced_at) for each in organization("acme").contacts.all()}


def test_what_is_told_before_the_sender_has_noted_it_is_not_lost(row):
    Mail.objects.filter(pk=row.pk).update(status="queued")
    scope.clear()
    assert one_by_one(hold(row, status="sent"), tells(row)) == [True]
    assert again(row).status == "bounced" and flagged()[KIM]


def test_told_twice_at_the_same_moment_it_is_noted_once(row):
    scope.clear()
    assert one_by_one(hold(row), tells(row), tells(row)) == [True, True]
    assert events() == ["mail.bounced", "contact.bounced"]


def test_whoever_tells_first_a_bounce_stays(row):
    scope.clear()
    assert at_once(tells(row, DELIVERED), tells(row), tells(row, DELIVERED)) == [True] * 3
    assert again(row).status == "bounced" and flagged()[KIM]


@pytest.mark.parametrize("first", ["the bounce", "the change"])
def test_another_address_is_never_marked_for_the_one_before(row, first):
    contact = organization("acme").contacts.get(email=KIM)
    address = f"/o/acme/account/contacts/{contact.pk}/"
    change = post(signed_in(ADMIN), address, name="", email=NEW, phone="", kinds="releases")
    scope.clear()
    asked = [tells(row), change] if first == "the bounce" else [change, tells(row)]
    assert {*one_by_one(_organization, *asked)} == {True, 303}
    assert again(row).status == "bounced"
    assert flagged()[NEW] is False and KIM not in flagged()


def _organization() -> None:
    with scope.organization(1):
        lock(1)
