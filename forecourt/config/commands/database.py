"""`migrate` and `database prepare`: the tables, and the roles that use them."""

from __future__ import annotations

import os
from typing import Any

from psycopg import conninfo, sql

from forecourt.config.commands import checks
from forecourt.config.commands.serve import start_django
from forecourt.config.environment import SETTINGS, BadSetting, Setting, database, read

AUDIT = "core_auditevent"


def migrate() -> int:
    """Bring the tables up to date, as their owner where DATABASE_OWNER_URL names one."""
    application = os.environ.get("DATABASE_URL", "")
    owner = os.environ.get("DATABASE_OWNER_URL", "")
    if owner:
        os.environ["DATABASE_URL"] = owner
    read(os.environ)
    checks.connect(os.environ["DATABASE_URL"]).close()
    start_django()
    from django.core.management import call_command
    from django.db import connection as tables

    with tables.cursor() as cursor:  # A migration may take as long as it needs.
        cursor.execute("set statement_timeout = 0")
    call_command("migrate", interactive=False, verbosity=1)
    if owner:
        role = str(conninfo.conninfo_to_dict(application).get("user", ""))
        with checks.connect(owner, "DATABASE_OWNER_URL") as connection:
            for statement in application_grants(role):
                connection.execute(statement)
    return 0


def application_grants(role: str) -> list[sql.Composed]:
    """What the application's role gets on tables that another role owns."""
    name = sql.Identifier(role)
    return [
        sql.SQL("grant usage on schema public to {}").format(name),
        sql.SQL("grant select, insert, update, delete on all tables in schema public to {}").format(
            name
        ),
        sql.SQL("grant usage, select on all sequences in schema public to {}").format(name),
        # What happened stays what happened.
        sql.SQL("revoke update, delete, truncate on {} from {}").format(
            sql.Identifier(AUDIT), name
        ),
        # Except that somebody who is gone becomes a pseudonym; a trigger sees to it.
        sql.SQL("grant update (actor_label, object_label, before, after) on {} to {}").format(
            sql.Identifier(AUDIT), name
        ),
    ]


def prepare(superuser_url: str | None, *, only_print: bool) -> int:
    """Make the roles and the database, or print the SQL that does; harmless to run again."""
    application, owner = _wanted()
    server = roles(application, owner, with_passwords=not only_print)
    inside = privileges(application, owner)
    if only_print or not superuser_url:
        return _print(server, inside, str(application["dbname"]), superuser_url, only_print)
    with checks.connect(superuser_url, "the superuser") as connection:
        for exists, statement in server:
            row = connection.execute(exists).fetchone() if exists else None
            if not row:
                connection.execute(statement)
    inside_url = conninfo.make_conninfo(superuser_url, dbname=str(application["dbname"]))
    with checks.connect(inside_url, "the superuser") as connection:
        for statement in inside:
            connection.execute(statement)
    print(f"The database {application['dbname']} is ready for `forecourt migrate`.")
    return 0


Step = tuple[sql.Composed | None, sql.Composed]


def roles(
    application: dict[str, Any], owner: dict[str, Any], *, with_passwords: bool
) -> list[Step]:
    """(query that finds it made, statement that makes it) for roles and database."""
    steps: list[Step] = []
    across = sql.Identifier(checks.ACROSS)
    made = sql.SQL("select 1 from pg_roles where rolname = {}")
    for login in [application] if application["user"] == owner["user"] else [application, owner]:
        create = sql.SQL("create role {} login nosuperuser nobypassrls")
        statement = create.format(sql.Identifier(login["user"]))
        if with_passwords and login.get("password"):
            statement += sql.SQL(" password {}").format(sql.Literal(login["password"]))
        steps.append((made.format(sql.Literal(login["user"])), statement))
    steps.append(
        (
            made.format(sql.Literal(checks.ACROSS)),
            sql.SQL("create role {} nologin nosuperuser nobypassrls").format(across),
        )
    )
    # Inherited, the role that looks across would switch row-level security off.
    grant = sql.SQL("grant {} to {} with inherit false, set true")
    steps.append((None, grant.format(across, sql.Identifier(application["user"]))))
    name = sql.Identifier(application["dbname"])
    steps.append(
        (
            sql.SQL("select 1 from pg_database where datname = {}").format(
                sql.Literal(application["dbname"])
            ),
            sql.SQL("create database {} owner {}").format(name, sql.Identifier(owner["user"])),
        )
    )
    return steps


def privileges(application: dict[str, Any], owner: dict[str, Any]) -> list[sql.Composed]:
    """The statements inside the database: what new tables grant to whom."""
    as_owner = sql.SQL("alter default privileges for role {} ").format(
        sql.Identifier(owner["user"])
    )
    across, name = sql.Identifier(checks.ACROSS), sql.Identifier(application["user"])
    found = [
        sql.SQL("grant usage on schema public to {}").format(across),
        as_owner + sql.SQL("grant select on tables to {}").format(across),
    ]
    if application["user"] != owner["user"]:
        everything = sql.SQL("grant select, insert, update, delete on tables to {}").format(name)
        found += [
            sql.SQL("grant usage on schema public to {}").format(name),
            as_owner + everything,
            as_owner + sql.SQL("grant usage, select on sequences to {}").format(name),
        ]
    return found


def _wanted() -> tuple[dict[str, Any], dict[str, Any]]:
    """The application's and the owner's address, from the environment or as the documents have it."""
    wanted = []
    for setting in (s for s in SETTINGS if s.kind == "database"):
        wanted.append(_address(setting, os.environ.get(setting.name, "")))
    application, owner = wanted
    application = application or {"user": "forecourt", "dbname": "forecourt"}
    if owner and owner["dbname"] != application["dbname"]:
        raise BadSetting("DATABASE_OWNER_URL and DATABASE_URL name different databases.")
    return application, owner or application


def _address(setting: Setting, text: str) -> dict[str, Any]:
    if not text:
        return {}
    parsed = database(text, setting.name)
    if not parsed["USER"]:
        raise BadSetting(f"{setting.name} names no user.")
    return {"user": parsed["USER"], "password": parsed["PASSWORD"], "dbname": parsed["NAME"]}


def _print(
    server: list[Step], inside: list[sql.Composed], name: str, url: str | None, only_print: bool
) -> int:
    if not only_print:
        raise BadSetting(
            "Say as which superuser: forecourt database prepare postgresql://postgres@host/postgres"
        )
    for _, statement in server:
        print(f"{_text(statement)};")
    print(f"\\connect {name}")
    for statement in inside:
        print(f"{_text(statement)};")
    return 0


def _text(statement: sql.Composed) -> str:
    return statement.as_string(None)
