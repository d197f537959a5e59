"""What has to be true of a database before the portal uses it; asked without Django."""

from __future__ import annotations

from typing import Any

import psycopg

from forecourt.config.environment import BadSetting

OLDEST = 160000  # A role can be granted without being inherited.
ACROSS = "forecourt_all"
PREPARE = "Run `forecourt database prepare`, see docs/running.md."


def connect(url: str, name: str = "DATABASE_URL") -> psycopg.Connection[Any]:
    """A connection; raises BadSetting with one line when the database does not answer."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        lines = [line.strip(" -\t") for line in str(error).splitlines() if line.strip()]
        reason = next((line for line in lines if "failed: " in line), (lines or ["no answer"])[0])
        raise BadSetting(
            f"The database of {name} does not answer: {reason.split('failed: ', 1)[-1]}"
        ) from None
    if connection.info.server_version < OLDEST:
        connection.close()
        raise BadSetting(f"The database of {name} is too old: it has to be PostgreSQL 16 or later.")
    return connection


def require_plain_role(connection: psycopg.Connection[Any]) -> None:
    """Refuse a role that row-level security does not bind, or that cannot look across."""
    role, unbound, across = connection.execute(
        "select current_user, (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),"
        " exists (select from pg_roles where rolname = %s)",
        [ACROSS],
    ).fetchone() or ("", True, False)
    if unbound:
        raise BadSetting(
            f"DATABASE_URL signs in as {role}, which row-level security does not bind"
            f" (superuser or BYPASSRLS): use a plain role. {PREPARE}"
        )
    if not across:
        raise BadSetting(f"The database has no role {ACROSS}. {PREPARE}")
    inherits, may_become = connection.execute(
        "select pg_has_role(%s, 'usage'), pg_has_role(%s, 'set')", [ACROSS, ACROSS]
    ).fetchone() or (True, False)
    if inherits:
        raise BadSetting(
            f"{role} inherits {ACROSS}, which switches row-level security off. {PREPARE}"
        )
    if not may_become:
        raise BadSetting(f"{role} may not become {ACROSS}. {PREPARE}")


def has_marker(connection: psycopg.Connection[Any]) -> bool:
    """Whether the sample world lives here."""
    row = connection.execute("select to_regclass('public.forecourt_demo') is not null").fetchone()
    return bool(row and row[0])


def refuse_demo(connection: psycopg.Connection[Any]) -> None:
    """A real portal never runs on the sample world, whose passwords everybody knows."""
    if has_marker(connection):
        raise BadSetting("This database holds the demo's sample world: use another one.")
