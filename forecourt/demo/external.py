"""A database that is not the demo's own: taken only when it is empty or bears the demo's marker."""

from __future__ import annotations

import contextlib
import hmac
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import conninfo, sql

from forecourt.config.commands import checks
from forecourt.config.environment import BadSetting

MARKER = "create table if not exists forecourt_demo (version text not null)"


def take(url: str, *, secret: str, reset: bool) -> str:
    """See that the database is ours to use, mark it, and empty it where asked; else BadSetting.

    Returns the address to use: for a superuser's that of a plain role made here, with a password
    derived from the demo's secret.
    """
    with checks.connect(url) as connection:
        marked = checks.has_marker(connection)
        if not marked and (reset or _tables(connection)):
            raise BadSetting(
                "DATABASE_URL names a database that holds something else than the demo:"
                " the demo leaves it alone. Give it an empty one."
            )
        if connection.info.parameter_status("is_superuser") == "on":
            url = _plain_role(connection, url, secret)
        else:
            _offer_across(connection)
    with checks.connect(url) as connection:
        checks.require_plain_role(connection)
        try:
            if reset:
                _empty(connection)
            # Before the tables: a first start that was cut off is still recognized.
            connection.execute(MARKER)
        except psycopg.errors.InsufficientPrivilege as error:
            reason = str(error).splitlines()[0]
            raise BadSetting(f"DATABASE_URL may not make tables: {reason}") from None
    return url


def _plain_role(connection: psycopg.Connection[Any], url: str, secret: str) -> str:
    """A role that row-level security binds, for this database alone; returns its address."""
    name = connection.info.dbname
    role = f"forecourt_demo_{name}"[:63]
    password = hmac.digest(secret.encode(), role.encode(), "sha256").hex()
    if not _exists(connection, role):
        connection.execute(sql.SQL("create role {} nosuperuser").format(sql.Identifier(role)))
    if not _exists(connection, checks.ACROSS):
        connection.execute(f"create role {checks.ACROSS} nologin nosuperuser nobypassrls")
    for statement in (
        "alter role {role} login nosuperuser nobypassrls password {password}",
        "grant {across} to {role} with inherit false, set true",
        "grant connect, create, temporary on database {name} to {role}",
        "alter schema public owner to {role}",
        "grant usage on schema public to public",
    ):
        connection.execute(
            sql.SQL(statement).format(
                role=sql.Identifier(role),
                password=sql.Literal(password),
                across=sql.Identifier(checks.ACROSS),
                name=sql.Identifier(name),
            )
        )
    rest = conninfo.conninfo_to_dict(url)
    kept = {
        key: str(value) for key, value in rest.items() if key not in ("user", "password", "dbname")
    }
    return f"postgresql://{quote(role)}:{password}@/{quote(name)}?{urlencode(kept)}"


def _offer_across(connection: psycopg.Connection[Any]) -> None:
    """Make the role that looks across where we may; the check after this says when we may not."""
    if _exists(connection, checks.ACROSS):
        return
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"create role {checks.ACROSS} nologin nosuperuser nobypassrls")
        connection.execute(f"grant {checks.ACROSS} to current_user with inherit false, set true")


def _exists(connection: psycopg.Connection[Any], role: str) -> bool:
    row = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    return row is not None


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
