"""Whose rows the database shows: the second wall, behind the filter of every view.

Every table with an organization has row-level security. Its policy compares the row's
organization with the setting `forecourt.organization` of the connection; unset means no rows.
"0" stands for the house itself: rows that belong to no organization.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast

log = logging.getLogger(__name__)

EMPTY = """select set_config('forecourt.organization', '', false),
    set_config('forecourt.user', '', false), set_config('default_transaction_read_only', 'off', false)"""
#: Becoming the role that reads every organization's rows, and no longer being it.
ACROSS, BACK = "set local role forecourt_all", "set local role none"


def setting(name: str, column: str) -> Func:
    """An annotation that sets `name` for the connection from `column` of the row that is found.

    It rides in the select list of a query that is asked anyway, so the scope costs no query; the
    pool's health check empties it before the connection serves anybody else.
    """
    return Func(
        Value(name),
        Cast(F(column), TextField()),
        Value(False),
        function="set_config",
        output_field=TextField(),
    )


def clear() -> None:
    """Forget organization and person: from here the connection sees no tenant's rows."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


def enter(pk: int) -> None:
    """From here the connection sees this organization's rows, where no query that is asked anyway
    could say so."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('forecourt.organization', %s, false)", [str(pk)])


@contextmanager
def nothing_written() -> Iterator[None]:
    """Inside, the database writes nothing: every transaction that begins is for reading."""
    with connection.cursor() as cursor:
        cursor.execute("set default_transaction_read_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("set default_transaction_read_only = off")


@contextmanager
def _set(name: str, value: str, *, to_the_end: bool = False) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting(%s, true), set_config(%s, %s, true)", [name, name, value]
        )
        before = cursor.fetchone()[0] or ""
    yield
    if to_the_end and not connection.savepoint_ids:
        return  # The transaction ends now, and the setting with it.
    # Not in a finally: a roll-back takes the setting back by itself, and a broken transaction
    # would refuse this statement.
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [name, before])


@contextmanager
def organization(pk: int | None, *, to_the_end: bool = False) -> Iterator[None]:
    """Inside, one organization's rows are seen (None: the house's own). Needs a transaction;
    `to_the_end`: which ends with this block, so that there is nothing to set back."""
    with _set("forecourt.organization", str(pk or 0), to_the_end=to_the_end):
        yield


@contextmanager
def person(pk: int) -> Iterator[None]:
    """Inside, one person's own rows are seen, for reading. Needs a transaction."""
    with _set("forecourt.user", str(pk)):
        yield


@contextmanager
def across_organizations(reason: str) -> Iterator[None]:
    """Inside, every organization's rows are seen, for reading only: find the ids, leave, then act
    in one organization at a time. An action raises inside it. Make lists inside: a queryset that
    is evaluated after the block sees nothing.
    """
    log.debug("across organizations: %s", reason)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ACROSS)
        yield
        with connection.cursor() as cursor:
            cursor.execute(BACK)
