"""The vendor's staff find customers and help them; nobody else sees that there is a console."""

from ipaddress import ip_network

import pytest
from django.test import Client

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Staff
from tests.cast import give_app, organization, prove, signed_in

STAFF = "staff@lumen.example"


def at_work(duty: str = "owner") -> Client:
    """Staff with this duty, signed in with a second factor."""
    Staff.objects.update(duty=duty)
    client = signed_in(STAFF)
    prove(client, "password", "mfa")
    return client


@pytest.mark.parametrize("who", ["admin@acme.example", "member@acme.example", "nobody@example.com"])
def test_for_everybody_else_there_is_no_console(world, who):
    client = signed_in(who)
    for address in ("", "search/?q=acme", "organizations/", "organizations/acme/"):
        assert client.get(f"/console/{address}").status_code == 404
    assert Client().get("/console/").status_code == 302


@pytest.mark.parametrize(
    ("address", "status"),
    [("203.0.113.9", 200), ("::ffff:203.0.113.9", 200), ("198.51.100.4", 404), ("nowhere", 404)],
)
def test_the_console_is_there_at_the_staffs_networks_alone(world, settings, address, status):
    """A193."""
    settings.STAFF_NETWORKS = [ip_network("203.0.113.0/24"), ip_network("2001:db8::/48")]
    client = at_work()
    assert client.get("/console/", REMOTE_ADDR=address).status_code == status
    stranger = 302 if status == 200 else 404
    assert Client().get("/console/", REMOTE_ADDR=address).status_code == stranger


def test_elsewhere_nothing_leads_staff_to_a_console_that_is_not_there(world, settings):
    client = at_work()
    assert client.get("/")["Location"] == "/console/"
    settings.STAFF_NETWORKS = [ip_network("203.0.113.0/24")]
    assert client.get("/")["Location"] == "/organizations/"
    assert "/console/" not in client.get("/organizations/").content.decode()


def test_the_console_wants_a_second_factor(world):
    client = signed_in(STAFF)
    assert client.get("/console/")["Location"] == "/console/second-factor/"
    assert "Set one up" in client.get("/console/second-factor/").content.decode()
    give_app(STAFF)
    assert "Confirm with it" in client.get("/console/second-factor/").content.decode()


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("acm", "Acme"),
        ("cme", "Acme"),
        ("globex", "Globex"),
        ("admin@acme.example", "admin@acme.example"),
        ("dana", "admin@acme.example"),
        ("invoices@acme.example", "Acme"),
        ("2", "Nothing"),
        ("no such thing", "Nothing is called"),
        ("%", "Nothing"),
    ],
)
def test_one_box_finds_organizations_and_people(world, q, found):
    from forecourt.demo.world import contacts

    contacts()
    page = at_work().get("/console/search/", {"q": q}).content.decode()
    assert found in page or (found == "Nothing" and "rows" not in page)


def test_a_license_key_is_found_as_a_whole_alone(world):
    granted = organization("acme").licenses.first()
    key = granted.keys.first().key
    scope.clear()
    client = at_work()
    assert "Acme" in client.get("/console/search/", {"q": key.lower()}).content.decode()
    for part in (key[:-2], f"{key[:9]}%", key[:-1] + "_"):
        assert "Acme" not in client.get("/console/search/", {"q": part}).content.decode()


def test_staff_add_a_customer_whose_admin_is_invited_in_the_vendors_name(world):
    client = at_work("support")
    form = {"name": "Hooli", "email": "first@hooli.example"}
    assert client.post("/console/organizations/new/", form).status_code == 303
    made = organization("hooli")
    assert made.invitations.get().inviter_label == "Lumen Tools"
    row = AuditEvent.objects.get(event="organization.started")
    assert (row.actor_kind, row.actor_label) == ("staff", STAFF)
    assert "Hooli" in client.get("/console/organizations/hooli/").content.decode()


def test_a_new_customers_invoices_go_to_who_is_named_for_them_and_gets_no_login(world):
    client, mailbox = at_work("support"), "accounts@hooli.example"
    form = {"name": "Hooli", "email": "first@hooli.example", "primary_email": "accounts at hooli"}
    page = client.post("/console/organizations/new/", form)
    assert page.status_code == 422 and "accounts at hooli" in page.content.decode()
    given = {**form, "primary_email": mailbox.title()}
    assert client.post("/console/organizations/new/", given).status_code == 303
    made = organization("hooli")
    assert made.primary_contact.email == mailbox and made.invitations.get().email == form["email"]
    row = AuditEvent.objects.get(event="organization.started")
    assert row.after == {"name": "Hooli", "primary_contact": mailbox}


def test_staff_grant_and_change_a_license(world):
    client, here = at_work("support"), "/console/organizations/initech/licenses/"
    given = {"product": "deploy", "plan": "Team", "seats": "5", "ends_on": "2031-12-31"}
    assert client.post(f"{here}new/", given).status_code == 303
    made = organization("initech").licenses.get()
    scope.clear()
    form = {"seats": "8", "ends_on": "2032-12-31", "renews": "on", "state": "suspended"}
    assert client.post(f"{here}{made.pk}/", form).status_code == 303
    now = organization("initech").licenses.get()
    assert (now.seats, now.renews, now.is_suspended, now.ends_at.year) == (8, True, True, 2032)
    scope.clear()
    assert client.post(f"{here}{made.pk}/", {**form, "state": "ended"}).status_code == 303
    assert organization("initech").licenses.get().has_ended


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"plan": ""}, "required"),
        ({"ends_on": "2001-01-01"}, "before it starts"),
        ({"renews": "on"}, "has an end"),
        ({"product": "x"}, "valid choice"),
    ],
)
def test_what_makes_no_license_is_said_at_its_field_and_nothing_is_lost(world, change, said):
    given = {"product": "deploy", "plan": "Team of “5”", "seats": "5", **change}
    page = at_work().post("/console/organizations/initech/licenses/new/", given)
    assert page.status_code == 422 and said in page.content.decode()
    assert given["plan"] in page.content.decode()
    assert not organization("initech").licenses.exists()


@pytest.mark.parametrize("duty", ["finance", "catalog"])
def test_who_is_there_for_something_else_looks_and_changes_nothing(world, duty):
    """A191."""
    client = at_work(duty)
    assert "Grant a license" not in client.get("/console/organizations/acme/").content.decode()
    for address in ("organizations/new/", "organizations/acme/licenses/new/"):
        assert client.post(f"/console/{address}").status_code == 403


def test_a_customer_page_has_everything_in_few_queries(world, django_assert_max_num_queries):
    client = at_work()
    with django_assert_max_num_queries(22):
        page = client.get("/console/organizations/acme/").content.decode()
    for word in ("Deploy", "admin@acme.example", "new.hire@acme.example", "Primary"):
        assert word in page


def test_a_license_is_changed_wholly_or_not_at_all(world):
    """`change_license`: what is refused last leaves nothing of what went before."""
    client, found = at_work("support"), organization("acme").licenses.get(product__slug="deploy")
    scope.clear()
    here = f"/console/organizations/acme/licenses/{found.pk}/"
    for wrong in ({"ends_on": "2001-01-01"}, {"ends_on": "", "renews": "on"}):
        form = {"seats": "9", "ends_on": "2032-12-31", "state": "active", **wrong}
        assert client.post(here, form).status_code == 422
        assert organization("acme").licenses.get(pk=found.pk).seats == found.seats
        scope.clear()
