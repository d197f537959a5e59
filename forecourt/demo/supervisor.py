"""`forecourt demo`: database, mailbox, web server and worker under one parent, which ends them all."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from forecourt.config.commands.serve import (
    missing_migrations,
    require_free_port,
    start_django,
    web_server,
)
from forecourt.config.environment import BadSetting, Environment, read
from forecourt.demo import connect, external, running
from forecourt.demo.children import Children
from forecourt.demo.database import EmbeddedDatabase
from forecourt.demo.mailbox import Mailbox
from forecourt.demo.openid.server import StandIns
from forecourt.demo.places import DatabaseError
from forecourt.demo.seller import BILLING

PATIENCE = 60.0  # Seconds until the first page has to answer.
#: Values of HOST at which a browser of this machine finds the portal as localhost.
HERE = ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104
#: Who sets one of these brings identity providers, and needs no stand-ins.
PROVIDERS = ("OPENID_PROVIDERS", "GOOGLE_CLIENT_ID", "MICROSOFT_CLIENT_ID")


def run() -> int:
    """Start everything, say so, and watch over it until a signal; returns the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    demo = None
    try:
        demo = Demo()
        demo.start()
        return demo.watch()
    except (BadSetting, DatabaseError) as problem:
        print(f"forecourt: {problem}", file=sys.stderr, flush=True)
        return 1
    except Ended:
        return 0
    finally:
        # A second Ctrl-C does not cut the clean-up.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if demo:
            demo.stop()


class Ended(BaseException):
    """Somebody asked the demo to end."""


def _end(number: int, frame: object) -> None:
    raise Ended


class Demo:
    """One demo: what it runs on, and its children."""

    def __init__(self) -> None:
        self.reset = os.environ.get("RESET", "") not in ("", "0", "off")
        self.outside = bool(os.environ.get("DATABASE_URL"))
        self.environment = _settings()
        self.data = self.environment.data
        self.database: EmbeddedDatabase | None = None
        self.mailbox: Mailbox | None = None
        self.stand_ins: StandIns | None = None
        self.connect: dict[str, str] = {}
        self.children = Children()
        self._ending = contextlib.ExitStack()
        require_free_port(self.environment)

    def start(self) -> None:
        """Everything up to the line that says that the portal is ready."""
        _make_data_folder(self.data)
        os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or _kept_key(self.data)
        with step("Starting the database"):
            self._start_database()
        if not os.environ.get("EMAIL_URL"):
            self.mailbox = Mailbox(self.data / "mail")
            os.environ["EMAIL_URL"] = self.mailbox.url
        if not any(os.environ.get(name) for name in PROVIDERS):
            self._make_stand_ins()
        self.environment = read(os.environ)
        with step("Loading the rooms"):
            start_django()
        with step("Preparing the tables"):
            if missing_migrations():
                _migrate()
        from forecourt.demo import world

        with step("Filling the sample world"):
            if world.marker() not in (None, world.VERSION):
                raise BadSetting("The demo's data is of another version: start anew with RESET=1.")
            world.fill()
            if connect.PROGRAM.exists():
                address = connect.free_address(self.environment.port)
                self.connect = connect.register(address)
        _close_connections()
        self._start_children()
        with step("Starting the web server"):
            self._wait_until_it_answers()
        running.write(self.data, os.environ)
        self._ending.callback(running.remove, self.data)
        print(f"Forecourt is ready at {self.environment.public_url}", flush=True)
        if self.connect:
            print(
                f"Connect, a product to open from it, is at {self.connect['CONNECT_URL']}",
                flush=True,
            )
        print("\n".join(world.sign_ins()), flush=True)

    def watch(self) -> int:
        """Start again what ends by itself; returns when that does not help."""
        while True:
            time.sleep(0.2)
            process = self.database.process if self.database else None
            if self.database and process and process.poll() is not None:
                print("The database ended; it starts again.", flush=True)
                self.database.restart()
            if not self.children.revive():
                return 1

    def stop(self) -> None:
        """End everything, the database last; at most 5 seconds."""
        self._ending.close()

    def _start_database(self) -> None:
        if self.outside:
            os.environ["DATABASE_URL"] = external.take(
                os.environ["DATABASE_URL"], secret=os.environ["SECRET_KEY"], reset=self.reset
            )
            return
        self.database = EmbeddedDatabase(self.data / "postgres")
        if self.reset:
            self.database.erase()
            shutil.rmtree(self.data / "mail", ignore_errors=True)
        self._ending.callback(self.database.stop)
        self.database.start()
        os.environ["DATABASE_URL"] = self.database.url

    def _make_stand_ins(self) -> None:
        note = self.data / "openid-port"
        try:
            self.stand_ins = StandIns(self.environment.public_url, note)
        except OSError as error:
            raise BadSetting(f"{note} cannot be used: {error.strerror}.") from None
        self._ending.callback(self.stand_ins.stop)
        os.environ["OPENID_PROVIDERS"] = self.stand_ins.setting

    def _start_children(self) -> None:
        if self.mailbox:
            self.mailbox.start()  # Before the worker, which may have mails from the last time.
            self._ending.callback(self.mailbox.stop)
        if self.stand_ins:
            self.stand_ins.start()
        self._ending.callback(self.children.stop)
        self.children.start("web", web_server(self.environment, "error"))
        self.children.start("worker", [sys.executable, "-m", "forecourt", "worker"])
        if self.connect:  # It knows nothing of the portal but what any product does.
            program = [sys.executable, "-m", "forecourt.demo.connect"]
            self.children.start("connect", program, self.connect)

    def _wait_until_it_answers(self) -> None:
        host = "127.0.0.1" if self.environment.host in ("0.0.0.0", "::") else self.environment.host  # noqa: S104
        places = [(host, self.environment.port, urlsplit(self.environment.public_url).netloc)]
        if self.connect:
            place = urlsplit(self.connect["CONNECT_URL"])
            places.append(("127.0.0.1", place.port or 80, place.netloc))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self.children.alive():
                raise BadSetting("The portal could not start; see the lines above.")
            if all(_answers(*each) for each in places):
                return
            time.sleep(0.05)
        raise BadSetting(f"The web server did not answer for {PATIENCE:.0f} seconds.")


