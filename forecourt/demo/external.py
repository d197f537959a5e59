"""A database that is not the demo's own: taken only when it is empty or bears the demo's marker."""

from __future__ import annotations

from typing import Any

import psycopg

from forecourt.config.commands import checks
from forecourt.config.environment import BadSetting

MARKER = "create table if not exists forecourt_demo (version text not null)"


def take(url: str, *, reset: bool) -> None:
    """See that the database is ours to use, mark it, and empty it where asked; else BadSetting."""
    with checks.connect(url) as connection:
        _offer_roles(connection)
        checks.require_plain_role(connection)
        marked = checks.has_marker(connection)
        if not marked and (reset or _tables(connection)):
            raise BadSetting(
                "DATABASE_URL names a database that holds something else than the demo:"
                " the demo leaves it alone. Give it an empty one."
            )
        try:
            if reset:
                _empty(connection)
            # Before the tables: a first start that was cut off is still recognized.
            connection.execute(MARKER)
        except psycopg.errors.InsufficientPrivilege as error:
            reason = str(error).splitlines()[0]
            raise BadSetting(f"DATABASE_URL may not make tables: {reason}") from None


def _offer_roles(connection: psycopg.Connection[Any]) -> None:
    """Make the role that looks across where we may; the check after this says when we may not."""
    row = connection.execute(
        "select rolname from pg_roles where rolname = %s", [checks.ACROSS]
    ).fetchone()
    try:
        if row is None:
            connection.execute(f"create role {checks.ACROSS} nologin nosuperuser nobypassrls")
            connection.execute(
                f"grant {checks.ACROSS} to current_user with inherit false, set true"
            )
    except psycopg.errors.InsufficientPrivilege:
        pass


def _tables(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "select exists (select from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p', 'v', 'm'))"
    ).fetchone()
    return bool(row and row[0])


def _empty(connection: psycopg.Connection[Any]) -> None:
    connection.execute("drop schema public cascade")
    connection.execute("create schema public")
    connection.execute("grant usage on schema public to public")
