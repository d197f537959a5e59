"""Goal 10: from a fresh clone to the first signed-in page, with a warm package cache."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.report import Goal
from benchmarks.stage import ROOT, Stage, free_port
from forecourt.demo.database import EmbeddedDatabase

PATIENCE = 180.0


def measure(stage: Stage) -> Goal:
    """`make demo` in a clone of the last commit, against the same environment and an empty
    database: twice, each once before the other, because the first finds less in memory."""
    goal = Goal(10, "`make demo` in a fresh clone, warm package cache")
    with tempfile.TemporaryDirectory(prefix="forecourt-cold-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        floors = [_floor(folder / "floor")]
        demos = [_demo(folder / "clone"), _demo(folder / "again")]
        floors.append(_floor(folder / "last"))
    floor, demo = sum(floors) / 2, sum(demos) / 2
    goal.add("environment and empty database", floor, unit=" s", note="venv, uv, the lock, initdb")
    goal.add("`make demo` to the first signed-in page", demo, unit=" s")
    goal.add("demo over floor", demo / floor, 1.4)
    return goal


def _floor(folder: Path) -> float:
    """The least that `make demo` cannot do without: the same packages and a running database."""
    began = time.monotonic()
    environment = _environment()
    folder.mkdir()
    python = folder / "venv/bin/python"
    base = os.path.realpath(ROOT / ".venv/bin/python")
    _do([base, "-m", "venv", str(folder / "venv")], environment)
    lock = ["--require-hashes", "--only-binary=:all:", "-r", str(ROOT / "requirements-uv.lock")]
    _do([str(python), "-m", "pip", "install", "-qq", *lock], environment)
    sync = ["pip", "sync", "-q", "--require-hashes", "--compile-bytecode", "--python", str(python)]
    uv = str(folder / "venv/bin/uv")
    _do([uv, *sync, str(ROOT / "requirements-dev.lock")], environment)
    with EmbeddedDatabase(folder / "postgres"):
        return time.monotonic() - began


def _demo(clone: Path) -> float:
    """The clone is not counted, everything from `make` on is."""
    _do(["git", "clone", "-q", str(ROOT), str(clone)], _environment())
    port = free_port()
    environment = {**_environment(), "PORT": str(port), "HOST": "127.0.0.1"}
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.monotonic() - began < PATIENCE:
            if process.poll() is not None:
                raise RuntimeError("`make demo` ended")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if _signed_in_page(port):
                    return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError("`make demo` did not answer")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(clone / "var", ignore_errors=True)


def _signed_in_page(port: int) -> bool:
    """Sign in and open the Members page, as a browser would."""
    from forecourt.demo.world import PASSWORD

    connection = http.client.HTTPConnection("localhost", port, timeout=10)  # Its PUBLIC_URL.
    token = "c" * 32
    values = {"csrfmiddlewaretoken": token, "login": "admin@acme.example", "password": PASSWORD}
    headers = {"Cookie": f"csrf={token}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login/", urlencode(values), headers)
    answer = connection.getresponse()
    answer.read()
    cookies = answer.headers.get_all("Set-Cookie") or []
    session = next((x.split(";")[0] for x in cookies if x.startswith("session=")), "")
    connection.request("GET", "/o/acme/members/", headers={"Cookie": session})
    answer = connection.getresponse()
    return answer.status == 200 and b"Moss Calder" in answer.read()


def _environment() -> dict[str, str]:
    """The shell's, without what would change an environment that is made in it."""
    from forecourt.config.environment import SETTINGS

    unwanted = {setting.name for setting in SETTINGS} | {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS"}
    unwanted |= {"PYTHONDONTWRITEBYTECODE", "MAKELEVEL", "MFLAGS", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def _do(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} …: {done.stderr[-1000:]}")
