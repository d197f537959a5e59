"""Whatever one of the vendor's staff asks on a visit, nothing happens by it. A190."""

from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.orgs.models import Organization
from forecourt.orgs.visiting import KEPT_BACK, LOOKED_AT
from forecourt.people.models import User
from forecourt.products.models import LicenseKey
from tests.cast import organization, signed_in
from tests.test_who_may import INSIDE, Unchanged, ask
from tests.visiting import ONLY, PAGE, begin, visitor
from tests.who_may.place import Place

__all__ = ["visitor"]


def test_every_address_is_decided_on():
    """A new page is opened to visits on purpose, or stays shut."""
    gets = {row.name for row in INSIDE if row.method == "GET"}
    assert gets == LOOKED_AT | KEPT_BACK and not LOOKED_AT & KEPT_BACK
    noted = {row.name for row in INSIDE if row.method == "GET" and row.action}
    assert noted <= KEPT_BACK


def test_what_nobody_decided_on_stays_shut(visitor, monkeypatch):
    monkeypatch.setattr("forecourt.orgs.visiting.LOOKED_AT", frozenset())
    assert ONLY in visitor.get(PAGE).content.decode()


@pytest.fixture
def place(committed_world) -> Place:
    with transaction.atomic():
        User.objects.create(email="somebody@example.com")
    made = Place("acme", User.objects.get(email="somebody@example.com"))
    scope.clear()
    return made


def test_every_address_on_a_visit_with_nothing_changed(place):
    """Each page opens as an Admin's, with its banner and no key in clear; each form, file and product is
    refused with a page that says so; no row of any table is another one."""
    client = at_work("support")
    begin(client)
    with scope.across_organizations("a test looks"):
        keys = list(LicenseKey.objects.values_list("key", flat=True))
    unchanged = Unchanged()
    for row in INSIDE:
        answer = ask(client, row, place.address(row))
        opened = row.method == "GET" and row.name in LOOKED_AT
        # While a member is the primary billing contact, an Admin does not change it either.
        wanted = row.status("admin") if opened and "admin" in row.who else 403
        assert answer.status_code == wanted, f"{row}: {answer.status_code}"
        page = answer.content.decode()
        if wanted != 302:
            assert "ending/" in page, row
        if not opened:
            assert ONLY in page, row
        assert not [key for key in keys if key in page], row
        unchanged.look(row)


def test_a_page_that_writes_when_it_is_looked_at_writes_nothing(committed_world, monkeypatch):
    """The second wall: the database."""
    client = at_work()
    begin(client)

    def read(organization_id, _platform):
        Organization.objects.filter(pk=organization_id).update(name="Changed")

    monkeypatch.setattr("forecourt.products.shelf.read", read)
    answer = client.get(PAGE)
    assert answer.status_code == 403 and ONLY in answer.content.decode()
    assert organization("acme").name == "Acme"
    scope.clear()
    monkeypatch.undo()
    assert (
        signed_in("admin@acme.example")
        .post("/o/acme/members/invitations/", {"email": "one@new.example"})
        .status_code
        == 303
    )


def test_the_wall_goes_with_the_page(committed_world):
    """Also where the page broke; and a connection that comes from the pool has none."""

    def is_up() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("show default_transaction_read_only")
            return cursor.fetchone() == ("on",)

    def broken() -> None:
        with scope.nothing_written():
            assert is_up()
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken()
    assert not is_up()
    with scope.nothing_written():
        scope.clear()
        assert not is_up()


def test_an_action_does_nothing_for_whoever_looks(committed_world, monkeypatch):
    """The third: were a page to ask one, it would be refused before it began."""
    from forecourt.members import actions

    client = at_work()
    begin(client)
    unchanged = Unchanged()

    def read(viewer, _asked):
        actions.invite_member(viewer, email="one@new.example")

    monkeypatch.setattr("forecourt.members.listing.read", read)
    monkeypatch.setattr("forecourt.core.scope.nothing_written", nullcontext)
    answer = client.get("/o/acme/members/")
    assert answer.status_code == 403 and ONLY in answer.content.decode()
    unchanged.look("an action on a visit")


def test_htmx_is_refused_and_the_page_says_it_after(visitor):
    answer = visitor.post(
        "/o/acme/members/invitations/", {"email": "a@b.example"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 403
    assert "nothing was done" in visitor.get(PAGE).content.decode()


def test_nothing_counts_it(visitor, browser):
    seen = list(organization("acme").memberships.order_by("pk").values_list("last_seen_at"))
    scope.clear()
    for address in (PAGE, "/o/acme/members/", "/o/acme/account/activity/", "/organizations/"):
        visitor.get(address)
    house = organization("acme")
    assert list(house.memberships.order_by("pk").values_list("last_seen_at")) == seen
    assert not house.memberships.filter(user__email=STAFF).exists()
    scope.clear()
    page = visitor.get("/organizations/").content.decode()
    assert "Acme" not in page and visitor.get("/")["Location"] == "/console/"
    assert visitor.get("/profile/").status_code == 200
    people = browser("admin@acme.example").get("/o/acme/members/").content.decode()
    assert STAFF not in people
