"""A demo of its own for the journeys, and the mail that it sends."""

import email
import email.policy
import os
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path

from forecourt.config.environment import SETTINGS
from tests.cast import code_in, free_port, link_in

PATIENCE = 60.0  # Seconds until the portal is ready, on a machine that is busy.
MAIL_PATIENCE = 20.0


class Portal:
    """`forecourt demo` on a free port, as `make demo` starts it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.address = f"http://localhost:{free_port()}"
        #: Where the sample world's product Connect is.
        self.connect = ""
        self.lines: list[str] = []
        self._ready = threading.Event()

    def start(self) -> None:
        """Start it and wait for the line that says so."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "forecourt", "demo"],
            env=self._environment(HOST="127.0.0.1", PORT=self.address.rpartition(":")[2]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self._ready.wait(PATIENCE) and self._process.poll() is None, "".join(self.lines)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._process.terminate()
        self._process.wait(15)

    def command(self, *words: str, given: str = "") -> str:
        """Run Python on the demo's own data, `given` on its input; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            env=self._environment(),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mail_to(self, address: str, subject: str, count: int = 1) -> EmailMessage:
        """The newest mail to an address with this word in its subject, once `count` have come."""
        end = time.monotonic() + MAIL_PATIENCE
        while len(found := self._mails_to(address, subject)) < count:
            assert time.monotonic() < end, f"{len(found)} of {count} mails came to {address}"
            time.sleep(0.05)
        return found[-1]

    def link_to(self, address: str, count: int = 1) -> str:
        """The path of the newest invitation of an address, once `count` have come."""
        return link_in(self.mail_to(address, "invit", count))

    def code_to(self, address: str, count: int = 1) -> str:
        """The code in the newest mail to an address that brings one, once `count` have come."""
        return code_in(self.mail_to(address, "code", count))

    def _mails_to(self, address: str, subject: str) -> list[EmailMessage]:
        files = sorted((self.data / "mail").glob("*.eml"))
        mails = (
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in files
        )
        return [
            mail  # type: ignore[misc]
            for mail in mails
            if mail["To"] == address and subject in mail["Subject"].lower()
        ]

    def _environment(self, **more: str) -> dict[str, str]:
        ours = {setting.name for setting in SETTINGS} | {"PYTHONDONTWRITEBYTECODE"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return {**kept, "FORECOURT_DATA": str(self.data), **more}

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line)
            if "Connect, a product" in line:
                self.connect = line.split()[-1]
            if "Sign in with the password" in line:
                self._ready.set()
        self._ready.set()  # It ended: nobody needs to wait any more.
