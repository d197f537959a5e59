"""The cast: the sample world's people, their browsers, and the mail that reaches them."""

import contextlib
import email
import email.policy
import json
import logging
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Self

import pytest
from aiosmtpd.controller import Controller
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import update_last_login
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import connection, transaction
from django.test import Client
from django.utils.log import configure_logging
from procrastinate.contrib.django import app

from forecourt.core import brand, mail, scope
from forecourt.demo import catalog
from forecourt.demo import world as sample
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership, Organization
from forecourt.people.models import User
from forecourt.people.sessions import SessionStore
from forecourt.products import sending
from tests import snapshot

PASSWORD = sample.PASSWORD


@pytest.fixture(autouse=True)
def a_request_leaves_no_scope() -> Iterator[None]:
    """Django's test client never gives its connection back to the pool, which would empty it."""

    def clear(**_signal: object) -> None:
        if connection.connection is not None and not connection.needs_rollback:
            scope.clear()

    request_finished.connect(clear)
    yield
    request_finished.disconnect(clear)


@pytest.fixture(autouse=True)
def the_log_outlives_the_test() -> Iterator[None]:
    """A command in this process sets the log up anew, on a stream that may end with its test."""
    yield
    streams = [getattr(each, "stream", None) for each in logging.root.handlers]
    if any(stream is not None and stream.closed for stream in streams):
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@pytest.fixture(autouse=True)
def what_a_process_keeps_ends_with_its_test() -> Iterator[None]:
    """The brand; and the places of downloads, which a web server frees by closing every answer, and
    which would be kept until the garbage is collected."""
    yield
    brand.forget()
    for body in list(sending.Body.living):
        body.close()


@pytest.fixture
def world(db, _snapshot: list[str]) -> None:
    """Acme, Globex, Initech (with its Admin alone), and everybody in them."""
    if _snapshot:
        snapshot.write(_snapshot[0])
    else:
        sample.people(initech_members=0)
        catalog.products()
        _snapshot.append(snapshot.taken())
    cache.clear()


@pytest.fixture(scope="session")
def _snapshot() -> list[str]:
    """The rows of the world, once it was made."""
    return []


@pytest.fixture
def committed_world(transactional_db) -> Iterator[None]:
    """The same, committed: for tests with several connections."""
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")
        cursor.execute("truncate core_cache")
    with transaction.atomic():
        sample.people(initech_members=0)
        catalog.products()
    yield
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


class Browser(Client):
    """Django's client, signed in as somebody of the cast."""

    who: str = ""

    def sign_in(self) -> Self:
        """Go the way through the sign-in page."""
        answer = self.post("/accounts/login/", {"login": self.who, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[:500]
        return self


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """`browser()` is nobody; `browser("admin@acme.example")` is signed in. The room of people goes
    through the sign-in page for it (see its conftest); elsewhere that is half of a test's time."""

    def make(who: str = "", **options) -> Browser:
        made = Browser(**options)
        made.who = who
        if who:
            signed_in(who, client=made)
            scope.clear()  # as after a request
        return made

    return make


def signed_in(who: str = "", *, minutes_ago: float = 0, client: Client | None = None) -> Client:
    """Somebody's client without the way through the sign-in page: they proved who they are by their
    password, so long ago. Nobody's for "". The row that `force_login` leaves, in one statement."""
    client = client or Client()
    if who:
        user = User.objects.get(email=who)
        update_last_login(None, user)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        _note_proofs(session, "password", minutes_ago=minutes_ago)
        session.create()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def prove(client: Client, *methods: str, minutes_ago: float = 0, **more: object) -> None:
    """Make the session one that was proved by these methods alone, so long ago."""
    session = client.session
    _note_proofs(session, *methods, minutes_ago=minutes_ago, **more)
    session.save()


def _note_proofs(session: SessionStore, *methods: str, minutes_ago: float, **more: object) -> None:
    at = time.time() - minutes_ago * 60
    proofs = [{"method": method, "at": at, **more} for method in methods]
    session["account_authentication_methods"] = proofs
    session["account_authentication_methods_user"] = session[SESSION_KEY]


def give_app(who) -> None:
    """An authenticator app and recovery codes, as if set up long ago."""
    user, seal = User.objects.get(email=who), get_adapter().encrypt
    app, codes = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.create(user=user, type=app, data={"secret": seal("JBSWY3DPEHPK3PXP")})
    seed = {"seed": seal("0123456789abcdef"), "used_mask": 0}
    Authenticator.objects.create(user=user, type=codes, data=seed)


def organization(slug: str) -> Organization:
    """An organization of the world; its scope stays open for the rest of the test."""
    with scope.across_organizations("a test looks"):
        found = Organization.objects.get(slug=slug)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('forecourt.organization', %s, false)", [str(found.pk)])
    return found


def membership(slug: str, address: str) -> Membership:
    """Somebody's membership, with the organization's scope open."""
    return (
        organization(slug)
        .memberships.select_related("user", "organization")
        .get(user__email=address)
    )


def is_member(slug: str, address: str) -> bool:
    """Whether somebody is in the organization now."""
    return organization(slug).memberships.filter(user__email=address).exists()


def pending(slug: str, address: str) -> Invitation:
    """The pending invitation for an address."""
    return organization(slug).invitations.get(email=address, status="pending")


def link_of(slug: str, address: str) -> str:
    """The path of an invitation's present link."""
    token = pending(slug, address).token()
    assert token
    return f"/invitations/{token}/"


def run_jobs() -> int:
    """Do every job that waits, on this connection (a test's transaction is invisible to a real
    worker); returns how many."""
    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'succeeded' where id = (select id from"
                " procrastinate_jobs where status = 'todo' order by id limit 1)"
                " returning task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            return done
        name, arguments = row[0], json.loads(row[1]) if isinstance(row[1], str) else row[1]
        if name == "core.send_mail":
            mail.deliver(**arguments)
        else:
            app.tasks[name].func(**arguments)
        done += 1


class Mailbox:
    """A real SMTP server on a free port, and everything it was given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.lock = threading.Lock()

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.messages.append(message)
        return "250 OK"

    def deliver(self) -> list[EmailMessage]:
        """Do the waiting jobs; all mail so far."""
        run_jobs()
        return self.messages

    def to(self, address: str) -> list[EmailMessage]:
        """Do the waiting jobs; the mail to one address, oldest first."""
        return [message for message in self.deliver() if message["To"] == address]


def free_port() -> int:
    """A port that nobody listens on now, nor soon: by lot, below those that the kernel gives to
    whoever asks, for other tests run at the same time."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = 11_000 + secrets.randbelow(20_000)
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """Where the mail of this test goes, over SMTP."""
    box = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # Django's tests swap it
    settings.EMAIL_PORT = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    mail.forget_connection()
    yield box
    mail.forget_connection()
    controller.stop()


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def link_in(message: EmailMessage) -> str:
    """The path of the first invitation link in a mail."""
    found = re.search(r"https?://[^/\s]+(/invitations/[\w-]+/)", text_of(message))
    assert found, text_of(message)
    return found[1]


def code_in(message: EmailMessage) -> str:
    """The code in a mail: on a line of its own."""
    found = re.search(r"^\s*([A-Z0-9][A-Z0-9-]{3,12})\s*$", text_of(message), re.M)
    assert found, text_of(message)
    return found[1]
