"""What an organization demands of a session before its pages open: a second factor from a day on,
and a proof that is not too old. O26, O30."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import membership, organization, prove

MEMBERS, DEMANDED = "/o/acme/members/", "/o/acme/second-factor/"
ADMIN, MEMBER, BOTH = "admin@acme.example", "member@acme.example", "both@example.com"


def demand(slug: str = "acme", days: int | None = None, hours: int | None = None) -> None:
    house = organization(slug)
    day = None if days is None else timezone.now().date() + dt.timedelta(days=days)
    type(house).objects.filter(pk=house.pk).update(second_factor_from=day, session_hours=hours)


@pytest.mark.parametrize("days", [0, -1, -400])
def test_from_its_day_on_no_page_opens_without_a_second_factor(world, browser, days):
    demand(days=days)
    weak = browser(ADMIN)
    for page in ("", "members/", "members/invitations/", "members/departure/", "account/"):
        answer = weak.get(f"/o/acme/{page}")
        assert (answer.status_code, answer["Location"]) == (303, DEMANDED), page
    answer = weak.post(MEMBERS + "invitations/", {"email": "new@acme.example"})
    assert (answer.status_code, answer["Location"]) == (303, DEMANDED)
    assert not organization("acme").invitations.filter(email="new@acme.example").exists()
    prove(weak, "password", "mfa")
    assert weak.get(MEMBERS).status_code == 200
    prove(weak, "mfa")  # a passkey alone
    assert weak.get(MEMBERS).status_code == 200


def test_its_page_says_since_when_and_how_for_members_alone(world, browser):
    demand(days=0)
    page = browser(MEMBER).get(DEMANDED)
    markup = page.content.decode()
    assert page.status_code == 200
    assert "Since" in markup and "/profile/authenticator/" in markup
    assert MEMBERS not in markup and "Confirm with it" not in markup
    assert browser("admin@globex.example").get(DEMANDED).status_code == 404


def test_a_person_who_has_one_is_asked_to_confirm_with_it(world, browser):
    demand(days=0)
    client = browser(MEMBER)
    member = User.objects.get(email=MEMBER)
    Authenticator.objects.create(user=member, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert "Confirm with it" not in client.get(DEMANDED).content.decode()
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    assert "?strong=1&amp;next=/o/acme/" in client.get(DEMANDED).content.decode()


def test_the_others_organizations_and_the_persons_own_pages_go_on(world, browser):
    demand(days=0)
    both = browser(BOTH)
    assert both.get(MEMBERS)["Location"] == DEMANDED
    assert both.get("/o/globex/members/").status_code == 200
    page = both.get("/organizations/", headers={"HX-Request": "true"}).content.decode()
    assert "/o/acme/products/" in page and "/o/globex/products/" in page


@pytest.mark.parametrize(("days", "reminded"), [(1, True), (14, True), (0, False), (None, False)])
def test_before_its_day_every_page_reminds(world, browser, days, reminded):
    demand(days=days)
    client = browser(ADMIN)
    for page in (MEMBERS, "/o/acme/account/", "/o/acme/members/invitations/"):
        found = client.get(page)
        assert (DEMANDED in found.content.decode()) == reminded
    prove(client, "mfa")
    assert DEMANDED not in client.get(MEMBERS).content.decode()
    assert DEMANDED not in browser(BOTH).get("/o/globex/members/").content.decode()


def test_a_part_of_a_page_leads_the_whole_page_there(world, browser):
    demand(days=0)
    answer = browser(ADMIN).get(MEMBERS + "?q=x", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, DEMANDED)


def test_older_than_the_organization_allows_one_proves_it_again(world, browser):
    demand(hours=8)
    client = browser(BOTH)
    prove(client, "password", minutes_ago=7.9 * 60)
    assert client.get(MEMBERS).status_code == 200
    prove(client, "password", minutes_ago=8.1 * 60)
    there = client.get(MEMBERS + "?role=admin")["Location"]
    assert there == "/accounts/reauthenticate/?next=%2Fo%2Facme%2Fmembers%2F%3Frole%3Dadmin"
    assert client.get("/o/globex/members/").status_code == 200
    assert client.get("/organizations/").status_code == 200
    back = client.post(there, {"password": "open-the-door", "next": MEMBERS})
    assert back["Location"] == MEMBERS
    assert client.get(MEMBERS).status_code == 200


def test_neither_costs_a_query(world, browser, django_assert_num_queries):
    client = browser(ADMIN)
    client.get("/o/acme/members/invitations/")
    Membership.objects.filter(pk=membership("acme", ADMIN).pk).update(last_seen_at=timezone.now())
    for days, hours in ((None, None), (14, 8), (0, 8)):
        demand(days=days, hours=hours)
        prove(client, "mfa" if days == 0 else "password")
        with django_assert_num_queries(3):  # session, membership, and the cast's clearing
            assert client.get("/o/acme/members/invitations/").status_code == 200


def test_a_session_without_any_proof_is_not_let_in(world, browser):
    demand(hours=720)
    client = browser(MEMBER)
    prove(client)
    assert client.get(MEMBERS)["Location"].startswith("/accounts/reauthenticate/")
