"""Taking turns: what must not happen twice at once, though no row stands for it yet."""

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until nobody else has this name's turn, and have it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
