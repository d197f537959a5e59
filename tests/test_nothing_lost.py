"""What was asked for is done in the end, once: whatever the mail server and the workers go through.

The worker is the real one, on connections of its own; so is the mail server.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from forecourt.core import mail, scope
from forecourt.core.models import Mail
from tests.cast import Mailbox, free_port, link_in, link_of, pending
from tests.invariants import verify

ROOT = Path(__file__).resolve().parent.parent
NEW, HERE = "new@acme.example", "/o/acme/members/"


class PostOffice(Mailbox):
    """A mail server that can be down, refuse, break off, and take its time."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.controller: Controller | None = None
        self.answers: list[str] = []
        self.patience = 0.0
        self.begun = 0

    def open(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        if self.controller:
            self.controller.stop()
        self.controller = None

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.begun += 1
        await asyncio.sleep(self.patience)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2") or answer == "break off":
            await super().handle_DATA(server, session, envelope)
        if answer == "break off":
            server.transport.abort()
        return answer


@pytest.fixture
def office(committed_world, settings) -> Iterator[PostOffice]:
    """The mail server, closed at first; at the end the house's rules hold."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = free_port()
    mail.forget_connection()
    made = PostOffice(settings.EMAIL_PORT)
    yield made
    made.close()
    scope.clear()
    verify()


@pytest.fixture
def admin(office, browser):
    return browser("admin@acme.example")


def work() -> None:
    """Let time pass until every waiting job is due, and do them."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def invite(admin) -> Mail:
    """Invite somebody through the page; the mail that is queued for them."""
    answer = admin.post(HERE + "invitations/", {"email": NEW})
    assert answer.status_code == 303
    return the_mail()


def the_mail() -> Mail:
    with scope.across_organizations("a test looks"):
        return Mail.objects.get(to=NEW)


def test_a_mail_waits_for_a_server_that_is_down_and_goes_out_once(office, admin):
    queued = invite(admin)
    work()
    assert the_mail().status == "queued"
    assert b"Pending" in admin.get(HERE).content
    office.open()
    work()
    work()
    (message,) = office.messages
    assert message["Message-ID"] == queued.message_id
    assert link_in(message) == link_of("acme", NEW)
    assert the_mail().status == "sent"


def test_inviting_waits_for_no_mail_server(office, admin):
    office.patience = 30
    office.open()
    began = time.monotonic()
    invite(admin)
    assert time.monotonic() - began < 15
    assert office.begun == 0


@pytest.mark.parametrize("answer", ["450 try later", "421 busy", "452 full for now"])
def test_a_refusal_for_now_is_tried_again(office, admin, answer):
    office.answers = [answer, answer]
    office.open()
    queued = invite(admin)
    work()
    work()
    assert (the_mail().status, office.messages) == ("queued", [])
    work()
    assert [message["Message-ID"] for message in office.messages] == [queued.message_id]
    assert the_mail().status == "sent"


def test_a_refusal_for_good_is_shown_on_the_members_page_and_can_be_sent_again(office, admin):
    office.answers = ["550 no such mailbox"]
    office.open()
    invite(admin)
    work()
    assert the_mail().status == "failed" and "no such mailbox" in the_mail().error
    assert b"Could not deliver" in admin.get(HERE).content
    work()
    assert office.begun == 1  # not tried again by itself
    assert admin.post(HERE + "invitations/", {"email": NEW}).status_code == 303
    work()
    assert b"Could not deliver" not in admin.get(HERE).content
    assert link_in(office.messages[-1]) == link_of("acme", NEW)


def test_a_server_that_keeps_the_mail_and_breaks_off_gets_the_same_one_again(office, admin):
    office.answers = ["break off"]
    office.open()
    queued = invite(admin)
    work()
    work()
    work()
    assert [message["Message-ID"] for message in office.messages] == [queued.message_id] * 2
    assert {link_in(message) for message in office.messages} == {link_of("acme", NEW)}


def test_the_mail_of_a_revoked_invitation_is_not_sent(office, admin):
    invite(admin)
    work()  # the server is down
    pk = pending("acme", NEW).pk
    assert admin.post(f"{HERE}invitations/{pk}/revocation/").status_code == 303
    office.open()
    work()
    assert office.messages == [] and the_mail().status == "dropped"


def test_of_two_mails_that_waited_only_the_present_link_goes_out(office, admin):
    invite(admin)
    assert admin.post(HERE + "invitations/", {"email": NEW}).status_code == 303
    office.open()
    work()
    (message,) = [message for message in office.messages if message["To"] == NEW]
    assert link_in(message) == link_of("acme", NEW)


def test_many_mails_wait_and_each_goes_out_once(office, admin):
    people = "\n".join(f"n{number}@new.example" for number in range(40))
    answer = admin.post(HERE + "invitations/several/sending/", {"people": people})
    assert answer.status_code == 200
    work()
    office.answers = ["450 wait", "break off", "421 busy"] * 4
    office.open()
    for _ in range(4):
        work()
    assert len({message["To"] for message in office.messages}) == 40
    copies = len(office.messages) - 40
    assert copies == 4 == len(office.messages) - len({x["Message-ID"] for x in office.messages})


def worker() -> subprocess.Popen:
    """A worker's process, as it runs in production."""
    here = connection.settings_dict
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{here['NAME']}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
    }
    command = [sys.executable, "-m", "forecourt", "worker"]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)


def wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.mark.slow
def test_the_mail_of_a_worker_that_was_killed_is_sent_by_another(office, admin):
    queued = invite(admin)
    office.patience = 60
    office.open()
    first = worker()
    try:
        wait(lambda: office.begun == 1, 30)  # in the middle of the mail
    finally:
        first.kill()
        first.wait()
    office.patience = 0
    with connection.cursor() as cursor:  # half a minute later
        cursor.execute(
            "update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'"
        )
    second = worker()
    try:
        wait(lambda: the_mail().status == "sent", 60)
    finally:
        second.terminate()
        second.wait(30)
    assert [message["Message-ID"] for message in office.messages] == [queued.message_id]
