"""One of the vendor's staff looks at the portal as a customer sees it (`start_visit`, `end_visit`), and
nothing happens by it. A066, A190."""

import datetime as dt
from ipaddress import ip_network

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from forecourt.console.tests.suspending import suspend
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.orgs.models import Membership, Staff
from forecourt.orgs.visits import LIFE, Visit
from forecourt.people.models import User
from tests.cast import organization, prove, signed_in
from tests.test_who_may import VIEWS
from tests.visiting import ASKED, BANNER, PAGE, begin, events, leave, status, visitor, visits

__all__ = ["visitor"]


def test_staff_see_a_customers_pages_under_a_banner_and_leave(world):
    client = at_work("support")
    assert status(client) == 404
    assert begin(client) == 303
    page = client.get(PAGE).content.decode()
    assert BANNER in page and STAFF in page and "/visit/ending/" in page and "Deploy" in page
    assert client.get("/o/acme/billing/").status_code == 200
    there = leave(client)
    assert (there.status_code, there["Location"]) == (303, "/console/organizations/acme/")
    assert status(client) == 404 and status(client, "/console/") == 200


def test_as_a_member_one_sees_what_members_see(world):
    client = at_work()
    begin(client, role="member")
    assert client.get("/o/acme/members/").status_code == 200
    answer = client.get("/o/acme/billing/")
    assert answer.status_code == 403 and BANNER in answer.content.decode()


def test_the_customer_reads_who_looked_why_and_how_long(visitor, browser):
    """Both are named: who it was, and as whom."""
    leave(visitor)
    first, last = events()
    assert {each.actor_label for each in (first, last)} == {STAFF}
    assert (first.after["role"], first.after["reason"]) == ("admin", ASKED["reason"])
    assert last.after["from"] <= last.after["to"] < first.after["until"]
    page = browser("admin@acme.example").get("/o/acme/account/activity/").content.decode()
    for word in ("Looked at the portal as you see it", ASKED["reason"], STAFF, "Until"):
        assert word in page


def test_it_ends_after_half_an_hour(visitor):
    assert status(visitor) == 200
    with transaction.atomic(), scope.organization(1):
        (row,) = Visit.objects.all()
        assert row.ends_at - row.began_at == LIFE
        ago = timezone.now() - LIFE
        Visit.objects.update(began_at=ago, ends_at=ago + LIFE - dt.timedelta(seconds=1))
    scope.clear()
    assert status(visitor) == 404 and status(visitor, "/console/") == 200
    assert len(events()) == 1  # it said until when


def test_another_browser_of_the_same_person_is_on_no_visit(visitor):
    other = at_work("support")
    assert status(other) == 404
    session = other.session
    session["orgs_visit"] = visits()[0].pk  # even if it knew which
    session.save()
    assert status(other) == 404 and status(visitor) == 200
    forged = Client()
    forged.cookies["session"] = "A" * 32
    assert forged.get(PAGE).status_code == 302


def test_a_visit_opens_one_organization_alone(visitor):
    for address in ("/o/globex/members/", "/o/initech/products/", "/o/never-was/products/"):
        assert status(visitor, address) == 404
    assert status(visitor) == 200


def test_one_visit_ends_the_other_in_whatever_browser(visitor):
    other = at_work("support")
    assert begin(other, "globex") == 303
    assert status(visitor) == 404 and status(other, "/o/globex/products/") == 200
    assert [each.event for each in events()] == ["staff.visit_started", "staff.visit_ended"]
    assert begin(other) == 303
    assert status(other, "/o/globex/products/") == 404 and status(other) == 200
    assert [each.ended_at is None for each in visits()] == [False, False, True]


def test_of_two_that_began_at_once_the_later_one_goes_on(visitor):
    """Whatever became of ending the other."""
    other = at_work("support")
    begin(other)
    with transaction.atomic(), scope.organization(1):
        Visit.objects.update(ended_at=None)
    scope.clear()
    assert (status(visitor), status(other)) == (404, 200)


