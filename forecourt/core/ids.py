"""Numbers of rows before there are rows: for what points to each other."""

from django.db import connection


def next_ids(table: str, number: int) -> list[int]:
    """So many further ids of a table, the smallest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
            [table, number],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def next_id(table: str) -> int:
    """A further id of a table."""
    return next_ids(table, 1)[0]
