"""Lists of what is every customer's: narrowed, a page at a time, and taken home."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.utils import timezone

from forecourt.console import listed, lists
from forecourt.console.actions import export_list
from forecourt.console.actors import AtWork
from forecourt.console.tests.suspending import suspend
from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Forbidden
from forecourt.demo import books
from forecourt.orgs.models import Contact, Organization, Staff
from forecourt.products.models import Product
from tests.cast import organization

pytestmark = pytest.mark.usefixtures("world")
NAMES = ("organizations", "licenses", "subscriptions", "invoices", "contacts")
#: Ten licenses of each of a thousand organizations (each row in the scope of its own); one in a hundred
#: does not go on.
MANY = """
    insert into products_license (handle, organization_id, product_id, plan, status, starts_at, ends_at,
        renews)
    select gen_random_uuid(), id, %s, 'Yearly', 'active', now(), now() + interval '20 days', n %% 100 > 0
    from (select n, 10001 + n %% 1000 as id from generate_series(0, 9999) n) theirs
    where set_config('forecourt.organization', id::text, true) <> ''"""


def shown(name: str, **query) -> str:
    answer = at_work("support").get(f"/console/lists/{name}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def taken(name: str, **form) -> list[dict[str, str]]:
    answer = at_work("support").post(f"/console/lists/{name}/export/", form)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))


def change(slug: str, **values) -> None:
    """Of the first license of an organization."""
    granted = organization(slug).licenses.order_by("pk").first()
    type(granted).objects.filter(pk=granted.pk).update(**values)
    scope.clear()


@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_what_is_every_customers(name):
    books.books()
    scope.clear()
    page, rows = shown(name), taken(name)
    assert "/console/organizations/acme/" in page
    assert rows
    assert all(row["customer"] in page and row["customer_number"] for row in rows)


def test_there_is_no_other_list():
    assert at_work().get("/console/lists/people/").status_code == 404
    assert at_work().post("/console/lists/people/export/").status_code == 404


def test_licenses_are_narrowed_by_state_and_product():
    change("acme", status="suspended")
    assert "/organizations/acme/" in shown("licenses", state="suspended")
    assert "/organizations/globex/" not in shown("licenses", state="suspended")
    change("acme", status="active", renews=False, ends_at=timezone.now() + dt.timedelta(9))
    assert "/organizations/acme/" in shown("licenses", state="ending")
    assert {row["product"] for row in taken("licenses", product="deploy")} == {"Deploy"}


def test_a_suspended_customers_licenses_are_suspended_wherever_they_are_listed():
    change("acme", renews=False, ends_at=timezone.now() + dt.timedelta(9))
    suspend("acme")
    states = {row["state"] for row in taken("licenses") if row["customer"] == "Acme"}
    assert states == {"Suspended"}
    for state, is_there in (("active", False), ("ending", False), ("suspended", True)):
        assert ("/organizations/acme/" in shown("licenses", state=state)) == is_there
    page = at_work().get("/console/organizations/acme/").content.decode()
    licenses = page.partition('id="licenses"')[2].partition("</section>")[0]
    assert "Suspended" in licenses and "Active" not in licenses
    assert "/organizations/acme/" not in at_work().get("/console/").content.decode()


def test_what_had_ended_before_the_suspension_is_ended():
    ended = timezone.now() - dt.timedelta(1)
    organization("acme").licenses.update(renews=False, starts_at=ended, ends_at=ended)
    suspend("acme")
    assert taken("licenses", state="suspended") == []
    states = {row["state"] for row in taken("licenses") if row["customer"] == "Acme"}
    assert states == {"Ended"}


def test_indexes_find_a_few_licenses_among_many():
    books.thousand()
    with connection.cursor() as cursor:
        cursor.execute(MANY, [Product.objects.get(slug="deploy").pk])
        suspend("acme")
        cursor.execute("analyze products_license; analyze orgs_organization")
    listing = listed.licenses()
    for state in ("", "active", "suspended", "ending"):
        with scope.across_organizations("test"):
            plan = listing.narrowed({"state": state}).order_by("-pk")[:51].explain()
        assert "Seq Scan on products_license" not in plan, f"{state}: {plan}"
    assert "licenses_ending" in plan


def test_overdue_invoices_are_those_that_are_open_and_late():
    books.books()
    scope.clear()
    late = taken("invoices", state="overdue")
    today = timezone.localdate().isoformat()
    assert late
    assert all(row["status"] == "open" and row["due_on"] < today for row in late)
    assert len(taken("invoices", state="open")) > len(late) - 1


@pytest.mark.parametrize("state", ["paid", "credit-notes", "void", "uncollectible"])
def test_invoices_are_narrowed_by_state(state):
    books.books()
    scope.clear()
    wanted = {"credit-notes": "issued"}.get(state, state)
    assert {row["status"] for row in taken("invoices", state=state)} <= {wanted}


@pytest.mark.parametrize("state", ["active", "past-due", "canceled", "ended"])
def test_subscriptions_are_narrowed_by_state(state):
    books.books()
    scope.clear()
    everything, some = taken("subscriptions"), taken("subscriptions", state=state)
    assert all(row in everything for row in some)
    assert len({row["state"] for row in some}) <= 1 + (state == "active")


def test_organizations_are_narrowed_by_state():
    organization("globex")
    Organization.objects.filter(slug="globex").update(
        suspended_at=timezone.now(), suspended_reason="Unpaid"
    )
    scope.clear()
    assert [row["customer"] for row in taken("organizations", state="suspended")] == ["Globex"]
    assert taken("organizations", state="waiting") == []
    new = {"name": "Hooli", "email": "first@hooli.example"}
    at_work("support").post("/console/organizations/new/", new)
    assert [row["customer"] for row in taken("organizations", state="waiting")] == ["Hooli"]
    page = shown("organizations", state="waiting")
    assert "/organizations/hooli/" in page
    assert "/organizations/initech/" not in page
    assert len(taken("organizations")) == 4


def test_contacts_whose_mail_comes_back():
    house = organization("acme")
    Contact.objects.create(organization=house, email="gone@acme.example", bounced_at=timezone.now())
    scope.clear()
    assert [row["email"] for row in taken("contacts", state="bounced")] == ["gone@acme.example"]


def test_what_is_not_a_choice_narrows_nothing():
    assert len(taken("contacts", state="' or 1=1", other="x")) == len(taken("contacts"))


def test_a_long_list_goes_on_and_back():
    house = organization("acme")
    Contact.objects.bulk_create(
        Contact(organization=house, email=f"c{n}@acme.example") for n in range(60)
    )
    scope.clear()
    client, href = at_work(), "/console/lists/contacts/"

    def way(page: str, name: str) -> str:
        return re.search(rf'"(\?{name}=\d+)"', page)[1]

    first = client.get(href).content.decode()
    assert "c59@acme.example" in first
    assert "c30@acme.example" not in first
    older = way(first, "before")
    second = client.get(href + older).content.decode()
    assert "c30@acme.example" in second
    assert client.get(href + way(second, "after")).content.decode().count("c59@") == 1


def test_an_export_has_every_row_once_and_no_formula(monkeypatch):
    house = organization("acme")
    Contact.objects.create(organization=house, email="f@acme.example", name='=HYPERLINK("x")')
    Contact.objects.bulk_create(
        Contact(organization=house, email=f"c{n}@acme.example") for n in range(12)
    )
    scope.clear()
    monkeypatch.setattr(lists, "AT_ONCE", 5)
    rows = taken("contacts")
    assert len({row["email"] for row in rows}) == len(rows) > 12
    assert {row["name"] for row in rows if row["email"] == "f@acme.example"} == {
        '\'=HYPERLINK("x")'
    }


def test_the_log_says_who_took_a_list():
    taken("contacts", state="primary")
    with scope.across_organizations("test"):
        row = AuditEvent.objects.get(event="staff.list_exported")
    assert row.actor_label == "staff@lumen.example"
    assert row.after == {"list": "contacts", "state": "primary"}


def test_who_is_not_staff_any_more_takes_nothing():
    staff = Staff.objects.get()
    Staff.objects.all().delete()
    with pytest.raises(Forbidden):
        export_list(AtWork(staff), name="contacts", asked={})
