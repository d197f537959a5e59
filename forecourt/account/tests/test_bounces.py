"""Mails that came back to a mailbox: reports and complaints are believed where they name a mail by its
token; nothing else does anything, and nothing stops the rest. A202, F25."""

import io
import sys

import pytest

from forecourt.account import fates
from forecourt.account.tasks import read_bounces
from forecourt.account.tests.contacts import ADMIN, PRIMARY, STRANGER, contact
from forecourt.account.tests.mails import UNKNOWN, again, complaint, events, report, sent
from forecourt.config.cli import main
from forecourt.core.fates import return_address
from tests.cast import organization, run_jobs
from tests.imap import Folder, serving
from tests.invariants import picture


@pytest.fixture(autouse=True)
def bounces(world, settings):
    settings.BOUNCE_ADDRESS = "bounces@lumen.example"


def test_every_mail_leaves_with_a_return_address_of_its_own(browser, mailbox):
    """The envelope's; people see the vendor's sender."""
    envelopes = []

    async def note(server, session, envelope, address, options):
        envelope.mail_from = address
        envelopes.append(address)
        return "250 OK"

    mailbox.handle_MAIL = note
    browser(ADMIN).post("/o/acme/members/invitations/", {"email": "kim@example.com"})
    (message,) = mailbox.deliver()
    token = message["Message-ID"].strip("<").partition("@")[0]
    assert envelopes == [f"bounces+{token}@lumen.example"]
    assert message["From"].addresses[0].addr_spec != envelopes[0]
    assert len(message.get_all("From")) == 1


@pytest.mark.parametrize("how", ["by the address", "by what is left of the mail"])
def test_a_report_of_delivery_marks(how):
    row = sent(PRIMARY)
    by_address = {"to": return_address(row.token), "original": False}
    assert fates.take(report(row, **(by_address if how == "by the address" else {})))
    assert again(row).status == "bounced" and again(row).error == f"550 {UNKNOWN}"
    assert contact(PRIMARY).bounced_at


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "sent"),
        ({"action": "failed", "status": "4.4.7"}, "bounced"),
        ({"action": "delivered", "status": "2.0.0"}, "sent"),
        ({"action": "relayed", "status": "2.0.0"}, "sent"),
        ({"action": "failed", "status": "nonsense"}, "bounced"),
    ],
)
def test_what_is_not_for_good_marks_nobody(given, status):
    row = sent(PRIMARY)
    fates.take(report(row, **given))
    assert again(row).status == status
    assert contact(PRIMARY).bounced_at is None


def test_a_complaint_has_the_contact_leave(browser):
    row = sent(PRIMARY)
    assert fates.take(complaint(row))
    assert again(row).status == "complained" and contact(PRIMARY).declined
    other = sent(PRIMARY)
    assert not fates.take(complaint(other, "not-spam"))
    assert again(other).status == "sent"


def answer(row, **more) -> bytes:
    """What an absent person's mail program sends, or somebody by hand."""
    heads = {"From": row.to, "To": return_address(row.token), "Auto-Submitted": "auto-replied"}
    lines = [f"{name}: {value}" for name, value in {**heads, **more}.items()]
    return "\r\n".join([*lines, "", "550 5.1.1 I am away. Action: failed", ""]).encode()