@contextlib.contextmanager
def step(sentence: str) -> Iterator[None]:
    """Tell what is done, as soon as it has lasted for a second."""
    timer = threading.Timer(1.0, lambda: print(f"{sentence} …", flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _settings() -> Environment:
    """The demo's settings: what the shell says, and for the rest what fits."""
    os.environ["FORECOURT_DEMO"] = "1"
    for name, value in (
        ("VENDOR_NAME", "Lumen Tools"),
        ("SUPPORT_EMAIL", "sales@lumen.example"),
        ("MAIL_FROM", "portal@lumen.example"),
        ("LOG_LEVEL", "WARNING"),
        *BILLING.items(),
    ):
        os.environ[name] = os.environ.get(name) or value
    # The real ones are known later; now is the time to find what is wrong with the others.
    stand_ins = {"DATABASE_URL": "postgresql:///none", "EMAIL_URL": "smtp://127.0.0.1:1"}
    given = {**stand_ins, **{name: value for name, value in os.environ.items() if value}}
    checked = read({"PUBLIC_URL": "http://localhost", **given})
    os.environ["FORECOURT_DATA"] = str(checked.data)
    # By its name, for passkeys do not work at an address of numbers.
    host = "localhost" if checked.host in HERE else checked.host
    shown = f"[{host}]" if ":" in host else host
    os.environ["PUBLIC_URL"] = given.get("PUBLIC_URL") or f"http://{shown}:{checked.port}"
    return read({**given, "PUBLIC_URL": os.environ["PUBLIC_URL"]})


def _make_data_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"FORECOURT_DATA {folder} cannot be used: {error.strerror}.") from None


def _kept_key(folder: Path) -> str:
    """The demo's own key, made once: sessions and links outlive a restart."""
    path = folder / "secret-key"
    try:
        if not path.exists():
            with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip() or secrets.token_urlsafe(48)
    except OSError as error:
        raise BadSetting(f"{path} cannot be used: {error.strerror}.") from None


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _close_connections() -> None:
    """The supervisor's work in the database is done."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if close := getattr(connection, "close_pool", None):
            close()


def _answers(host: str, port: int, name: str) -> bool:
    try:
        connection = http.client.HTTPConnection(host, port, timeout=10)
        connection.request("GET", "/health", headers={"Host": name})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
