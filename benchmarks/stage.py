"""What the measurements stand on: a database of their own, the production server, the bare one."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

from forecourt.demo.database import EmbeddedDatabase

ROOT = Path(__file__).parent.parent
#: Statements that every request begins with: the pool asks whether the connection lives.
CHECK = "select set_config('forecourt.organization', '', false), set_config('forecourt.user'"
#: A database is copied while nobody is in it.
COPY = (
    "alter database forecourt allow_connections false",
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'forecourt'",
    "create database twin template forecourt owner forecourt",
    "alter database forecourt allow_connections true",
)
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stage:
    """Everything that runs while something is measured; `close()` ends it all."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="forecourt-bench-"))
        Path(folder).chmod(0o755)  # Root's database runs as nobody, who has to walk into it.
        self.database = self._open.enter_context(EmbeddedDatabase(Path(folder) / "postgres"))
        self.port, self.bare_port, self.mail_port = free_port(), free_port(), free_port()
        self._set_environment(folder)
        self.superuser = self.database.superuser_url.replace("/postgres?", "/forecourt?")
        _run("-m", "forecourt", "migrate")
        self._servers = self._open.enter_context(contextlib.ExitStack())
        self.pid = self.bare_pid = 0
        self.bare_session = ""

    def _set_environment(self, folder: str) -> None:
        """What `forecourt serve` and `forecourt worker` read; the machine's own does not count."""
        from forecourt.config.environment import SETTINGS

        for setting in SETTINGS:
            os.environ.pop(setting.name, None)
        os.environ.update(
            {
                "DATABASE_URL": self.database.url,
                "SECRET_KEY": secrets.token_urlsafe(48),
                "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
                "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
                "SUPPORT_EMAIL": "help@vendor.example",
                "VENDOR_NAME": "Lumen Tools",
                "PORT": str(self.port),
                "LOG_LEVEL": "WARNING",
                "FORECOURT_DATA": folder,
                "FILES_STORE": f"{folder}/files",
                # Every request may come from an address of its own: sign-in limits each.
                "TRUSTED_PROXIES": "1",
            }
        )
        self.bare_file = os.environ["BARE_FILE"] = f"{folder}/bare-file"
        os.environ["BARE_DATABASE_URL"] = self.database.url.replace("/forecourt?", "/bare?")
        for name in ("PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"):
            os.environ.pop(name, None)

    def serve(self) -> None:
        """Start the portal as `forecourt serve` does, and the bare project by the same server;
        again: start both anew."""
        from forecourt.config.commands.serve import web_server
        from forecourt.config.environment import read

        if not self.bare_session:
            self.sql("create database bare owner forecourt")
            self.bare_session = _run("-m", "benchmarks.bare").strip()
        self._servers.close()
        with contextlib.ExitStack() as servers:
            self.pid = self._start(servers, sys.executable, "-m", "forecourt", "serve")
            *command, _module = web_server(read(os.environ), "warning")
            command[command.index("--port") + 1] = str(self.bare_port)
            self.bare_pid = self._start(servers, *command, "benchmarks.bare:application")
            for address in (f"{self.port}/health", f"{self.bare_port}/bare"):
                wait_for(f"http://127.0.0.1:{address}")
            self._servers.push(servers.pop_all())

    @contextlib.contextmanager
    def running(self, *command: str) -> Iterator[int]:
        """A process that runs inside; its process id."""
        with contextlib.ExitStack() as ending:
            yield self._start(ending, *command)

    @contextlib.contextmanager
    def twin(self) -> Iterator[tuple[int, int]]:
        """Inside, a second portal on a copy of the database as it is now: its port, and its process id.
        So few and many are asked in turns, whatever else the machine does."""
        port = free_port()
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            for statement in COPY:
                connection.execute(statement)
        environment = {
            **os.environ,
            "DATABASE_URL": self.database.url.replace("/forecourt?", "/twin?"),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
        }
        command = (sys.executable, "-m", "forecourt", "serve")
        with contextlib.ExitStack() as ending:
            pid = self._start(ending, *command, environment=environment)
            wait_for(f"http://127.0.0.1:{port}/health")
            yield port, pid

    def _start(
        self,
        ending: contextlib.ExitStack,
        *command: str,
        environment: dict[str, str] | None = None,
    ) -> int:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        ending.callback(_end, process)
        return process.pid

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Ask the database as its superuser, whom no row-level security binds."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            answer = connection.execute(statement, values or None)
            return answer.fetchall() if answer.description else []

    @contextlib.contextmanager
    def counted(self) -> Iterator[dict[str, int]]:
        """Inside, PostgreSQL logs what it is asked; afterwards the dictionary has "queries", and
        "all" with the beginnings and ends of transactions and the pool's question."""
        log = self.database.folder / "server.log"
        self._log("all")
        start = log.stat().st_size
        found: dict[str, int] = {}
        yield found
        time.sleep(0.1)
        with log.open(errors="replace") as file:
            file.seek(start)
            text = file.read()
        self._log("none")
        said = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", text)
        said = [x for x in said if "log_statement" not in x and "pg_reload" not in x]
        asked = [x for x in said if not x.startswith((*CONTROL, CHECK))]
        found.update(queries=len(asked), all=len(said))

    def _log(self, what: str) -> None:
        self.sql(f"alter system set log_statement = '{what}'")
        self.sql("select pg_reload_conf()")
        time.sleep(0.2)

    def close(self) -> None:
        """End everything, the database last."""
        self._open.close()


def wait_for(url: str, seconds: float = 30) -> None:
    """Wait until a page answers; raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(url)


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
