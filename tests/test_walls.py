"""The second wall: whatever a view forgets, the database shows one organization's rows alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from forecourt.billing.models import (
    InvoiceRevision,
    ProviderCall,
    StripeCustomer,
    StripeInvoice,
)
from forecourt.console.models import Imported, Merged, Note, PrimaryMove
from forecourt.core import actors, scope
from forecourt.core.models import Export, ExportPiece
from forecourt.demo import books
from forecourt.members import actions, listing
from forecourt.members.models import Invitation
from forecourt.orgs.models import Contact, FormerSlug, Membership, Organization
from forecourt.orgs.visits import Visit
from forecourt.products.models import Launch, ProductClient
from forecourt.products.tests.programs import program
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
    refusals = (ProgrammingError, IntegrityError)
    with pytest.raises(refusals, match=sentence), transaction.atomic():
        yield


def tables() -> list[str]:
    return sorted(name for (name,) in rows(TENANT))


def count(table: str) -> int:
    return rows(f'select count(*) from "{table}"')[0][0]


def _further_books(slug: str) -> None:
    """What the sample world's books do not have: a corrected copy, a year in one file, Stripe."""
    invoice = organization(slug).invoices.filter(kind="invoice").first()
    house = {"organization_id": invoice.organization_id}
    copy = {"revision": 2, "buyer_id": invoice.buyer_id, "issued_on": invoice.issued_on}
    InvoiceRevision.objects.create(**house, invoice=invoice, **copy)
    FormerSlug.objects.create(**house, slug=f"former-{slug}")
    export = Export.objects.create(**house, kind="invoices", form="csv", wanted={"year": 2026})
    ExportPiece.objects.create(**house, export=export, position=0, content=b"a")
    StripeCustomer.objects.create(**house, customer_id=f"cus_{slug}")
    ProviderCall.objects.create(**house, kind="setup", about="setup")
    StripeInvoice.objects.create(**house, invoice=invoice)
    Note.objects.create(**house, author="staff@lumen.example", text="a")
    asked = {"reason": "b", "asked_by": 1, "asked_by_label": "staff@lumen.example"}
    PrimaryMove.objects.create(**house, email=f"c@{slug}.example", **asked)
    Merged.objects.create(**house, into_id=3, slug=f"once-{slug}")
    Imported.objects.create(**house, kind="organizations", ref=slug, fingerprint="0")
    now = timezone.now()
    Visit.objects.create(**house, by=1, role="admin", reason="d", began_at=now, ends_at=now)


def _launch(slug: str, address: str) -> None:
    """Somebody is signed in to a product."""
    member, connect = membership(slug, address), ProductClient.objects.get()
    Launch.objects.create(
        organization=member.organization,
        user=member.user,
        member=member,
        client=connect,
        is_device=True,
        proved_at=member.joined_at,
    )


@pytest.fixture
def busy_world(world, browser):
    """Every tenant's table has rows of several organizations."""
    books.books()
    program()
    for slug in ("acme", "globex"):
        _further_books(slug)
        actions.invite_member(membership(slug, "both@example.com"), email=f"new@{slug}.example")
        _launch(slug, "both@example.com")
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
        # What never changes is kept by a trigger, before the wall is asked.
        with refused("permission denied|row-level security|never changes"):
            rows(f'update "{table}" set {column} = 2')
    with refused("row-level security"):
        Membership.objects.create(organization_id=2, user_id=1)
    with scope.across_organizations("after"):
        assert {table: count(table) for table in tables()} == before


def test_a_persons_own_rows_are_theirs_to_read_alone(world):
    assert rows("select polcmd from pg_policy where polname = 'person'") == [("r",)] * 5
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


QUESTIONS = (
    "",
    "?q=globex",
    "?q=rhea",
    "?role=admin",
    "?role=pending",
    "?before=99999999",
    "?after=1",
)


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


def test_the_walls_can_be_taken_down_and_put_up_again(transactional_db):
    call_command("migrate", "core", "0001", verbosity=0)
    try:
        assert ("core_mail",) in rows(OPEN)
    finally:
        call_command("migrate", verbosity=0)  # what stands on them, too
        rows("grant truncate on core_auditevent, core_auditcheckpoint to current_user")
    assert rows(OPEN) == []
