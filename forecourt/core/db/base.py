"""PostgreSQL with a pool whose health check empties the scope of row-level security.

The pool asks each connection whether it lives before it hands it out. Asking with the statement
that empties the scope costs nothing more, and no request can begin with the scope of another.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

EMPTY = "select set_config('forecourt.organization', '', false), set_config('forecourt.user', '', false)"


def check(connection: Any) -> None:
    """Empty the scope; raises when the connection is dead, and the pool takes another."""
    # A connection that was closed inside a transaction comes back without autocommit, and the
    # empty scope would be rolled back with what it began here.
    if not connection.autocommit:
        connection.autocommit = True
    connection.execute(EMPTY)


class DatabaseWrapper(PostgreSQL):
    """Django's backend; only the pool's check differs."""

    @property
    def pool(self) -> Any:
        """The pool of this process, or None where the settings ask for none."""
        pool = super().pool
        if pool is not None:
            # Django passes check= itself, so OPTIONS cannot; a test through WSGIHandler guards this.
            pool._check = check
        return pool
