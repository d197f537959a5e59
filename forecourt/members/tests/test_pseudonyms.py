"""What the audit log says of somebody who has deleted their account, and what it never lets go."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import ProgrammingError, connection, transaction

from forecourt.core import scope
from forecourt.core.forgetting import forget_person, pseudonym
from forecourt.core.models import AuditEvent
from forecourt.members import actions
from forecourt.members.departing import in_use
from forecourt.people.models import User
from tests.cast import link_of, membership, organization, pending, run_jobs

MEMBER, BOTH, ADMIN = "member@acme.example", "both@example.com", "admin@acme.example"
FORMER = "Former person 0123abcd"


def everything() -> list[AuditEvent]:
    with scope.across_organizations("a test looks"):
        return list(AuditEvent.objects.order_by("pk"))


def text(rows: list[AuditEvent]) -> str:
    return " ".join(f"{r.actor_label} {r.object_label} {r.before} {r.after}" for r in rows)


def delete(browser, who: str) -> int:
    """They delete their account, and the job is done; their id."""
    pk = User.objects.get(email=who).pk
    assert browser(who).post("/profile/removal/", {"email": who}).status_code == 303
    run_jobs()
    return pk


def test_a_person_is_one_pseudonym_everywhere(world, browser):
    """In what they did, in what was done to them, in their own rows; others stay themselves."""
    uma = membership("acme", BOTH)
    actions.invite_member(uma, email="new@acme.example")
    actions.change_role(membership("acme", ADMIN), member_id=uma.pk, role="admin")
    actions.invite_member(membership("globex", BOTH), email="new@globex.example")
    before = len(everything())
    name = pseudonym(delete(browser, BOTH))
    rows = everything()
    assert re.fullmatch("Former person [0-9a-f]{8}", name)
    assert BOTH not in text(rows) and "Uma" not in text(rows)
    assert {row.organization_id for row in rows if row.actor_label == name} == {None, 1, 2}
    (changed,) = [row for row in rows if row.event == "member.role_changed"]
    assert (changed.actor_label, changed.object_label) == (ADMIN, name)
    assert len(rows) > before and "new@acme.example" in text(rows)


def test_addresses_and_names_of_before_are_forgotten_too(world, browser):
    user = User.objects.get(email=MEMBER)
    actions.invite_member(membership("acme", MEMBER), email="one@new.example")
    User.objects.filter(pk=user.pk).update(email="moss@acme.example")
    EmailAddress.objects.filter(user=user).update(email="moss@acme.example")
    with transaction.atomic(), scope.organization(None):
        AuditEvent.objects.create(
            person_id=user.pk, actor_kind="person", actor_id=user.pk, actor_label=MEMBER,
            event="person.profile_changed", object_kind="user", object_id=user.pk,
            object_label=MEMBER, before={"name": "Moss"}, after={"identity": "m@id.example", "n": 1},
        )  # fmt: skip
    name = pseudonym(delete(browser, "moss@acme.example"))
    (row,) = [row for row in everything() if row.event == "person.profile_changed"]
    assert (row.before, row.after) == ({"name": name}, {"identity": name, "n": 1})
    assert MEMBER not in text(everything())


def test_whoever_has_a_former_address_by_now_keeps_it(world, browser):
    """The address was another person's before; what that person is called does not change."""
    noor = User.objects.get(email="nobody@example.com")
    with transaction.atomic(), scope.organization(1):
        for label in (MEMBER, "nobody@example.com"):
            AuditEvent.objects.create(
                organization_id=1, actor_kind="member", actor_id=noor.pk, actor_label=MEMBER,
                event="x", object_kind="invitation", object_id="7", object_label=label,
            )  # fmt: skip
    name = pseudonym(delete(browser, "nobody@example.com"))
    rows = [row for row in everything() if row.event == "x"]
    assert [(row.actor_label, row.object_label) for row in rows] == [(name, MEMBER), (name, name)]


