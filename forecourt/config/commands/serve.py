"""`serve` and `worker`: the two processes of a real portal."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from forecourt.config.commands import checks
from forecourt.config.environment import BadSetting, Environment, read

if TYPE_CHECKING:
    from procrastinate import App

#: How many mails are sent side by side.
MAIL_PLACES = 2


def web_server(environment: Environment, log_level: str) -> list[str]:
    """The command line of Granian, our web server."""
    options = {
        "--interface": "wsgi",
        "--http": "1",
        "--host": listening_address(environment.host),
        "--port": str(environment.port),
        "--workers": str(environment.web_workers),
        # A download keeps a thread until its last byte is on the way.
        "--blocking-threads": str(environment.web_threads + environment.web_downloads),
        "--workers-kill-timeout": "3",
        "--log-level": log_level,
    }
    flat = [word for option in options.items() for word in option]
    module = "forecourt.config.served:application"
    return [sys.executable, "-m", "granian", *flat, "--no-ws", "--respawn-failed-workers", module]


def listening_address(host: str) -> str:
    """The numeric address of HOST, for the web server takes no names."""
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        raise BadSetting(f"HOST {host} is no address of this machine.") from None


def require_free_port(environment: Environment) -> None:
    """Say in one line what the web server would say in thirty."""
    address = listening_address(environment.host)
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, environment.port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BadSetting(
                f"Port {environment.port} of {environment.host} cannot be used ({reason})."
                f" Choose another: PORT={environment.port + 1}"
            ) from None


def serve() -> int:
    """Become the web server, after everything that could be wrong was looked at."""
    environment = read(os.environ)
    if environment.demo:
        raise BadSetting("FORECOURT_DEMO is on: `serve` is for a real portal, `demo` for the demo.")
    with checks.connect(os.environ["DATABASE_URL"]) as connection:
        checks.require_plain_role(connection)
        checks.refuse_demo(connection)
    require_free_port(environment)
    _in_child(require_migrated)
    # Each thread would keep freed memory in a place of its own.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    command = web_server(environment, environment.log_level.lower())
    return os.execv(command[0], command)  # never returns


def work() -> int:
    """Do the jobs of all queues until SIGTERM, which lets the running ones finish."""
    environment = read(os.environ)
    with checks.connect(os.environ["DATABASE_URL"]) as connection:
        checks.require_plain_role(connection)
    start_django()
    require_migrated()
    from procrastinate.contrib.django import app

    from forecourt.core import brand

    brand.watch()
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        asyncio.run(_work_on(worker, environment.worker_concurrency))
    return 0


async def _work_on(app: App, concurrency: int) -> None:
    """Mail has places of its own, so that a mail server that answers slowly holds up no other
    job. When either side ends, both do: whatever watches this process starts it again."""
    async with app.open_async():
        sides = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[queue],
                    concurrency=places,
                    name=queue,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=20,
                    # Failed jobs stay to be looked at; the nightly sweep removes the others.
                    delete_jobs="never",
                )
            )
            for queue, places in (("default", concurrency), ("mail", MAIL_PLACES))
        ]
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, lambda: _end(sides))
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        _end(sides)
        await asyncio.gather(*sides, return_exceptions=True)


def _end(sides: list[asyncio.Task[None]]) -> None:
    for side in sides:
        side.cancel()


def start_django() -> None:
    """Load the settings and the rooms."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.config.settings")
    django.setup()


def missing_migrations() -> int:
    """How many migrations the database still lacks; Django has been started."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_migrated() -> None:
    """Start Django, and know the brand; raises BadSetting when the database lacks migrations."""
    start_django()
    if missing := missing_migrations():
        raise BadSetting(f"The database lacks {missing} migrations: run `forecourt migrate` first.")
    from forecourt.core import brand

    brand.look_again()


def _in_child(check: Callable[[], None]) -> None:
    """Check in a process of its own: the web server's should not hold Django twice."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            check()
            status = 0
        except BadSetting as problem:
            print(f"forecourt: {problem}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise SystemExit(1)
