"""Deleting accounts while something else happens: whoever comes first, the house is in order."""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.demo.world import HASH
from forecourt.members import actions
from forecourt.orgs.models import Membership, lock
from forecourt.people.models import User
from tests.cast import Browser, is_member, link_of, organization, pending
from tests.invariants import verify
from tests.racing import at_once, post, start, wait_until
from tests.test_races import in_this_order, set_roles

ADMIN, OTHER, MEMBER = "admin@acme.example", "both@example.com", "member@acme.example"


@pytest.fixture
def acme(committed_world) -> Iterator[None]:
    """Acme with two Admins; the rules of the house hold after."""
    set_roles()
    yield
    scope.clear()
    verify()


def removal(client: Browser) -> Callable[[], int]:
    return post(client, "/profile/removal/", email=client.who)


def accounts(*addresses: str) -> int:
    return User.objects.filter(email__in=addresses).count()


def test_two_admins_delete_their_accounts_and_the_later_may_not(acme, browser):
    """O10: nor has the later left the other organization on the way."""
    assert in_this_order(removal(browser(ADMIN)), removal(browser(OTHER))) == [303, 422]
    assert (accounts(ADMIN), accounts(OTHER)) == (0, 1)
    assert is_member("acme", OTHER) and is_member("globex", OTHER)


def test_one_admin_leaves_while_the_other_deletes_their_account(acme, browser):
    leave = post(browser(OTHER), "/o/acme/members/departure/")
    assert in_this_order(leave, removal(browser(ADMIN))) == [303, 422]


def test_an_invitation_that_they_send_meanwhile_is_sent(acme, browser):
    """It needs its sender's row when it commits: whoever held that first would be waited for by
    the one who waits for the organization."""
    form = {"email": "new@acme.example"}
    invite = post(browser(MEMBER), "/o/acme/members/invitations/", **form)
    assert in_this_order(invite, removal(browser(MEMBER))) == [303, 303]
    assert pending("acme", "new@acme.example").invited_by_id is None


def test_pressing_twice_deletes_once(acme, browser):
    client = browser(MEMBER)
    assert sorted(at_once(removal(client), removal(client)))[0] in (302, 303)
    assert accounts(MEMBER) == 0


def test_a_place_taken_meanwhile_is_seen(acme, browser):
    """While the account waits at one organization its person joins another."""
    actions.invite_member(System(2), email=MEMBER)
    client, here, answers = browser(MEMBER), link_of("globex", MEMBER), {}
    join = post(browser(MEMBER), here + "acceptance/")
    with transaction.atomic(), scope.organization(1):
        lock(1)
        waiting = start(removal(client), answers, 0)
        wait_until(1)
        joining = start(join, answers, 1)
        joining.join(20)
    waiting.join(20)
    assert answers == {0: 422, 1: 303}
    assert is_member("acme", MEMBER) and is_member("globex", MEMBER)


def test_a_person_who_is_gone_joins_nothing(acme, browser):
    """They pressed Join, and their account was deleted while that waited."""
    actions.invite_member(System(1), email="nobody@example.com")
    here, answers = link_of("acme", "nobody@example.com"), {}
    client, gone = browser("nobody@example.com"), browser("nobody@example.com")
    with transaction.atomic(), scope.organization(1):
        lock(1)
        joining = start(post(client, here + "acceptance/"), answers, 0)
        wait_until(1)
        start(removal(gone), answers, 1).join(20)
    joining.join(20)
    assert answers == {0: 422, 1: 303}
    assert accounts("nobody@example.com") == 0


def crowd(number: int) -> list[str]:
    """New people, who alone are Admins of both Acme and Globex."""
    addresses = [f"a{place}@crowd.example" for place in range(number)]
    with transaction.atomic():
        people = [User.objects.create(email=email, password=HASH) for email in addresses]
        for user in people:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for pk in (1, 2):
            with scope.organization(pk):
                Membership.objects.filter(organization_id=pk).update(role="member")
                for user in people:
                    Membership.objects.create(organization_id=pk, user=user, role="admin")
    return addresses


def test_many_at_once_who_also_invite_end_with_one_admin_and_no_deadlock(acme, browser):
    addresses = crowd(4)
    clients = [(browser(who), browser(who)) for who in addresses]
    ask = [removal(one) for one, _other in clients]
    for number, (_one, other) in enumerate(clients):
        form = {"email": f"new{number}@new.example"}
        ask.append(post(other, f"/o/{('acme', 'globex')[number % 2]}/members/invitations/", **form))
    answers = at_once(*ask)
    assert sorted(answers[:4]) == [303, 303, 303, 422]
    assert set(answers[4:]) <= {302, 303, 404}
    assert accounts(*addresses) == 1
    for slug in ("acme", "globex"):
        assert organization(slug).memberships.filter(role="admin").count() == 1
    assert connection.in_atomic_block is False
