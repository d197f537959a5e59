"""PostgreSQL out of a Python wheel, started as a child of this process and ended with it.

`postgres` runs as our own child rather than through `pg_ctl start`: then its exit code, and our
death, are ours to notice. It listens on a socket in a folder that only its user may enter.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from forecourt.demo.places import DatabaseError, Places
from forecourt.demo.processes import command_line, end_with_parent

PORT = 5432  # Only a part of the socket's name: every database has a folder of its own.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedDatabase:
    """A PostgreSQL in a folder of its own; `url` is the application's address while it runs.

    With `tests=True` it does not wait for the disk: quick, and lost when the machine stops.
    """

    def __init__(self, folder: Path | str, tests: bool = False) -> None:
        self.places = Places(Path(folder).absolute())
        self.folder = self.places.folder
        self.tests = tests
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: Any = None

    @property
    def url(self) -> str:
        """The application's address: by socket, as the role that owns the tables."""
        return self._address("forecourt", "forecourt")

    @property
    def superuser_url(self) -> str:
        """The superuser's address, for `forecourt database prepare` and for tests."""
        return self._address("postgres", "postgres")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, made anew where there is none; raises DatabaseError when it cannot be."""
        self.bin = self.places.programs()
        self.places.make()
        self._take_lock()
        try:
            self.sockets = self.places.sockets()
            if not (self.folder / "data" / "PG_VERSION").exists():
                self._initialize()
            self._end_orphan()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it within 5 seconds, wherever it stands; harmless when it does not run."""
        process, self.process = self.process, None
        if process:
            for number, patience in (
                (signal.SIGINT, 3.0),
                (signal.SIGQUIT, 1.0),
                (signal.SIGKILL, 1.0),
            ):
                if process.poll() is None:
                    process.send_signal(number)
                    try:
                        process.wait(patience)
                    except subprocess.TimeoutExpired:
                        continue
        if self._lock:
            self._lock.close()
            self._lock = None

    def restart(self) -> None:
        """Start it again after it ended by itself; the lock is still ours."""
        self._end_orphan()
        self._launch()

    def erase(self) -> None:
        """Delete all that is stored; it must not run. Raises DatabaseError when somebody uses it."""
        if self.folder.exists():
            self._take_lock()
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        """One start a folder; the kernel frees the lock however we end."""
        try:
            self._lock = (self.folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise DatabaseError(
                f"Another Forecourt uses {self.places.asked}. Choose another FORECOURT_DATA."
            ) from None
        except OSError as error:
            raise DatabaseError(f"{self.folder} cannot be used: {error.strerror}.") from None

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / program), *map(str, arguments)]
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        return subprocess.run(
            command,
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            **self.places.drop,
        )

    def _initialize(self) -> None:
        """Make an empty database beside its place, then move it there: it is whole or not there."""
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        trust = (
            "--auth=reject",
            "--auth-local=trust",
        )  # By socket only, and the folder is its user's alone.
        answer = self._run(
            "initdb", "-D", unfinished, "-U", "postgres", *trust, *locale, "--no-sync"
        )
        if answer.returncode:
            reason = (answer.stderr.strip().splitlines() or ["no reason given"])[0]
            raise DatabaseError(
                f"The embedded PostgreSQL cannot be set up in {self.folder}: {reason}"
            )
        unfinished.rename(self.folder / "data")

    def _end_orphan(self) -> None:
        """Stop what a launcher that was killed left running; we hold the lock, so it is nobody's."""
        data = self.folder / "data"
        try:
            pid = int((data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return
        if str(data) in command_line(pid):
            self._run("pg_ctl", "-D", data, "-m", "fast", "-w", "-t", "10", "stop")
        else:  # The number may be another process's by now: never signal it.
            (data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        """Start the server and wait until it answers."""
        options = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "jit=off"]
        settings = [f"--{option}" for option in [*options, *(QUICK if self.tests else ())]]
        command = [
            str(self.bin / "postgres"),
            "-D",
            str(self.folder / "data"),
            f"--port={PORT}",
            *settings,
        ]
        log = self.folder / "server.log"
        for _ in range(20):  # After kill -9 its shared memory may live a moment longer.
            with log.open("wb") as output:
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env={"PATH": os.defpath, "LC_ALL": "C"},
                    start_new_session=True,  # Ctrl-C is for us; we stop it last.
                    preexec_fn=lambda: end_with_parent(signal.SIGINT),  # noqa: PLW1509 -- no threads yet
                    **self.places.drop,
                )
            while self.process.poll() is None:
                if self._prepared():
                    return
                time.sleep(0.02)
            time.sleep(0.3)
        reason = (log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        raise DatabaseError(f"The embedded PostgreSQL does not start, see {log}: {reason}")

    def _prepared(self) -> bool:
        """Make the roles and the database where they are missing; False while it starts up."""
        import psycopg  # Here, for `forecourt --help` needs no driver.

        try:
            with psycopg.connect(self.superuser_url, autocommit=True) as connection:
                known = connection.execute(
                    "select rolname from pg_roles union all select 'database' from pg_database"
                    " where datname = 'forecourt'"
                ).fetchall()
                for name, statement in _PREPARATION:
                    if (name,) not in known:
                        connection.execute(statement)
            return True
        except psycopg.OperationalError:
            return False

    def _address(self, user: str, database: str) -> str:
        return (
            f"postgresql://{user}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"
        )


_PREPARATION = (
    ("forecourt", "create role forecourt login createdb nosuperuser nobypassrls"),
    ("forecourt_all", "create role forecourt_all nologin nosuperuser nobypassrls"),
    ("forecourt_all", "grant forecourt_all to forecourt with inherit false, set true"),
    ("database", "create database forecourt owner forecourt"),
)
