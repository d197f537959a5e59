"""The audit log and `@action`: what happened is noted with what it changed, refusals leave no
trace, and nobody takes a line back. D5, D8, D14."""

import psycopg
import pytest
from django.db import connection, transaction

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.core.refusals import Forbidden
from forecourt.members import actions
from forecourt.orgs.permissions import Permission
from tests.cast import is_member, membership, organization, pending

HERE = "/o/acme/members/"
ADMIN, MEMBER = "admin@acme.example", "member@acme.example"
SEES = {"who_sees_keys": "everyone"}


def events():
    return list(organization_events().values_list("event", flat=True))


def organization_events():
    organization("acme")
    return AuditEvent.objects.filter(organization_id=1).order_by("id")


def test_every_action_leaves_its_row(world, browser):
    """Who, what, on what, from where: one row for each thing that was done, in order."""
    admin, member = browser(ADMIN, REMOTE_ADDR="198.51.100.4"), browser(MEMBER)
    other = membership("acme", "both@example.com").pk
    admin.post(HERE + "invitations/", {"email": "kim@example.com"})
    waiting = pending("acme", "kim@example.com").pk
    admin.post(f"{HERE}invitations/{waiting}/resending/")
    admin.post(f"{HERE}invitations/{waiting}/revocation/")
    admin.post(f"{HERE}{other}/role/", {"role": "admin"})
    admin.post(f"{HERE}{other}/removal/")
    admin.post(
        "/o/acme/account/settings/",
        {**SEES, "who_may_invite": "admins", "invitation_days": 3},
    )
    member.post(HERE + "departure/")
    assert events() == [
        "member.invited",
        "invitation.resent",
        "invitation.revoked",
        "member.role_changed",
        "seat.freed",
        "member.removed",
        "organization.settings_changed",
        "seat.freed",
        "seat.freed",
        "member.left",
    ]
    row = organization_events()[0]
    assert (row.actor_kind, row.actor_label, row.object_kind) == ("member", ADMIN, "invitation")
    assert (row.object_label, row.address) == ("kim@example.com", "198.51.100.4")


def test_what_is_refused_leaves_nothing(world, browser):
    """D5: neither audit row nor mail nor job; whatever the reason."""
    admin, member = browser(ADMIN), browser(MEMBER)
    me, you = membership("acme", ADMIN).pk, membership("acme", MEMBER).pk
    organization("acme")
    before = events(), Mail.objects.count()
    admin.post(HERE + "invitations/", {"email": MEMBER})
    admin.post(HERE + "invitations/", {"email": "no address"})
    admin.post(f"{HERE}{me}/role/", {"role": "member"})
    admin.post(HERE + "departure/")
    member.post(f"{HERE}{you}/role/", {"role": "admin"})
    member.post(
        "/o/acme/account/settings/",
        {**SEES, "who_may_invite": "admins", "invitation_days": 3},
    )
    organization("acme")
    assert (events(), Mail.objects.count()) == before


def test_looking_leaves_nothing(world, browser):
    """D11: a GET of every page and dialog."""
    admin, other = browser(ADMIN), membership("acme", MEMBER).pk
    before = events()
    for path in (
        "",
        "invitations/",
        "invitations/several/",
        f"{other}/role/",
        f"{other}/removal/",
        "departure/",
    ):
        assert admin.get(HERE + path).status_code == 200
    assert events() == before


@pytest.mark.parametrize(
    "statement", ["update core_auditevent set event = 'x'", "delete from core_auditevent"]
)
def test_the_application_cannot_change_a_line(world, statement):
    """The database's role may add and read, on a connection of its own too."""
    ours = connection.settings_dict
    fresh = psycopg.connect(
        host=ours["HOST"],
        port=ours["PORT"],
        user=ours["USER"],
        password=ours["PASSWORD"],
        dbname=ours["NAME"],
    )
    with fresh, pytest.raises(psycopg.errors.InsufficientPrivilege):
        fresh.execute(statement)


def test_the_line_outlives_what_it_names(world, browser):
    """No foreign keys: the person's account is gone, the line is not."""
    admin = browser(ADMIN)
    admin.post(f"{HERE}{membership('acme', MEMBER).pk}/removal/")
    from forecourt.people.models import User

    User.objects.filter(email=MEMBER).delete()
    assert organization_events().filter(event="member.removed", object_label=MEMBER).exists()


def test_an_action_without_a_line_does_not_commit(world):
    """A use case that forgets the audit log is a mistake that shows at once."""

    @action(Permission.INVITE_MEMBERS)
    def forgetful(actor):
        actor.organization.memberships.filter(user__email=MEMBER).delete()

    with pytest.raises(RuntimeError, match="left no audit row"):
        forgetful(membership("acme", ADMIN))
    assert is_member("acme", MEMBER)


def test_an_action_checks_the_right_afresh(world):
    """D5: an actor read before a demotion may not do it after."""
    stale = membership("acme", ADMIN)
    assert stale.may(Permission.EDIT_MEMBERS)
    organization("acme").memberships.filter(user__email=ADMIN).update(role="member")
    with pytest.raises(Forbidden):
        actions.change_role(stale, member_id=membership("acme", MEMBER).pk, role="admin")
    assert membership("acme", MEMBER).role == "member"


@pytest.mark.django_db(transaction=True)
def test_an_action_inside_an_action_or_a_transaction_raises():
    """An action is durable: what it promised has been committed when it returns."""

    @action("anything")
    def inner(actor):
        audit.unchanged()

    @action("anything")
    def outer(actor):
        inner(System())

    for wrong in (lambda: outer(System()), lambda: transaction.atomic()(inner)(System())):
        with pytest.raises(RuntimeError, match="durable"):
            wrong()


def test_values_hold_no_secret(world, browser):
    """D14: passwords, codes and tokens are in no line."""
    link = f"/invitations/{pending('acme', 'new.hire@acme.example').token()}/"
    browser().post(link + "account/", {"password": "a long sentence of mine", "name": "Kim"})
    for row in organization_events():
        assert "a long sentence" not in str(vars(row))
        assert link.split("/")[2] not in str(vars(row))
