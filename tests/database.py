"""The tests' own PostgreSQL: a pytest plugin that starts it before the settings are read.

`-p tests.database` in pyproject.toml loads it. DATABASE_URL, where it is set, is used instead.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from forecourt.config.environment import SETTINGS
from forecourt.demo.database import EmbeddedDatabase
from forecourt.demo.seller import BILLING

_started = contextlib.ExitStack()


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that root's database, which runs as nobody, can walk into; pytest's own is closed."""
    with tempfile.TemporaryDirectory(prefix="forecourt-tests-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.hookimpl(wrapper=True)  # Wrappers come first, so before pytest-django reads the settings.
def pytest_load_initial_conftests() -> Iterator[None]:
    """Set the environment; with several processes only the first starts a database."""
    _prepare()
    return (yield)


def _prepare() -> None:
    for setting in SETTINGS:  # The machine's own settings do not count.
        if setting.name not in ("DATABASE_URL", "FORECOURT_DATA"):
            os.environ.pop(setting.name, None)
    if not os.environ.get("DATABASE_URL"):
        folder = _started.enter_context(open_folder())
        database = _started.enter_context(EmbeddedDatabase(folder / "postgres", tests=True))
        os.environ["DATABASE_URL"] = database.url
        os.environ["FORECOURT_TEST_SUPERUSER_URL"] = database.superuser_url
        os.environ["FORECOURT_DATA"] = str(folder / "data")
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # Each sweeps its files alone.
        os.environ["FORECOURT_DATA"] = f"{os.environ.get('FORECOURT_DATA', 'var')}/{worker}"
    os.environ.update(
        {
            "FORECOURT_DEMO": "1",
            "SECRET_KEY": "only-the-tests-know-this-key-and-everybody-who-reads-it",
            "PUBLIC_URL": "http://testserver",
            "EMAIL_URL": "smtp://127.0.0.1:1",  # Nobody listens: tests that send mail start a server.
            "VENDOR_NAME": "Lumen Tools",
            "SUPPORT_EMAIL": "help@lumen.example",
            **BILLING,
        }
    )


def pytest_unconfigure() -> None:
    """End the database and delete what it stored."""
    _started.close()
