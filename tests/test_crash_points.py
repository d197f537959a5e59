"""The web process is killed (-9) before its first statement, its second, and so on to the end:
each time everything that was asked for is there, or nothing of it, and people can go on.
"""

import itertools
import os
import signal
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.core import mail, scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.members import actions
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import is_member, link_of, membership, organization, signed_in
from tests.invariants import verify

HERE, PASSWORD = "/o/acme/members/", "a long sentence of mine"


class Killer:
    """Ends this process at the n-th of its boundaries: statements, and both sides of a commit."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, execute, sql, params, many, context):
        self.step()
        return execute(sql, params, many, context)

    def watch(self) -> None:
        commit = connection._commit

        def watched() -> None:
            self.step()
            commit()
            self.step()

        connection._commit = watched
        connection.execute_wrappers.append(self.around)


def killed_at(
    boundary: int, ask: Callable[[], int], expected: int, *, killer: type[Killer] = Killer
) -> bool:
    """Ask in a process of its own, which is killed there; False when it got to its end first."""
    connection.close()
    connection.close_pool()  # a connection cannot be shared with a child
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            killer(boundary).watch()
            status = 0 if ask() == expected else 2
        finally:
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL), f"boundary {boundary}: exit code {code}"
    return code != 0


def at_every_boundary(prepare: Callable[[int], Callable[[], int]], expected: int, done) -> int:
    """`prepare` makes what is asked for the n-th time; `done` says which of its effects are there.
    They are all there or none of them. Ends with the first that was not killed."""
    outcomes = []
    for boundary in itertools.count(1):
        ask = prepare(boundary)
        killed = killed_at(boundary, ask, expected)
        effects = done(boundary)
        assert len(set(effects)) == 1, f"boundary {boundary}: {effects}"
        outcomes.append(effects[0])
        verify()
        if not killed:
            break
    assert outcomes[0] is False and outcomes[-1] is True
    assert outcomes == sorted(outcomes), "what was there is there at every later boundary"
    assert len(outcomes) > 10
    return len(outcomes)


@pytest.fixture
def admin(committed_world) -> Client:
    return signed_in("admin@acme.example")


def audited(event: str, label: str) -> bool:
    organization("acme")
    return AuditEvent.objects.filter(event=event, object_label=label).count() == 1


def mailed(kind: str, address: str) -> bool:
    """Queued, with the job that sends it (`verify` looks at that)."""
    organization("acme")
    return Mail.objects.filter(kind=kind, to=address).count() == 1


def told_later(address: str) -> bool:
    """The job is there that writes to a new member and to the Admins."""
    member = organization("acme").memberships.filter(user__email=address).first()
    jobs = ProcrastinateJob.objects.filter(task_name="members.tell_joined")
    return member is not None and jobs.filter(args__member_id=member.pk).count() == 1


def somebody(number: int) -> str:
    """A new Member of Acme with an account."""
    address = f"n{number}@new.example"
    with transaction.atomic(), scope.organization(1):
        user = User.objects.create(email=address)
        Membership.objects.create(organization_id=1, user=user)
    return address


def test_inviting(admin):
    def prepare(number):
        form = {"email": f"n{number}@new.example"}
        return lambda: admin.post(HERE + "invitations/", form).status_code

    def done(number):
        address = f"n{number}@new.example"
        there = organization("acme").invitations.filter(email=address, status="pending").exists()
        return there, audited("member.invited", address), mailed("members.invitation", address)

    last = at_every_boundary(prepare, 303, done)
    for number in (1, last // 2, last):  # whoever saw an error tries again
        assert prepare(number)() == 303
        assert len(organization("acme").invitations.filter(email=f"n{number}@new.example")) == 1
    verify()


def test_accepting_with_a_new_account(committed_world):
    def prepare(number):
        address = f"n{number}@new.example"
        actions.invite_member(System(1), email=address)
        here = link_of("acme", address) + "account/"
        return lambda: Client().post(here, {"password": PASSWORD}).status_code

    def done(number):
        address = f"n{number}@new.example"
        effects = (
            is_member("acme", address),
            User.objects.filter(email=address).exists(),
            audited("member.joined", address),
            told_later(address),
            not organization("acme").invitations.filter(email=address, status="pending").exists(),
        )
        can_go_on(address, joined=effects[0])
        return effects

    at_every_boundary(prepare, 303, done)


def can_go_on(address: str, *, joined: bool) -> None:
    """With the same link, or with the account that was made."""
    if joined:
        form = {"login": address, "password": PASSWORD}
        assert Client().post("/accounts/login/", form).status_code == 302
    else:
        assert Client().get(link_of("acme", address)).status_code == 200
    scope.clear()


def test_removing(admin):
    def prepare(number):
        address = somebody(number)
        here = f"{HERE}{membership('acme', address).pk}/removal/"
        return lambda: admin.post(here).status_code

    def done(number):
        address = f"n{number}@new.example"
        gone = not is_member("acme", address)
        return gone, audited("member.removed", address), mailed("members.removed", address)

    at_every_boundary(prepare, 303, done)


def test_changing_a_role(admin):
    def prepare(number):
        address = somebody(number)
        here = f"{HERE}{membership('acme', address).pk}/role/"
        return lambda: admin.post(here, {"role": "admin"}).status_code

    def done(number):
        address = f"n{number}@new.example"
        new = membership("acme", address).role == "admin"
        told = mailed("members.role_changed", address)
        with transaction.atomic(), scope.organization(1):  # so that the Admins stay few
            Membership.objects.filter(user__email=address).delete()
        return new, audited("member.role_changed", address), told

    at_every_boundary(prepare, 303, done)


def test_sending_a_mail_twice_at_most_and_the_second_time_with_the_same_link(
    committed_world, mailbox
):
    """Between the server's 250 and our commit lies the one moment in which a mail is repeated."""
    copies = []
    for boundary in itertools.count(1):
        address = f"n{boundary}@new.example"
        invitation = actions.invite_member(System(1), email=address)
        with scope.across_organizations("a test looks"):
            queued = Mail.objects.get(about=invitation.about)
        mail.forget_connection()

        def deliver(pk: int = queued.pk) -> int:
            mail.deliver(pk, 1)
            return 0

        killed = killed_at(boundary, deliver, 0)
        deliver()
        sent = [message for message in mailbox.messages if message["To"] == address]
        assert {message["Message-ID"] for message in sent} == {queued.message_id}
        copies.append(len(sent))
        if not killed:
            break
    assert copies[0] == copies[-1] == 1 and max(copies) == 2
