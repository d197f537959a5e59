"""Django's cache in a table of PostgreSQL, with one statement for each thing it does.

Sign-in counts its tries here, several times at each, and Django's own cache in the database asks up
to seven questions a time. Values are JSON: nothing is ever unpickled. What has expired is not seen,
and a job removes it every few minutes.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

GET = "select value from core_cache where cache_key = %s and expires > statement_timestamp()"
GET_MANY = (
    "select cache_key, value from core_cache"
    " where cache_key = any(%s) and expires > statement_timestamp()"
)
SET = (
    "insert into core_cache (cache_key, value, expires) values (%s, %s, %s)"
    " on conflict (cache_key) do update set value = excluded.value, expires = excluded.expires"
)
ADD = SET + " where core_cache.expires <= statement_timestamp()"
TOUCH = (
    "update core_cache set expires = %s where cache_key = %s and expires > statement_timestamp()"
)
INCREASE = (
    "update core_cache set value = (value::bigint + %s)::text"
    " where cache_key = %s and expires > statement_timestamp() returning value"
)
COUNT = (
    "insert into core_cache (cache_key, value, expires)"
    " select key, '1', statement_timestamp() + make_interval(secs => seconds)"
    " from unnest(%s::text[], %s::float[]) counted (key, seconds) order by key"
    " on conflict (cache_key) do update set"
    " value = case when core_cache.expires <= statement_timestamp() then '1'"
    " else (core_cache.value::bigint + 1)::text end,"
    " expires = case when core_cache.expires <= statement_timestamp() then excluded.expires"
    " else core_cache.expires end"
    " returning cache_key, value"
)
UNCOUNT = (
    "update core_cache set value = greatest(value::bigint - 1, 0)::text where cache_key = any(%s)"
)
DELETE = "delete from core_cache where cache_key = %s"
DELETE_MANY = "delete from core_cache where cache_key = any(%s)"
SWEEP = "delete from core_cache where expires <= statement_timestamp()"


class PostgresCache(BaseCache):
    """The cache in the table core_cache: cache_key, value (JSON), expires."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = self._ask(GET, self._key(key, version))
        return json.loads(rows[0][0]) if rows else default

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = {self._key(key, version): key for key in keys}
        rows = self._ask(GET_MANY, list(wanted))
        return {wanted[key]: json.loads(value) for key, value in rows}

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._do(SET, self._key(key, version), json.dumps(value), self._end(timeout))

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        values = self._key(key, version), json.dumps(value), self._end(timeout)
        return self._do(ADD, *values) > 0

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._do(TOUCH, self._end(timeout), self._key(key, version)) > 0

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        rows = self._ask(INCREASE, delta, self._key(key, version))
        if not rows:
            raise ValueError(f"Key {key!r} not found")
        return int(rows[0][0])

    def count(self, spans: dict[str, float]) -> dict[str, int]:
        """Count each key once more, all in one statement, and answer the numbers. A count begins
        anew when its seconds are over."""
        keys = {self._key(key, None): key for key in spans}
        rows = self._ask(COUNT, list(keys), [float(spans[key]) for key in keys.values()])
        return {keys[key]: int(value) for key, value in rows}

    def uncount(self, keys: Iterable[str]) -> None:
        """Take back one count of each."""
        self._do(UNCOUNT, [self._key(key, None) for key in keys])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._do(DELETE, self._key(key, version)) > 0

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        self._do(DELETE_MANY, [self._key(key, version) for key in keys])

    def clear(self) -> None:
        self._do("delete from core_cache")

    def sweep(self) -> int:
        """Remove what has expired; how many entries that were."""
        return self._do(SWEEP)

    def _key(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _end(self, timeout: Any) -> datetime:
        """The moment at which an entry expires; without a timeout the last one there is."""
        seconds = self.get_backend_timeout(timeout)
        if seconds is None:
            return datetime.max.replace(tzinfo=UTC)
        return datetime.fromtimestamp(seconds, UTC)

    def _ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def _do(self, statement: str, *values: Any) -> int:
        """How many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
