"""A run of mails: one job takes along the mails that wait behind its own."""

import pytest
from django.db import connection, transaction

from forecourt.core import mail, mail_run, scope
from forecourt.core.models import Mail

ACME, GLOBEX = 1, 2


def queue(organization_id: int, *addresses: str, kind: str = "members.welcome") -> None:
    """Queue a mail to each."""
    values = {"organization_name": "Acme", "slug": "acme", "person_name": "Ada"}
    values |= {"person_email": "ada@acme.example", "role_label": "Member"}
    with transaction.atomic(), scope.organization(organization_id):
        for address in addresses:
            mail.queue(kind, address, organization_id=organization_id, **values)


def jobs() -> list[str]:
    """The status of every job, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs order by id")
        return [status for (status,) in cursor.fetchall()]


def fates(organization_id: int) -> list[str]:
    """The status of every mail of an organization, oldest first."""
    with transaction.atomic(), scope.organization(organization_id):
        return list(Mail.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def refusing(mailbox, monkeypatch):
    """A mail server that refuses one address for good."""

    async def handle_RCPT(server, session, envelope, address, options):  # noqa: N802
        if address == "refused@acme.example":
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setattr(type(mailbox), "handle_RCPT", staticmethod(handle_RCPT), raising=False)
    return mailbox


def test_everything_that_waits_goes_out_in_one_run_and_no_job_is_left(world, mailbox):
    queue(ACME, *(f"person{n}@acme.example" for n in range(12)))
    queue(GLOBEX, "person@globex.example")

    mail_run.deliver_waiting()

    assert len(mailbox.messages) == 13
    assert len({message["Message-ID"] for message in mailbox.messages}) == 13
    assert jobs() == ["succeeded"] * 13
    assert fates(ACME) == ["sent"] * 12 and fates(GLOBEX) == ["sent"]


def test_a_refused_address_stops_the_run_and_stays_with_its_own_job(world, refusing):
    queue(ACME, "one@acme.example", "refused@acme.example", "three@acme.example")

    mail_run.deliver_waiting()

    assert [message["To"] for message in refusing.messages] == ["one@acme.example"]
    assert jobs() == ["succeeded", "todo", "todo"]
    assert fates(ACME) == ["sent", "queued", "queued"]


def test_a_mail_that_cannot_be_written_holds_up_no_other(world, mailbox):
    queue(ACME, "bad@acme.example", kind="members.of_no_such_kind")
    queue(ACME, "good@acme.example")

    mail_run.deliver_waiting()

    assert [message["To"] for message in mailbox.messages] == ["good@acme.example"]
    assert jobs() == ["todo", "succeeded"]


def test_a_mail_that_was_sent_is_not_sent_again(world, mailbox):
    queue(ACME, "once@acme.example")
    with transaction.atomic(), scope.organization(ACME):
        Mail.objects.update(status=Mail.Status.SENT)

    mail_run.deliver_waiting()

    assert not mailbox.messages
    assert jobs() == ["succeeded"]


def test_a_mail_that_has_lost_its_reason_is_dropped_with_its_job(world, mailbox):
    with transaction.atomic(), scope.organization(ACME):
        mail.queue(
            "members.invitation",
            "new@acme.example",
            organization_id=ACME,
            invitation_id=1,
            generation=99,
        )

    mail_run.deliver_waiting()

    assert not mailbox.messages
    assert jobs() == ["succeeded"] and fates(ACME) == ["dropped"]
