"""Two at once, on connections of their own: whoever comes first, the end is one of the two orders.

Nothing is left to luck: the test holds the organization's lock until everybody waits at it, and
lets them go in the order in which they came.
"""

from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.members import actions
from forecourt.orgs.models import Membership, lock
from forecourt.people.models import User
from tests.cast import code_in, is_member, link_of, membership, organization, pending, signed_in
from tests.invariants import verify
from tests.racing import at_once, one_by_one, post, start, wait_until

ADMIN, OTHER, MEMBER = "admin@acme.example", "both@example.com", "member@acme.example"
NEW, PASSWORD = "new@acme.example", {"password": "a long sentence of mine"}
HERE = "/o/acme/members/"


@pytest.fixture
def acme(committed_world) -> Iterator[None]:
    """Acme with two Admins; whatever happens in it, the rules of the whole house hold after."""
    set_roles()
    yield
    scope.clear()
    verify()


def set_roles() -> None:
    with transaction.atomic(), scope.organization(1):
        for address in (ADMIN, OTHER):
            member = Membership.objects.filter(organization_id=1, user__email=address)
            assert member.update(role="admin") == 1


def in_this_order(*asked: Callable[[], object]) -> list:
    """The answers to those who all ask while the organization is locked and get on one by one."""

    def hold() -> None:
        with scope.organization(1):
            lock(1)

    return one_by_one(hold, *asked)


def link(address: str, role: str = "member") -> str:
    """The path of a new invitation's link."""
    actions.invite_member(System(1), email=address, role=role)
    return link_of("acme", address)


def test_accepting_twice_with_an_account_joins_once_and_both_presses_go_on(acme):
    client, here = signed_in("nobody@example.com"), link("nobody@example.com")
    assert in_this_order(*[post(client, here + "acceptance/")] * 2) == [303, 303]
    assert is_member("acme", "nobody@example.com")


def test_accepting_twice_with_a_password_makes_one_account(acme):
    here = link(NEW)
    press = [post(Client(), here + "account/", **PASSWORD) for _ in range(2)]
    assert in_this_order(*press) == [303, 404]
    assert User.objects.filter(email=NEW).count() == 1
    assert is_member("acme", NEW)


def test_accepting_with_a_password_and_declining(acme):
    here = link(NEW)
    accept = post(Client(), here + "account/", **PASSWORD)
    decline = post(Client(), here + "declination/")
    assert in_this_order(accept, decline) == [303, 404]
    assert is_member("acme", NEW)


def test_two_admins_demote_each_other_and_the_later_is_no_admin_any_more(acme):
    assert in_this_order(*demotions()) == [303, 403]


def demotions() -> list[Callable[[], int]]:
    """Each Admin makes the other a Member."""
    ids = [membership("acme", who).pk for who in (OTHER, ADMIN)]
    pairs = zip((ADMIN, OTHER), ids, strict=True)
    return [post(signed_in(who), f"{HERE}{pk}/role/", role="member") for who, pk in pairs]


def test_in_twenty_rounds_one_admin_always_stays(acme):
    for _ in range(20):
        set_roles()
        assert sorted(at_once(*demotions())) == [303, 403]
        verify()


def test_two_admins_leave_and_the_later_may_not(acme):
    go = [post(signed_in(who), HERE + "departure/") for who in (ADMIN, OTHER)]
    assert in_this_order(*go) == [303, 422]
    assert is_member("acme", OTHER)


def test_two_admins_remove_each_other_and_the_later_is_no_member_any_more(acme):
    ids = [membership("acme", who).pk for who in (OTHER, ADMIN)]
    pairs = zip((ADMIN, OTHER), ids, strict=True)
    remove = [post(signed_in(who), f"{HERE}{pk}/removal/") for who, pk in pairs]
    assert in_this_order(*remove) == [303, 404]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_somebody_is_removed_while_they_leave(acme, order):
    pk = membership("acme", MEMBER).pk
    both = [
        post(signed_in(MEMBER), HERE + "departure/"),
        post(signed_in(ADMIN), f"{HERE}{pk}/removal/"),
    ]
    assert in_this_order(*[both[place] for place in order]) == [303, 404]
    assert not is_member("acme", MEMBER)


def test_somebody_is_removed_while_they_press_their_used_link_again(acme):
    here = link("nobody@example.com")
    joined = signed_in("nobody@example.com")
    assert joined.post(here + "acceptance/").status_code == 303
    pk = membership("acme", "nobody@example.com").pk
    remove = post(signed_in(ADMIN), f"{HERE}{pk}/removal/")
    again = post(joined, here + "acceptance/")
    assert at_once(remove, again)[0] == 303
    assert not is_member("acme", "nobody@example.com")


