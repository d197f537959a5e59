"""The second wall: whatever a view forgets, the database shows one organization's rows alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import path

from forecourt.config import urls as roof
from forecourt.core import actors, scope
from forecourt.core.db import base
from forecourt.members import actions, listing
from forecourt.members.models import Invitation
from forecourt.orgs.gate import page
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.orgs.permissions import Permission
from tests.cast import is_member, membership, organization

TENANT = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
     and (a.attname = 'organization_id' or (c.relname, a.attname) = ('orgs_organization', 'id'))
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      and not a.attisdropped"""
OPEN = f"""{TENANT} and not (c.relrowsecurity and c.relforcerowsecurity
      and (select count(*) from pg_policy p where p.polrelid = c.oid) >= 2)"""


def rows(query: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """Inside, the database refuses a statement with this sentence."""
    with pytest.raises(ProgrammingError, match=sentence), transaction.atomic():
        yield


def tables() -> list[str]:
    return sorted(name for (name,) in rows(TENANT))


def count(table: str) -> int:
    return rows(f'select count(*) from "{table}"')[0][0]


@pytest.fixture
def busy_world(world, browser):
    """Every tenant's table has rows of several organizations."""
    for slug in ("acme", "globex"):
        actions.invite_member(membership(slug, "both@example.com"), email=f"new@{slug}.example")
    scope.clear()


def test_without_a_scope_no_table_of_an_organization_shows_a_row(busy_world):
    assert len(tables()) >= 6
    assert {table: count(table) for table in tables()} == dict.fromkeys(tables(), 0)
    with scope.across_organizations("the test's control"):
        assert all(count(table) > 1 for table in tables())


def test_inside_one_organization_the_others_rows_are_not_there(busy_world):
    organization("acme")
    for table in tables():
        column = "id" if table == "orgs_organization" else "organization_id"
        assert rows(f'select distinct {column} from "{table}"') == [(1,)], table


def test_every_table_with_an_organization_has_its_wall(db):
    assert rows(OPEN) == []


def test_a_new_table_without_a_wall_would_be_found(db):
    rows("create table forgotten (id bigint, organization_id bigint)")
    assert rows(OPEN) == [("forgotten",)]
    rows("alter table forgotten enable row level security")
    rows("create policy one on forgotten using (false)")
    rows("create policy two on forgotten for select to forecourt_all using (true)")
    assert rows(OPEN) == [("forgotten",)]  # its owner would still see everything
    rows("alter table forgotten force row level security")
    assert rows(OPEN) == []


def test_the_applications_role_is_bound_by_the_walls(db):
    assert rows(
        "select rolsuper, rolbypassrls from pg_roles where rolname in (current_user, 'forecourt_all')"
    ) == [(False, False), (False, False)]
    assert rows(
        "select inherit_option, set_option from pg_auth_members"
        " where roleid = 'forecourt_all'::regrole and member = current_user::regrole"
    ) == [(False, True)]


def test_nothing_can_be_written_into_another_organization(busy_world):
    with scope.across_organizations("before"):
        before = {table: count(table) for table in tables()}
    organization("acme")
    for table in tables():
        column = "id" if table == "orgs_organization" else "organization_id"
        if table != "core_auditevent":
            rows(f'delete from "{table}" where {column} = 2')
        with refused("permission denied" if table == "core_auditevent" else "row-level security"):
            rows(f'update "{table}" set {column} = 2')
    with refused("row-level security"):
        Membership.objects.create(organization_id=2, user_id=1)
    with scope.across_organizations("after"):
        assert {table: count(table) for table in tables()} == before


def test_a_persons_own_rows_are_theirs_to_read_alone(world):
    assert rows("select polcmd from pg_policy where polname = 'person'") == [("r",)] * 3
    person = membership("globex", "both@example.com").user_id
    scope.clear()
    with transaction.atomic(), scope.person(person):
        mine = Membership.objects.filter(user_id=person)
        assert mine.count() == Membership.objects.count() == Organization.objects.count() == 2
        assert mine.update(role="admin") == 0
        assert mine.delete()[0] == 0
        assert Organization.objects.update(name="Mine") == 0


def test_across_organizations_one_may_only_read(world):
    with refused("permission denied"), scope.across_organizations("a test tries to write"):
        Membership.objects.update(role="admin")
    assert rows("select current_user")[0] == ("forecourt",)
    acme = actors.System(1)
    with pytest.raises(RuntimeError, match="durable"), scope.across_organizations("a test acts"):
        actions.invite_member(acme, email="new@acme.example")


def test_the_audit_log_can_be_added_to_and_nothing_else(busy_world):
    organization("acme")
    for statement in ("update core_auditevent set event = ''", "delete from core_auditevent"):
        with refused("permission denied"):
            rows(statement)
    assert count("core_auditevent") == 1


def test_a_contact_of_another_organization_cannot_be_the_primary_one(world):
    theirs = Contact.objects.create(organization=organization("globex"), email="c@globex.example")
    acme = organization("acme")
    rows("set constraints all immediate")
    for table in (Organization.objects.filter(pk=acme.pk), acme.memberships.filter(contact=None)):
        column = "contact_id" if table.model is Membership else "primary_contact_id"
        with pytest.raises(IntegrityError, match="contact_in_organization"), transaction.atomic():
            table.model.objects.filter(pk=table[0].pk).update(**{column: theirs.pk})


def everybody(*_, **__):
    return list(Membership.objects.select_related("user").order_by("pk"))


@pytest.fixture
def forgetful_views(monkeypatch):
    """Every look-up of the Members room without the filter by organization."""
    monkeypatch.setattr(Organization, "memberships", property(lambda _: Membership.objects.all()))
    monkeypatch.setattr(Organization, "invitations", property(lambda _: Invitation.objects.all()))
    monkeypatch.setattr(listing, "everyone", everybody)
    monkeypatch.setattr(listing, "all_pending", lambda **_: list(Invitation.objects.all()))


QUESTIONS = ("", "?q=globex", "?q=rhea", "?role=admin", "?role=pending", "?before=999", "?after=1")


def test_with_the_views_filters_gone_nothing_of_another_organization_leaks(
    busy_world, browser, forgetful_views
):
    admin = browser("admin@acme.example")
    theirs = membership("globex", "admin@globex.example").pk
    invitation = organization("globex").invitations.get().pk
    scope.clear()
    for question in QUESTIONS:
        page = admin.get("/o/acme/members/" + question)
        assert page.status_code == 200
        assert b"@globex" not in page.content and b"Rhea" not in page.content
    for address in (
        f"{theirs}/role/",
        f"{theirs}/removal/",
        f"invitations/{invitation}/revocation/",
    ):
        assert admin.get("/o/acme/members/" + address).status_code == 404
        assert admin.post("/o/acme/members/" + address, {"role": "member"}).status_code == 404
    assert is_member("globex", "admin@globex.example")


def test_with_the_wall_down_too_they_would_leak(busy_world, browser, forgetful_views):
    admin = browser("admin@acme.example")
    rows("set constraints all immediate")
    for table in ("orgs_membership", "members_invitation"):
        rows(f"alter table {table} no force row level security")
    for question in QUESTIONS:
        found = admin.get("/o/acme/members/" + question).content
        assert b"@globex" in found, question


# A connection that serves one person after the other. Django's test client never gives a
# connection back to the pool, so it could not see what this part sees.


def count_everything(request) -> JsonResponse:
    """What an anonymous page would see, and on which connection."""
    (pid, setting, person) = rows(
        "select pg_backend_pid(), current_setting('forecourt.organization', true),"
        " current_setting('forecourt.user', true)"
    )[0]
    seen = sum(count(table) for table in tables())
    return JsonResponse({"pid": pid, "scope": f"{setting}{person}", "rows": seen})


@page(Permission.VIEW_MEMBERS)
def broken_python(request) -> HttpResponse:
    raise ZeroDivisionError


@page(Permission.VIEW_MEMBERS)
def broken_sql(request) -> HttpResponse:
    with transaction.atomic(), scope.organization(request.member.organization_id):
        rows("select 1 / 0")
    raise AssertionError


@page(Permission.VIEW_MEMBERS)
def open_transaction(request) -> HttpResponse:
    connection.set_autocommit(False)
    return HttpResponse(str(request.member.organization.memberships.count()))


urlpatterns = [
    path("o/<slug:slug>/python/", broken_python),
    path("o/<slug:slug>/sql/", broken_sql),
    path("o/<slug:slug>/transaction/", open_transaction),
    path("count/", count_everything),
    *roof.urlpatterns,
]
handler400, handler403, handler404 = roof.handler400, roof.handler403, roof.handler404
handler500 = roof.handler500


def through_wsgi(method: str, address: str, cookie: str = "", **form) -> tuple[int, bytes]:
    """A request as the web server makes it, the answer closed at its end."""
    made = getattr(RequestFactory(), method)(address, form, headers={"cookie": cookie})
    made.environ["HTTP_COOKIE"] = cookie
    status = []
    response = WSGIHandler()(made.environ, lambda line, _headers: status.append(line))
    body = b"".join(response)
    response.close()
    return int(status[0].split()[0]), body


class TestOneConnectionForEverybody:
    @pytest.fixture(autouse=True)
    def a_request_leaves_no_scope(self):
        """Not here: the pool alone is looked at."""

    @pytest.fixture
    def alone(self, committed_world, browser, settings):
        """A pool of one connection, and the cookie of Acme's Member."""
        settings.ROOT_URLCONF = __name__
        member = browser("member@acme.example")
        connection.close()
        connection.close_pool()
        options = connection.settings_dict["OPTIONS"]
        before, options["pool"] = options["pool"], {**options["pool"], "max_size": 1}
        yield f"session={member.cookies['session'].value}"
        connection.close()
        connection.close_pool()
        options["pool"] = before

    WAYS = [
        ("get", "/o/acme/members/", 200),
        ("get", "/o/globex/members/", 404),
        ("get", "/o/acme/members/1/role/", 403),
        ("get", "/o/acme/python/", 500),
        ("get", "/o/acme/sql/", 500),
        ("get", "/o/acme/transaction/", 200),
    ]

    @pytest.mark.parametrize(("method", "address", "status"), WAYS)
    def test_the_next_request_finds_no_scope(self, alone, method, address, status):
        assert through_wsgi(method, address, alone)[0] == status
        first = through_wsgi("get", "/count/")
        assert first[0] == 200
        assert b'"scope": ""' in first[1] and b'"rows": 0' in first[1], first
        assert through_wsgi(method, address, alone)[0] == status
        assert through_wsgi("get", "/count/") == first  # on the same connection

    def test_it_finds_none_after_an_action_or_a_refusal_either(self, alone):
        token, here = "x" * 32, "/o/acme/members/invitations/"
        for email, status in (("new@acme.example", 303), ("not an address", 422)):
            form = {"email": email, "csrfmiddlewaretoken": token}
            assert through_wsgi("post", here, f"{alone}; csrf={token}", **form)[0] == status
            assert b'"rows": 0' in through_wsgi("get", "/count/")[1]

    def test_without_the_pools_check_this_would_leak(self, alone, monkeypatch):
        def only_ask(asked: psycopg.Connection) -> None:
            asked.execute("")

        monkeypatch.setattr(base, "check", only_ask)
        assert through_wsgi("get", "/o/acme/members/", alone)[0] == 200
        assert b'"rows": 0' not in through_wsgi("get", "/count/")[1]


def test_the_walls_can_be_taken_down_and_put_up_again(transactional_db):
    call_command("migrate", "core", "0001", verbosity=0)
    try:
        assert ("core_mail",) in rows(OPEN)
    finally:
        call_command("migrate", "core", verbosity=0)
        rows("grant truncate on core_auditevent to current_user")
    assert rows(OPEN) == []
