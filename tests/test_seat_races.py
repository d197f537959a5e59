"""Seats that several ask for at once, on connections of their own (A160)."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from forecourt.core import scope
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from forecourt.products.models import License, Seat
from tests.cast import membership, organization, signed_in
from tests.invariants import verify
from tests.test_races import ADMIN, HERE, MEMBER, OTHER, at_once, in_this_order, post, set_roles


@pytest.fixture
def inventory(committed_world) -> Iterator[License]:
    """Acme's license of Inventory with five seats, all free; the rules of the house hold after."""
    set_roles()
    with transaction.atomic(), scope.organization(1):
        license = License.objects.get(organization_id=1, product__slug="inventory")
        License.objects.filter(pk=license.pk).update(seats=5)
        license.seats_taken.all().delete()
    yield license
    scope.clear()
    verify()


def crowd(number: int) -> list[int]:
    """So many more members of Acme, by their ids."""
    with transaction.atomic(), scope.organization(1):
        users = [User.objects.create(email=f"p{n}@crowd.example") for n in range(number)]
        return [Membership.objects.create(organization_id=1, user=user).pk for user in users]


def address(license: License) -> str:
    return f"/o/acme/products/licenses/{license.pk}/seats/"


def seated(license: License) -> set[int]:
    organization("acme")
    return set(Seat.objects.filter(license=license).values_list("member_id", flat=True))


def test_of_five_seats_that_twenty_ask_for_five_are_given_and_a_freed_one_once(inventory):
    members, here = crowd(20), address(inventory)
    ask = {pk: post(signed_in(ADMIN), here + "assignment/", member=pk) for pk in members}
    assert sorted(at_once(*ask.values())) == [303] * 5 + [422] * 15
    first = seated(inventory)
    assert len(first) == 5
    assert post(signed_in(ADMIN), f"{here}{min(first)}/freeing/")() == 303
    again = at_once(*[ask[pk] for pk in members if pk not in first])
    assert sorted(again) == [303] + [422] * 14
    assert len(seated(inventory)) == 5


def test_two_who_ask_for_more_than_are_left_together_get_all_or_none(inventory):
    members, here = crowd(6), address(inventory)
    ask = [
        post(signed_in(who), here + "assignment/", member=chosen)
        for who, chosen in ((ADMIN, members[:3]), (OTHER, members[3:]))
    ]
    assert in_this_order(*ask) == [303, 422]
    assert seated(inventory) == {*members[:3]}


def test_somebody_gets_a_seat_while_they_are_removed(inventory):
    here, pk = address(inventory), membership("acme", MEMBER).pk
    remove = post(signed_in(OTHER), f"{HERE}{pk}/removal/")
    give = post(signed_in(ADMIN), here + "assignment/", member=pk)
    assert in_this_order(remove, give) == [303, 404]
    assert seated(inventory) == set()


def test_an_admin_who_is_demoted_while_their_assignment_waits_gives_nothing(inventory):
    here, pk = address(inventory), membership("acme", OTHER).pk
    demote = post(signed_in(ADMIN), f"{HERE}{pk}/role/", role="member")
    give = post(signed_in(OTHER), here + "assignment/", member=pk)
    assert in_this_order(demote, give) == [303, 403]
    assert seated(inventory) == set()