def test_whoever_joined_by_a_link_is_forgotten_in_that_line_too(world, browser):
    """They had no account when they pressed Join, so the line knows their address alone."""
    actions.invite_member(membership("acme", MEMBER), email="new@acme.example")
    joined = browser()
    form = {"password": "a long sentence of mine"}
    assert joined.post(link_of("acme", "new@acme.example") + "account/", form).status_code == 303
    assert joined.post("/profile/removal/", {"email": "new@acme.example"}).status_code == 303
    run_jobs()
    (line,) = [row for row in everything() if row.event == "member.joined"]
    assert (line.actor_id, line.actor_label[:14]) == ("", "Former person ")
    assert "new@acme.example" not in text(everything())


def test_done_again_it_changes_nothing(world, browser):
    with transaction.atomic(), scope.organization(1):
        AuditEvent.objects.create(
            organization_id=1, actor_kind="system", actor_label="Forecourt",
            event="x", object_kind="user", object_label="person", before={"kind": "person"},
        )  # fmt: skip
    pk = delete(browser, MEMBER)
    rows = everything()
    (gone,) = [row for row in rows if row.event == "person.deleted"]
    assert gone.before == {"addresses": pseudonym(pk)}
    forget_person(pk, gone.pk, in_use=in_use)
    assert text(everything()) == text(rows)


@pytest.fixture
def a_row(world):
    """Moss, who has an account, invited somebody."""
    actions.invite_member(membership("acme", MEMBER), email="one@new.example")
    organization("acme")


REFUSED = [
    "event = 'x'",
    "at = now()",
    "actor_id = ''",
    "person_id = 1",
    "address = null",
    "organization_id = 2",
    "actor_label = 'Somebody else'",
    f"actor_label = '{FORMER}'",  # Moss has an account
    "object_label = ''",
    "object_label = 'Former person'",
    "object_label = 'Former person 0123abcde'",
    "object_label = E'Former person 0123abcd\\n'",
    "before = '{}', after = '{}'",
    'before = \'{"role": "admin"}\'',
    "after = after - 'role'",
    "after = after || '{\"more\": 1}'",
    f'after = after || \'{{"more": "{FORMER}"}}\'',
    'after = \'{"role": "admin"}\'',
    "after = '[]'",
    "after = 'null'",
    f"after = to_jsonb('{FORMER}'::text)",
    f'after = \'{{"role": ["{FORMER}"]}}\'',
]


@pytest.mark.parametrize("change", REFUSED)
def test_the_log_lets_nothing_else_be_changed(a_row, change):
    with connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f"update core_auditevent set {change}")
        cursor.execute(f"update core_auditevent set object_label = '{FORMER}'")  # this alone
        assert cursor.rowcount == 1


def test_not_even_by_a_role_that_takes_the_right_to_it(a_row):
    """The tables' owner could grant itself what it lost; the trigger still stands."""
    with connection.cursor() as cursor:
        cursor.execute("grant update on core_auditevent to current_user")
        with pytest.raises(ProgrammingError, match="only forgets"), transaction.atomic():
            cursor.execute("update core_auditevent set event = 'x'")


@pytest.mark.parametrize("statement", ["delete from", "truncate"])
def test_no_row_goes(a_row, statement):
    with connection.cursor() as cursor:
        cursor.execute("revoke truncate on core_auditevent from current_user")  # the tests' own
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f"{statement} core_auditevent")


def test_a_table_of_ones_own_fools_nobody(a_row):
    """The look for an account is at the portal's table, not at one of the same name."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table people_user (id bigint)")
        with pytest.raises(ProgrammingError, match="has an account"), transaction.atomic():
            cursor.execute(f"update core_auditevent set actor_label = '{FORMER}'")
        cursor.execute("drop table pg_temp.people_user")


def test_another_organizations_rows_cannot_be_reached(a_row):
    organization("globex")
    with connection.cursor() as cursor:
        cursor.execute(f"update core_auditevent set object_label = '{FORMER}'")
        assert cursor.rowcount == 0
    assert pending("acme", "one@new.example")