HOSTILE = {
    "nothing": b"",
    "no mail": b"\x00\xff\xfe\r\n\r\n\x00" * 50,
    "no colon": b"Content-Type multipart/report\r\n\r\n--B",
    "no charset": b'Content-Type: multipart/report; charset="\xff"; boundary="B"\r\n\r\n--B\r\n',
    "no end": b'Content-Type: multipart/report; boundary="B"\r\n\r\n--B\r\n' * 3,
    "nested": b"".join(
        b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(3_000)
    ),
    "many parts": b'Content-Type: multipart/report; boundary="B"\r\n\r\n'
    + b"--B\r\n\r\nx\r\n" * 9_999,
    "huge": b"Subject: x\r\n\r\n" + b"x" * 3_000_000,
    "a long header": b"To: " + b"bounces+" * 100_000 + b"\r\n\r\n",
    "a report in a report": b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_mail_does_nothing(raw):
    before = picture()
    assert not fates.take(raw)
    assert picture() == before


def test_answers_do_nothing():
    row = sent(PRIMARY)
    before = picture()
    for more in ({}, {"Content-Type": "multipart/report"}, {"Content-Type": "text/html"}):
        assert not fates.take(answer(row, **more))
    assert picture() == before


def test_a_report_without_a_token_of_ours_does_nothing():
    """A202: whoever knows an address alone can say nothing about it."""
    row = sent(PRIMARY)
    before = picture()
    for to in ("bounces+" + "0" * 32 + "@lumen.example", f"bounces+{row.token}@evil.example"):
        assert not fates.take(report(row, to=to, original=False))
    assert not fates.take(report(row, original=False))
    assert picture() == before


def test_what_only_looks_like_a_report_does_nothing():
    row = sent(PRIMARY)
    raw = report(row).replace(b"multipart/report", b"multipart/mixed", 1)
    assert not fates.take(raw)
    assert again(row).status == "sent"


def test_a_report_with_signs_of_every_kind_is_one_plain_line():
    row = sent(PRIMARY)
    raw = report(row, said="\x1b[31m <b>caf\xe9</b> https://evil.example/\x00 \u202e" + "x" * 999)
    assert fates.take(raw)
    told = contact(PRIMARY).bounce
    assert told.isprintable() and len(told) == 300 and "evil" not in told


def test_the_mailbox_is_read_and_emptied(settings):
    row, other = sent(PRIMARY), sent(STRANGER)
    mails = [*HOSTILE.values(), answer(row), report(row), report(other, action="delayed")]
    folder = Folder(*mails)
    with serving(folder) as settings.BOUNCE_MAILBOX:
        read_bounces(0)
        assert again(row).status == "bounced" and contact(PRIMARY).bounced_at
        assert again(other).status == "sent"
        assert folder.mails == {}
        read_bounces(0)
    assert events() == ["mail.bounced", "contact.bounced"]


def test_what_could_not_be_noted_stays_in_the_mailbox(settings, monkeypatch):
    row = sent(PRIMARY)
    folder = Folder(answer(row), report(row), report(row))
    monkeypatch.setattr("forecourt.core.scope.ACROSS", "set local role nobody_at_all")
    with serving(folder) as settings.BOUNCE_MAILBOX, pytest.raises(Exception, match="nobody_at"):
        read_bounces(0)
    assert [r"\Deleted" in folder.flags[n] for n in (1, 2, 3)] == [True, False, False]


def test_a_mail_that_cannot_be_fetched_stays_in_the_mailbox(settings):
    folder = Folder(report(sent(PRIMARY)))
    folder.refuses = "FETCH"
    with serving(folder) as settings.BOUNCE_MAILBOX:
        read_bounces(0)
    assert folder.flags == {1: set()} and contact(PRIMARY).bounced_at is None


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"folder": "Elsewhere"}, {"port": 1}])
def test_a_mailbox_that_cannot_be_read_is_said_without_its_password(settings, caplog, wrong):
    folder = Folder()
    with serving(folder) as at:
        settings.BOUNCE_MAILBOX = at | wrong
        read_bounces(0)
    assert "the mailbox for bounces cannot be read" in caplog.text
    assert folder.password not in caplog.text and "wrong" not in caplog.text


def test_without_a_mailbox_nothing_is_read():
    read_bounces(0)
    assert run_jobs() == 0


def test_a_mail_server_hands_one_over_by_a_pipe(monkeypatch, capsys):
    row = sent(PRIMARY)
    for raw, said in ((report(row), "Noted."), (HOSTILE["huge"], "It tells nothing")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        assert main(["mail", "bounce"]) == 0
        assert said in capsys.readouterr().out
    organization("acme")
    assert contact(PRIMARY).bounced_at
