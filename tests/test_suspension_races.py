"""An organization is suspended while somebody else acts in it: whoever holds the lock first, nobody
acts in it after."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from forecourt.console.suspending import suspend_organization
from forecourt.core import scope
from forecourt.core.actors import System
from tests.cast import is_member, organization, signed_in
from tests.invariants import verify
from tests.racing import post
from tests.test_races import ADMIN, HERE, MEMBER, NEW, PASSWORD, in_this_order, link, set_roles


@pytest.fixture
def acme(committed_world) -> Iterator[None]:
    set_roles()
    yield
    scope.clear()
    verify()


def suspend() -> str:
    suspend_organization(System(1), reason="Nothing was paid")
    return "suspended"


def asked(what: str) -> tuple[Callable[[], int], int, int]:
    """How to ask, and the answers before and after."""
    match what:
        case "accept":
            client = signed_in("nobody@example.com")
            return post(client, link("nobody@example.com") + "acceptance/"), 303, 404
        case "account":
            return post(Client(), link(NEW) + "account/", **PASSWORD), 303, 404
        case "decline":
            return post(Client(), link(NEW) + "declination/"), 200, 404
        case "invite":
            return post(signed_in(ADMIN), HERE + "invitations/", email=NEW), 303, 403
        case "leave":
            return post(signed_in(MEMBER), HERE + "departure/"), 303, 303
    raise ValueError(what)


@pytest.mark.parametrize("what", ["accept", "account", "decline", "invite", "leave"])
def test_who_comes_after_it_does_nothing_any_more(acme, what):
    ask, _before, after = asked(what)
    assert in_this_order(suspend, ask) == ["suspended", after]
    house = organization("acme")
    assert house.is_suspended
    assert not house.memberships.filter(user__email__in=["nobody@example.com", NEW]).exists()
    if what != "leave":
        assert is_member("acme", MEMBER)


def test_who_loses_the_race_reads_why(acme):
    client = signed_in(ADMIN)
    form = {"email": NEW}
    answers = in_this_order(suspend, lambda: client.post(HERE + "invitations/", form))
    page = answers[1].content.decode()
    assert "is suspended" in page and "Your role" not in page


@pytest.mark.parametrize("what", ["accept", "account", "invite", "leave"])
def test_who_came_before_it_is_done(acme, what):
    ask, before, _after = asked(what)
    assert in_this_order(ask, suspend) == [before, "suspended"]
    assert organization("acme").is_suspended