@pytest.mark.parametrize("how", ["removed", "duty", "factor", "inactive", "signed out", "place"])
def test_it_ends_with_what_it_stands_on(visitor, settings, how):
    person = User.objects.get(email=STAFF)
    match how:
        case "removed":
            Staff.objects.all().delete()
        case "duty":
            Staff.objects.update(duty="finance")
        case "factor":
            prove(visitor, "password")
        case "inactive":
            User.objects.filter(pk=person.pk).update(is_active=False)
        case "place":
            settings.STAFF_NETWORKS = [ip_network("203.0.113.0/24")]
        case "signed out":
            person.sessions.all().delete()
    assert status(visitor) == (302 if how in ("inactive", "signed out") else 404)
    if how == "signed out":
        assert visits()[0].session_id is None
    if how == "duty":  # over for good
        Staff.objects.update(duty="support")
        assert status(visitor) == 404


def test_where_one_is_a_member_one_looks_as_that(world):
    client = at_work()
    house = organization("acme")
    Membership.objects.create(organization=house, user=User.objects.get(email=STAFF))
    scope.clear()
    answer = client.post("/console/organizations/acme/visit/", ASKED)
    assert answer.status_code == 422 and "a member of Acme yourself" in answer.content.decode()
    assert visits() == [] and BANNER not in client.get(PAGE).content.decode()


def test_keys_and_secrets_are_new_at_each_end_and_one_stays_signed_in(world):
    """A066."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = at_work("support").cookies
    seen = []

    def token() -> str:
        page = client.get("/console/organizations/acme/visit/").content.decode()
        seen.append((client.cookies["session"].value, client.cookies["csrf"].value))
        return page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]

    given = {**ASKED, "csrfmiddlewaretoken": token()}
    assert client.post("/console/organizations/acme/visit/", given).status_code == 303
    former = Client()
    former.cookies["session"] = seen[0][0]
    assert former.get(PAGE).status_code == 302  # the key before opens nothing
    page = client.get(PAGE).content.decode()
    assert "_auth_user_id" in client.session
    given = {"csrfmiddlewaretoken": token()}
    assert BANNER in page and leave_with(client, given) == 303
    token()
    assert len({key for key, _secret in seen}) == len({secret for _key, secret in seen}) == 3


def leave_with(client: Client, form: dict[str, str]) -> int:
    return client.post("/console/organizations/acme/visit/ending/", form).status_code


@pytest.mark.parametrize("duty", ["finance", "catalog"])
def test_who_is_there_for_something_else_sees_nothing(world, duty):
    """A191."""
    client = at_work(duty)
    assert "See as customer" not in client.get("/console/organizations/acme/").content.decode()
    assert begin(client) == 403 and status(client) == 404 and visits() == []
    assert client.get("/console/organizations/acme/visit/").status_code == 403


@pytest.mark.parametrize(
    "given", [{"reason": ""}, {"reason": "x" * 301}, {"reason": "a\u202eb"}, {"role": "owner"}]
)
def test_it_wants_a_reason_and_a_role(world, given):
    client = at_work()
    assert begin(client, **given) == 422 and visits() == [] and status(client) == 404


def test_it_wants_a_fresh_proof(world):
    """O26."""
    at_work()
    client = signed_in(STAFF)
    prove(client, "password", "mfa", minutes_ago=15.1)
    assert begin(client) == 302 and visits() == []


def test_once_begun_it_asks_for_no_proof_of_its_own(visitor):
    """Neither what is dangerous for members, nor what the organization demands of them."""
    house = organization("acme")
    house.session_hours = 1
    house.save()
    scope.clear()
    prove(visitor, "password", "mfa", minutes_ago=70)
    assert status(visitor, "/o/acme/account/name/") == 200


def test_what_is_suspended_can_be_looked_at(world):
    suspend()
    client = at_work("support")
    begin(client)
    page = client.get(PAGE).content.decode()
    assert "It is suspended" in page and "Deploy" in page


def test_the_table_knows_these_pages():
    assert {"console_start_visit", "console_end_visit"} <= {*VIEWS}