@pytest.mark.parametrize("first", ["revoke", "accept"])
def test_revoking_and_accepting_have_an_order(acme, first):
    here = link(NEW)
    revoke = post(signed_in(ADMIN), f"{HERE}invitations/{pending('acme', NEW).pk}/revocation/")
    accept = post(Client(), here + "account/", **PASSWORD)
    both = [revoke, accept] if first == "revoke" else [accept, revoke]
    assert in_this_order(*both) == [303, 404]
    assert is_member("acme", NEW) == (first == "accept")


def test_resending_and_accepting_the_link_before(acme):
    here = link(NEW)
    resend = post(signed_in(ADMIN), f"{HERE}invitations/{pending('acme', NEW).pk}/resending/")
    accept = post(Client(), here + "account/", **PASSWORD)
    assert in_this_order(resend, accept) == [303, 404]
    assert pending("acme", NEW).generation == 2


def test_the_inviter_is_demoted_while_their_admin_accepts(acme):
    actions.invite_member(membership("acme", OTHER), email="nobody@example.com", role="admin")
    here, pk = link_of("acme", "nobody@example.com"), membership("acme", OTHER).pk
    demote = post(signed_in(ADMIN), f"{HERE}{pk}/role/", role="member")
    accept = post(signed_in("nobody@example.com"), here + "acceptance/")
    assert in_this_order(demote, accept) == [303, 303]
    assert membership("acme", "nobody@example.com").role == "member"


def test_the_same_address_invited_twice_has_one_pending_invitation(acme):
    ask = [post(signed_in(who), HERE + "invitations/", email=NEW) for who in (ADMIN, MEMBER)]
    assert in_this_order(*ask) == [303, 303]
    assert pending("acme", NEW).generation == 2


def test_the_same_address_invited_by_eight_at_the_same_moment(acme):
    ask = [post(signed_in(ADMIN), HERE + "invitations/", email=NEW) for _ in range(8)]
    assert at_once(*ask) == [303] * 8
    assert pending("acme", NEW).generation == 8


def test_limits_hold_whoever_races(acme, settings):
    settings.INVITATIONS_PER_HOUR_ORGANIZATION = 3
    ask = [
        post(signed_in(ADMIN), HERE + "invitations/", email=f"n{number}@new.example")
        for number in range(6)
    ]
    assert sorted(at_once(*ask)) == [303] * 3 + [429] * 3


ACTIONS = [
    ("invitations/", {"email": "new@acme.example"}),
    ("invitations/several/sending/", {"people": "one@new.example two@new.example"}),
    ("{other}/role/", {"role": "admin"}),
    ("{other}/removal/", {}),
    ("departure/", {}),
]


@pytest.mark.parametrize(("address", "form"), ACTIONS)
def test_somebody_removed_while_their_own_action_waits_does_nothing_any_more(acme, address, form):
    """They were an Admin when their request came in; the right is read again behind the lock."""
    pk, other = membership("acme", OTHER).pk, membership("acme", MEMBER)
    remove = post(signed_in(ADMIN), f"{HERE}{pk}/removal/")
    act = post(signed_in(OTHER), HERE + address.format(other=other.pk), **form)
    assert in_this_order(remove, act) == [303, 404]
    assert membership("acme", MEMBER).role == "member"
    assert organization("acme").invitations.filter(email__contains="new").count() == 1


def test_an_account_switched_off_while_its_action_waits_does_nothing_any_more(acme):
    other = signed_in(OTHER)

    def switch_off() -> int:
        with transaction.atomic(), scope.organization(1):
            lock(1)
            return User.objects.filter(email=OTHER).update(is_active=False)

    assert in_this_order(switch_off, post(other, HERE + "invitations/", email=NEW)) == [1, 404]


def test_an_address_that_two_prove_at_once_has_one_owner(committed_world, browser, mailbox):
    """A058: the second reads a sentence, at the address's own unique index."""
    new, client = "wanted@new.example", browser("admin@acme.example")
    client.post("/profile/addresses/", {"email": new})
    code, answers = code_in(mailbox.to(new)[-1]), {}
    with transaction.atomic():
        first = User.objects.get(email="member@acme.example")
        EmailAddress.objects.create(user=first, email=new, verified=True)
        second = start(post(client, "/accounts/verify/", code=code), answers, 0)
        wait_until(1)
    second.join(20)
    assert answers == {0: 302} and EmailAddress.objects.get(email=new).user == first
    assert "belongs to another account" in client.get("/profile/").content.decode()
