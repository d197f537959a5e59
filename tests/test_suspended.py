"""A suspended organization: every address of it is shut to its members, but for paying and leaving,
and nothing of it can be used; once it is open again everything is as it was. A012, A036."""

import pytest

from forecourt.console.tests.suspending import reopen, suspend
from forecourt.core import scope
from forecourt.members import actions
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import WHILE_SUSPENDED
from forecourt.people.models import User
from tests.cast import link_of, organization, signed_in
from tests.test_who_may import INSIDE, Unchanged, ask, let_in, refused
from tests.who_may import HOLDER
from tests.who_may.organizations import CONTACTS_ROOM
from tests.who_may.place import Place

WHO = {kind: f"{kind}@acme.example" for kind in ("member", "primary", "admin")}
#: What one pays for goes on, or ends; but no member asks for more while nothing can be used.
NO_MORE = {"POST resume_subscription": 303, "POST change_seats": 422}
SAYS = b"Acme is suspended"


@pytest.fixture
def acme(world) -> Place:
    place = Place("acme", User.objects.create(email="somebody@example.com"))
    suspend()
    return place


@pytest.mark.parametrize("kind", WHO)
def test_every_page_is_shut_but_for_paying_and_leaving(acme, kind):
    assert {*WHILE_SUSPENDED} == {"leave", "view_billing", "edit_billing"}
    unchanged, client = Unchanged(), signed_in(WHO[kind])
    for row in INSIDE:
        address = acme.address(row)
        if row.name == "second_factor_required":  # where one gets what Billing may want
            assert client.get(address).status_code == 302
        elif kind in row.who and row.permission in WHILE_SUSPENDED:
            if str(row) in NO_MORE:
                refused(client, row, address, NO_MORE[str(row)])
            else:
                let_in(client, row, address, row.status(kind), unchanged)
            client.cookies.pop("messages", None)
        else:
            assert SAYS in refused(client, row, address, 403), row
        unchanged.look(row)


def test_the_page_says_whom_to_write_to_and_what_is_open(acme):
    page = signed_in(WHO["admin"]).get("/o/acme/products/").content.decode()
    for word in ("help@lumen.example", "/o/acme/billing/", "/o/acme/members/departure/"):
        assert word in page
    assert 'href="/o/acme/products/"' not in page and 'href="/o/acme/members/"' not in page
    assert "/o/acme/billing/" not in signed_in(WHO["member"]).get("/o/acme/").content.decode()


def test_htmx_and_strangers_learn_no_more_than_before(acme):
    asked = {"headers": {"HX-Request": "true"}}
    assert signed_in(WHO["admin"]).get("/o/acme/members/?q=a", **asked).status_code == 403
    stranger = signed_in("admin@globex.example")
    assert stranger.get("/o/acme/members/").status_code == 404
    assert SAYS not in stranger.get("/o/acme/members/").content


def test_other_organizations_of_the_same_person_are_open(acme):
    client = signed_in("both@example.com")
    assert client.get("/o/globex/members/").status_code == 200
    assert client.get("/o/acme/members/").status_code == 403
    assert "Suspended" in client.get("/organizations/").content.decode()


def test_one_can_leave_it_and_delete_ones_account(acme):
    client = signed_in(WHO["member"])
    assert client.post("/o/acme/members/departure/").status_code == 303
    both = signed_in("both@example.com")
    Membership.objects.filter(organization=organization("globex")).update(role="admin")
    scope.clear()
    assert both.post("/profile/removal/", {"email": "both@example.com"}).status_code == 303
    people = {*organization("acme").memberships.values_list("user__email", flat=True)}
    assert not people & {WHO["member"], "both@example.com"}


def test_what_was_offered_waits_behind_the_page_of_dead_links(acme):
    """A012, A036: neither seen, accepted nor declined; the term goes on, and once it is open again
    the same link works."""
    unchanged, client = Unchanged(), signed_in("nobody@example.com")
    here = f"/invitations/{acme.token}/"
    dead = client.get("/invitations/" + "A" * 43 + "/").content
    assert client.get(here).content == dead and client.get(here).status_code == 404
    for way in ("acceptance/", "account/", "declination/", "confirmation/"):
        assert client.post(here + way, {"password": "a long sentence of mine"}).status_code == 404
    assert client.post(f"/invitations/{acme.waiting}/acceptance/").status_code == 404
    assert "Join" not in client.get("/organizations/").content.decode()
    unchanged.look("a shut invitation")
    reopen()
    assert client.post(here + "acceptance/").status_code == 303


def test_links_in_mails_to_contacts_work_on(acme):
    """Confirming, choosing, leaving a kind of mail; and who was the primary contact undoes a change."""
    unchanged = Unchanged()
    rows = [row for row in CONTACTS_ROOM if row.who == HOLDER]
    assert len(rows) == 8
    for row in rows:
        client = signed_in("")
        let_in(client, row, acme.address(row), row.status("anonymous"), unchanged)


def test_an_invitation_that_was_to_be_mailed_is_not(world, mailbox):
    signed_in(WHO["admin"]).post("/o/acme/members/invitations/", {"email": "one@new.example"})
    suspend()
    assert mailbox.to("one@new.example") == []
    reopen()
    scope.clear()
    assert link_of("acme", "one@new.example")


def test_rows_are_as_they_were(acme):
    """Licenses, members, seats, settings: nothing but the two columns changed."""
    house = organization("acme")
    states = list(house.licenses.order_by("pk").values())
    reopen()
    now = organization("acme")
    assert list(now.licenses.order_by("pk").values()) == states
    assert (now.suspended_at, now.suspended_reason) == (None, "")
    client = signed_in(WHO["admin"])
    for row in INSIDE:
        if row.method == "GET" and "admin" in row.who and not row.action:
            assert ask(client, row, acme.address(row)).status_code == row.status("admin"), row


def test_the_actions_themselves_refuse_a_member_who_got_past_the_door(acme):
    member = (
        organization("acme")
        .memberships.select_related("organization", "user")
        .get(user__email=WHO["admin"])
    )
    member.organization.suspended_at = None  # as it was read a moment ago
    scope.clear()
    with pytest.raises(Exception, match="invite_members"):
        actions.invite_member(member, email="two@new.example")
