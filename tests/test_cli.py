"""The `forecourt` command, as an operator types it."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from forecourt.config.cli import main
from forecourt.config.environment import SETTINGS
from forecourt.core import scope
from forecourt.orgs.models import Organization
from forecourt.people.models import FactorReset, User
from tests.cast import give_app, text_of

REAL = {
    "SECRET_KEY": "k" * 40,
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "PUBLIC_URL": "https://portal.example.com",
}
superuser = pytest.mark.skipif(
    not os.environ.get("FORECOURT_TEST_SUPERUSER_URL"), reason="needs a superuser's address"
)


def forecourt(*words, **settings):
    """The command in a process of its own, with these settings and no others."""
    names = {setting.name for setting in SETTINGS} | {"DJANGO_SETTINGS_MODULE"}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-m", "forecourt", *words],
        env={**clean, "FORECOURT_DATA": "/nonexistent", **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def with_database(name):
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def empty_database():
    name = f"command_{os.getpid()}"  # the tests' other processes use the same server
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield with_database(name)
        connection.execute(f"drop database {name} with (force)")


def refuses(answer, words):
    assert answer.returncode == 1
    assert words in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_help_loads_neither_django_nor_a_driver():
    asked = "import sys; from forecourt.config import cli; cli._parser().format_help();"
    told = "print([m for m in ('django', 'psycopg', 'granian') if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", asked + told], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("migrate",)])
def test_a_missing_setting_is_one_clear_line(words):
    refuses(forecourt(*words), "SECRET_KEY is missing")


def test_serve_refuses_a_short_key():
    refuses(forecourt("serve", **{**REAL, "SECRET_KEY": "short"}), "SECRET_KEY is too short")


def test_serve_refuses_a_database_that_does_not_answer():
    answer = forecourt("serve", DATABASE_URL="postgresql://me:hunter2@127.0.0.1:1/x", **REAL)
    refuses(answer, "DATABASE_URL does not answer")
    assert "hunter2" not in answer.stderr


def test_serve_refuses_a_database_without_the_tables(empty_database):
    refuses(forecourt("serve", DATABASE_URL=empty_database, **REAL), "run `forecourt migrate`")


def test_reseal_refuses_a_database_without_the_tables(empty_database):
    answer = forecourt("database", "reseal", DATABASE_URL=empty_database, **REAL)
    refuses(answer, "run `forecourt migrate`")


@pytest.mark.parametrize("url", ["", "postgresql://me:hunter2@127.0.0.1:1/x"])
def test_a_mail_that_came_back_is_tried_later_while_the_database_is_away(url, empty_database):
    answer = forecourt("mail", "bounce", DATABASE_URL=url or empty_database, **REAL)
    assert answer.returncode == 75
    assert answer.stderr.strip().splitlines()[-1].startswith("forecourt: ")
    assert "hunter2" not in answer.stderr


def test_serve_refuses_the_sample_world(empty_database):
    with psycopg.connect(empty_database) as connection:
        connection.execute("create table forecourt_demo (version text)")
    refuses(forecourt("serve", DATABASE_URL=empty_database, **REAL), "sample world")


@superuser
def test_serve_refuses_a_superuser():
    url = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
    refuses(forecourt("serve", DATABASE_URL=url, **REAL), "does not bind")


@superuser
def test_serve_refuses_a_role_that_inherits_the_one_that_looks_across():
    url = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role careless login")
        connection.execute("grant forecourt_all to careless with inherit true")
    careless = urlunsplit(urlsplit(url)._replace(netloc="careless@"))
    refuses(forecourt("serve", DATABASE_URL=careless, **REAL), "inherits forecourt_all")


@superuser
def test_database_prepare_makes_what_serve_asks_for():
    superuser_url = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
    host = urlsplit(superuser_url).query
    settings = {"DATABASE_URL": f"postgresql://portal:s3cret@/portal?{host}", **REAL}
    for _ in range(2):  # Harmless to run again.
        answer = forecourt("database", "prepare", superuser_url, **settings)
        assert (answer.returncode, answer.stderr) == (0, "")
    refuses(forecourt("serve", **settings), "run `forecourt migrate`")


@superuser
def test_the_application_can_not_change_what_a_separate_owner_keeps_of_the_past():
    superuser_url = os.environ["FORECOURT_TEST_SUPERUSER_URL"]
    host = urlsplit(superuser_url).query
    application, owner = f"postgresql://shop@/shop?{host}", f"postgresql://builder@/shop?{host}"
    settings = {"DATABASE_URL": application, "DATABASE_OWNER_URL": owner, **REAL}
    assert forecourt("database", "prepare", superuser_url, **settings).returncode == 0
    assert forecourt("migrate", **settings).returncode == 0
    with psycopg.connect(application) as connection:
        may = "select has_table_privilege('core_auditevent', %s)"
        assert connection.execute(may, ["insert"]).fetchone() == (True,)
        assert connection.execute(may, ["update"]).fetchone() == (False,)
        assert connection.execute(may, ["delete"]).fetchone() == (False,)
        # People who are gone can be forgotten, and nothing else.
        may = "select has_column_privilege('core_auditevent', %s, 'update')"
        assert connection.execute(may, ["object_label"]).fetchone() == (True,)
        assert connection.execute(may, ["event"]).fetchone() == (False,)


def test_the_printed_sql_holds_no_password():
    url = "postgresql://portal:hunter2@db.example.com/portal"
    answer = forecourt("database", "prepare", "--sql", DATABASE_URL=url)
    assert 'create role "portal" login nosuperuser nobypassrls;' in answer.stdout
    assert "with inherit false, set true;" in answer.stdout
    assert "hunter2" not in answer.stdout


def test_every_address_says_who_may_ask_and_how():
    rows = json.loads(forecourt("urls", "--json").stdout)
    members = next(row for row in rows if row["name"] == "members")
    assert members["methods"] == ["GET"]
    assert members["allowed"] == ["member", "admin", "primary"]
    assert [row["pattern"] for row in rows if not row["methods"] or row["who"] == "unknown"] == []


def test_the_sample_world_tells_who_can_sign_in():
    world = json.loads(forecourt("world", "--json").stdout)
    assert {"Acme", "Globex", "Initech"} == {each["name"] for each in world["organizations"]}
    assert world["password"]


@pytest.mark.django_db
def test_an_organization_is_added_with_an_invited_admin(capsys):
    assert main(["organization", "add", "Hooli", "--admin", "gavin@hooli.example"]) == 0
    with scope.across_organizations("the test looks"):
        organization = Organization.objects.get(name="Hooli")
    assert f"/o/{organization.slug}/members/" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_refusal_is_one_line_and_an_exit_code(capsys):
    assert main(["organization", "add", "Hooli", "--admin", "gavin"]) == 1
    assert "e-mail address" in capsys.readouterr().err
    assert main(["staff", "add", "stranger"]) == 1
    assert "e-mail address" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_first_of_the_staff_needs_no_account_and_is_told_how_to_get_in(mailbox, capsys):
    assert main(["staff", "add", "First@Vendor.example"]) == 0
    assert main(["staff", "add", "first@vendor.example"]) == 0
    (told,) = mailbox.to("first@vendor.example")
    assert "/console/" in text_of(told)
    user = User.objects.get(email="first@vendor.example")
    assert not user.has_usable_password()
    assert user.staff.duty == "owner"


@pytest.mark.django_db
def test_a_lost_factor_is_reset_and_kept_by_the_command_line(world, capsys):
    give_app("both@example.com")
    assert main(["factor", "reset", "both@example.com", "--reason", "lost"]) == 0
    assert FactorReset.objects.get().asked_by == "Lumen Tools"
    assert main(["factor", "keep", "both@example.com"]) == 0
    assert FactorReset.objects.get().canceled_at
    assert main(["factor", "keep", "both@example.com"]) == 1
    assert main(["factor", "reset", "stranger@example.com", "--reason", "lost"]) == 1
    assert "no account" in capsys.readouterr().err
