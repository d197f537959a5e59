"""A real portal that begins with nothing: an empty database, the two processes, a mail server."""

import os
import subprocess
import sys
import time
import urllib.request
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg
from aiosmtpd.controller import Controller

from forecourt.config.environment import SETTINGS
from forecourt.demo.seller import BILLING
from tests.cast import Mailbox, code_in, free_port, link_in

PATIENCE = 60.0


class RealPortal:
    """`forecourt database prepare`, `migrate`, `serve` and `worker`, as docs/running.md has them."""

    def __init__(self, folder: str) -> None:
        self.superuser = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
        self.name, port = f"nothing_{os.getpid()}", free_port()
        self.address = f"http://localhost:{port}"
        self.box, self.mail_port = Mailbox(), free_port()
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.mail_port)
        host = urlsplit(self.superuser).query
        ours = {setting.name for setting in SETTINGS} | {"DJANGO_SETTINGS_MODULE"}
        clean = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = {
            **clean,
            "DATABASE_URL": f"postgresql://{self.name}@/{self.name}?{host}",
            "SECRET_KEY": "k" * 40,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "PUBLIC_URL": self.address,
            "PORT": str(port),
            "FORECOURT_DATA": folder,
            "FILES_STORE": f"{folder}/files",
            **BILLING,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str) -> str:
        """A command of `forecourt`; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "forecourt", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """The mail server, then both processes, until a page answers."""
        self.controller.start()
        for command in ("serve", "worker"):
            words = [sys.executable, "-m", "forecourt", command]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.processes.append(subprocess.Popen(words, env=self.environment, **quiet))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.address)

    def stop(self) -> None:
        """End all, and leave no database behind."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(15)
        self.controller.stop()
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(f"drop database if exists {self.name} with (force)")
            connection.execute(f"drop role if exists {self.name}")

    def mail_to(self, address: str, word: str) -> EmailMessage:
        """The newest mail to an address with this word in its subject, once it has come."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            theirs = [mail for mail in self.box.messages if mail["To"] == address]
            found = [mail for mail in theirs if word in mail["Subject"].lower()]
            if found:
                return found[-1]
            time.sleep(0.1)
        raise TimeoutError(f"no mail about {word} came to {address}")

    def code_to(self, address: str) -> str:
        """The code in the newest mail that brings one."""
        return code_in(self.mail_to(address, "code"))

    def link_to(self, address: str) -> str:
        """The path of an invitation."""
        return link_in(self.mail_to(address, "invit"))
