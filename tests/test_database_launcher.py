"""The embedded database: started anew, started again, and after every kind of sudden end."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from forecourt.demo.database import EmbeddedDatabase
from forecourt.demo.places import DatabaseError, Places
from forecourt.demo.processes import command_line
from tests.database import open_folder

LAUNCH = (
    "import sys, time; from forecourt.demo.database import EmbeddedDatabase as D;"
    "d = D(sys.argv[1]); d.start(); print(d.process.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def folder():
    with open_folder() as found:
        yield found / "postgres"


def launch(folder):
    """A launcher as a process of its own; and the pid of its database."""
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCH, str(folder)], stdout=subprocess.PIPE)
    return launcher, int(launcher.stdout.readline())


def ask(database, question):
    with psycopg.connect(database.url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def wait_for_end(pid):
    end = time.monotonic() + 5
    while "postgres" in command_line(pid):
        assert time.monotonic() < end, "the database outlived its launcher"
        time.sleep(0.02)


def test_what_was_stored_is_there_at_the_next_start(folder):
    with EmbeddedDatabase(folder) as database:
        ask(database, "create table kept as select 42 as answer")
    with EmbeddedDatabase(folder) as database:
        assert ask(database, "select answer from kept") == 42


def test_the_applications_role_is_bound_by_row_level_security(folder):
    with EmbeddedDatabase(folder, tests=True) as database:
        unbound = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        assert ask(database, unbound) is False
        assert ask(database, "select pg_has_role('forecourt_all', 'usage')") is False
        assert ask(database, "select pg_has_role('forecourt_all', 'set')") is True


def test_one_folder_serves_one_start_at_a_time(folder):
    with EmbeddedDatabase(folder), pytest.raises(DatabaseError, match="Another Forecourt uses"):
        EmbeddedDatabase(folder).start()


def test_the_database_ends_with_a_killed_launcher(folder):
    launcher, postgres = launch(folder)
    launcher.kill()
    launcher.wait()
    wait_for_end(postgres)


def test_it_starts_again_after_everything_was_killed(folder):
    launcher, postgres = launch(folder)
    os.kill(postgres, signal.SIGKILL)
    launcher.kill()
    launcher.wait()
    with EmbeddedDatabase(folder) as database:
        assert ask(database, "select 1") == 1


def test_a_note_left_by_a_dead_database_never_leads_to_another_process(folder):
    with EmbeddedDatabase(folder):
        pass
    with subprocess.Popen(["sleep", "60"]) as innocent:
        (database := EmbeddedDatabase(folder)).folder.joinpath("data/postmaster.pid").write_text(
            f"{innocent.pid}\n{folder}\n0\n5432\n"
        )
        with database:
            assert ask(database, "select 1") == 1
        assert innocent.poll() is None
        innocent.kill()


def test_a_long_path_gets_a_short_socket(folder):
    with EmbeddedDatabase(folder.joinpath(*["a-long-name"] * 12), tests=True) as database:
        assert len(os.fsencode(database.sockets)) < 90
        assert ask(database, "select 1") == 1


def test_half_an_initialization_is_begun_anew(folder):
    with EmbeddedDatabase(folder, tests=True) as database:
        version = database.folder / "data" / "PG_VERSION"
    version.unlink()
    with EmbeddedDatabase(folder, tests=True) as database:
        assert ask(database, "select 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database runs as somebody else")
def test_a_folder_that_nobody_can_reach_is_replaced_by_one_in_var_tmp(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    places = Places(closed / "postgres")
    assert str(places.folder).startswith("/var/tmp/forecourt-")
    assert places.folder == Places(closed / "postgres").folder


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to give a folder to somebody else")
def test_a_folder_of_another_user_is_refused(folder):
    folder.mkdir()
    os.chown(folder, 12345, -1)
    with pytest.raises(DatabaseError, match="belongs to another user"):
        EmbeddedDatabase(folder).start()
