"""The list of members on the page of a license's seats: searched, filtered, a page at a time."""

import re

import pytest

from forecourt.demo.world import HASH
from forecourt.members.tests.reading import listed, page_words
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from forecourt.products.models import Seat
from forecourt.products.seats import taken
from forecourt.products.tests.test_seats import here, license_of
from tests.cast import membership, organization

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"


def crowd(number: int, *, seats: int = 0) -> None:
    """So many more members of Acme; the first of them with a seat of Inventory."""
    users = User.objects.bulk_create(
        User(email=f"p{n:04}@crowd.example", name=f"Person {n:04}", password=HASH)
        for n in range(number)
    )
    acme, license = organization("acme"), license_of("acme", "inventory")
    license.seats = None
    license.save()
    members = Membership.objects.bulk_create(
        Membership(organization=acme, user=user) for user in users
    )
    Seat.objects.bulk_create(
        Seat(organization=acme, license=license, member=member) for member in members[:seats]
    )


def turn(response, way: str) -> str:
    """Where "Next" or "Previous" leads; "" where there is none."""
    found = re.search(rf'href="([^"]*)"[^>]*>{way}<', response.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {ADMIN, MEMBER, PRIMARY, "both@example.com"}),
        ("?seat=with", {ADMIN, MEMBER}),
        ("?seat=without", {PRIMARY, "both@example.com"}),
        ("?q=moss", {MEMBER}),
        ("?q=moss&seat=without", set()),
        ("?q=@globex", set()),
        ("?q=%25", set()),
        ("?seat=of+my+own&after=x&n=-1", {ADMIN, MEMBER, PRIMARY, "both@example.com"}),
    ],
)
def test_searching_and_filtering(world, browser, query, expected):
    """A085: nobody of elsewhere is found, wildcards are letters, nonsense is not asked."""
    assert set(listed(browser(MEMBER).get(here() + query))) == expected


def test_an_empty_list_says_why(world, browser):
    admin = browser(ADMIN)
    assert "No member matches “nobody”." in page_words(admin.get(here() + "?q=nobody"))
    Seat.objects.filter(license=license_of("acme", "inventory")).delete()
    assert "Nobody has a seat yet." in page_words(admin.get(here() + "?seat=with"))
    for member in organization("acme").memberships.all():
        Seat.objects.create(
            organization_id=1, license=license_of("acme", "inventory"), member=member
        )
    assert "Everybody has a seat." in page_words(admin.get(here() + "?seat=without"))


@pytest.mark.parametrize("query", ["", "?seat=with", "?seat=without", "?q=person"])
def test_paging_shows_everybody_once_forwards_and_backwards(world, browser, query):
    crowd(120, seats=60)
    admin, pages = browser(ADMIN), []
    page = admin.get(here() + query)
    pages.append(listed(page))
    while turn(page, "Next"):
        page = admin.get(turn(page, "Next"))
        pages.append(listed(page))
    every = [address for page in pages for address in page]
    assert len(every) == len({*every}) == {"": 124, "?q=person": 120}.get(query, 62)
    for before in reversed(pages[:-1]):
        page = admin.get(turn(page, "Previous"))
        assert listed(page) == before
    assert f"1–25 of {len(every)}" in page_words(page) and not turn(page, "Previous")


def test_after_the_deed_one_is_where_one_was_or_on_the_first_page(world, browser):
    crowd(30)
    admin = browser(ADMIN)
    second = turn(admin.get(here() + "?seat=without&q=person"), "Next")
    there = listed(admin.get(second))
    assert len(there) == 5
    address = second.replace("?", "assignment/?")
    member = [membership("acme", who).pk for who in there]
    refused = admin.post(address, {"member": [*member, "x"]})
    assert (refused.status_code, listed(refused)) == (422, there)
    answer = admin.post(address, {"member": member})
    assert answer["Location"] == second
    assert "1–25 of 25" in page_words(admin.get(second))


def test_the_page_asks_five_queries_however_many_there_are(
    world, browser, django_assert_num_queries
):
    """Session, membership, license, members, how many."""
    admin, at = browser(ADMIN), here()
    admin.get(at)
    # One more than the page asks: the end of a request empties the scope, as the pool does.
    with django_assert_num_queries(4 + 1):
        admin.get(at)
    crowd(1_100, seats=1_050)
    for query in ("", "?seat=with", "?seat=without", "?q=person"):
        with django_assert_num_queries(5 + 1):
            page = admin.get(at + query)
    assert "1–25 of 1,000+" in page_words(page)
    with django_assert_num_queries(5 + 1):
        admin.get(turn(page, "Next"))


def test_htmx_gets_the_list_alone_behind_the_same_gate(world, browser):
    fragment = browser(MEMBER).get(here(), headers={"HX-Request": "true"})
    assert 'id="list"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    stranger = browser("admin@globex.example")
    assert stranger.get(here(), headers={"HX-Request": "true"}).status_code == 404


def test_the_seats_of_many_licenses_are_counted_in_one_query(world, django_assert_num_queries):
    licenses = organization("acme").licenses.annotate(taken=taken())
    with django_assert_num_queries(1):
        numbers = dict(licenses.values_list("product__slug", "taken"))
    assert numbers == {"deploy": 3, "inventory": 2}
