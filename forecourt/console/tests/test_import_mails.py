"""What became of mails is written down as it was, once, in the log of whoever they were of; nothing is sent
by it. The action behind it: import_mails."""

import pytest

from forecourt.account.fates import believe
from forecourt.console.tests.copying import BOUNCED, WITH_SECRETS, everything
from forecourt.console.tests.importing import folder, forecourt, hooli
from forecourt.console.tests.test_console import at_work
from forecourt.console.tests.test_hostile_accounts import table
from forecourt.core import mail, scope
from forecourt.core.fates import Told
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Contact
from tests.cast import organization, run_jobs, signed_in
from tests.invariants import verify

__all__ = ["hooli"]  # the fixture
TOKEN = "0123456789abcdef" * 2
#: A reminder that came back there.
CAME_BACK = {
    "organization": "c-1",
    "at": "2026-11-03T04:05:06.000007Z",
    "message": f"<{TOKEN}@lumen.example>",
    "kind": "billing.due",
    "to": "tech@hooli.example",
    "about": "due:1",
    "status": "failed",
    "error": "=552 5.2.2 Mailbox full",
}


def mails(slug: str = "hooli") -> list[Mail]:
    house = organization(slug)
    return list(Mail.objects.filter(organization_id=house.pk).order_by("pk"))


def test_it_is_there_as_it_was_and_once(hooli, tmp_path):
    where = table(folder(tmp_path / "again"), "mails", CAME_BACK, CAME_BACK)
    assert forecourt("import", where, WITH_SECRETS) == 0
    (row,) = mails()
    assert (row.to, row.status, row.error) == (
        "tech@hooli.example",
        "failed",
        "=552 5.2.2 Mailbox full",
    )
    assert (row.values, row.sealed, row.sent_at) == ({}, None, None)
    assert row.created_at.isoformat() == "2026-11-03T04:05:06.000007+00:00"
    told = AuditEvent.objects.get(event="staff.mails_imported")
    assert (told.actor_label, told.after) == ("Lumen Tools", {"lines": 1})
    assert forecourt("import", where, WITH_SECRETS) == 0 and len(mails()) == 1
    verify()


def test_staff_see_it_and_what_could_not_be_delivered_needs_attention(hooli, tmp_path):
    where = table(folder(tmp_path / "again"), "mails", CAME_BACK)
    assert forecourt("import", where, WITH_SECRETS) == 0
    page = at_work().get("/console/mail/", {"fate": "failed"}).content.decode()
    assert "tech@hooli.example" in page and "Invoice due" in page
    assert "Mails that could not be delivered" in at_work().get("/console/").content.decode()
    assert (
        "hooli" not in signed_in("admin@acme.example").get("/o/acme/account/mail/").content.decode()
    )


def test_nothing_is_sent_and_no_reminder_held_back_by_it(hooli, tmp_path):
    """What was invoice 1 there is another one here."""
    run_jobs()
    where = table(folder(tmp_path / "again"), "mails", CAME_BACK)
    assert forecourt("import", where, WITH_SECRETS) == 0 and run_jobs() == 0
    assert mails()[0].about == "~due:1"


def test_a_mail_that_comes_back_after_the_move_is_known(hooli, tmp_path):
    sent = {**CAME_BACK, "status": "sent", "error": "", "sent": "2026-11-03T04:05:07Z"}
    where = table(folder(tmp_path / "again"), "mails", sent)
    assert forecourt("import", where, WITH_SECRETS) == 0
    scope.clear()
    assert believe(Told(TOKEN, **BOUNCED))
    house = organization("hooli")
    found = Contact.objects.get(organization=house, email="tech@hooli.example")
    assert found.bounce == "550 5.1.1 =Unknown" and mails()[0].status == "bounced"


def test_a_mail_that_is_known_here_is_left_alone(hooli, tmp_path):
    acme = organization("acme")
    Mail.objects.create(
        organization_id=acme.pk, to="a@acme.example", kind="x.y", message_id=CAME_BACK["message"]
    )
    where = table(folder(tmp_path / "again"), "mails", CAME_BACK)
    assert forecourt("import", where, WITH_SECRETS) == 0
    assert mails() == [] and mails("acme")[-1].status == "queued"


def test_one_that_waits_is_not_in_the_files(world, tmp_path):
    acme = organization("acme")
    mail.queue("members.welcome", "x@acme.example", organization_id=acme.pk)
    assert b"x@acme.example" not in everything(tmp_path / "out", WITH_SECRETS)["mails.csv"]


def test_a_contact_whose_mail_comes_back_is_so_by_any_import(hooli, tmp_path):
    """Also by the ordinary one, which has no mails."""
    house = organization("hooli")
    theirs = Contact.objects.filter(organization=house, email="tech@hooli.example")
    theirs.update(bounced_at=house.created_at, bounce="550 Unknown")
    files = everything(tmp_path / "out")
    theirs.update(bounced_at=None, bounce="")
    assert "mails.csv" not in files and forecourt("import", tmp_path / "out") == 0
    organization("hooli")
    assert (theirs.get().bounced_at, theirs.get().bounce) == (house.created_at, "550 Unknown")
    assert "tech@hooli.example" in at_work().get("/console/").content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"organization": "c-9"}, "The organization “c-9” is left out, and so are its mails."),
        ({"at": "soon"}, "It is no day"),
        ({"at": ""}, "must not be empty"),
        ({"message": "<x@y>"}, "It is no name of a mail."),
        ({"message": f"<{TOKEN.upper()}@y>"}, "It is no name of a mail."),
        ({"status": "queued"}, "status: "),
        ({"to": "nobody"}, "to: "),
        ({"error": "x" * 301}, "At most 300 letters"),
    ],
)
def test_a_line_that_is_wrong_is_left_out(hooli, tmp_path, capsys, said, words):
    right = {**CAME_BACK, "message": f"<{'1' * 32}@lumen.example>"}
    where = table(folder(tmp_path / "again"), "mails", {**CAME_BACK, **said}, right)
    for asked in (("--dry-run",), ()):
        assert forecourt("import", where, WITH_SECRETS, *asked) == 1
        assert words in capsys.readouterr().out
    assert len(mails()) == 1
