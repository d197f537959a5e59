"""Sessions with their person beside them: one query, compiled once, reads both.

The query also tells the database who is asking (`forecourt.user`), so that the person's own
memberships can be seen. It is asked at every request: nothing about rights is remembered.
"""

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.crypto import get_random_string

from forecourt.core.jobs import later
from forecourt.core.prepared import Prepared
from forecourt.core.scope import setting
from forecourt.people.models import Session

#: Where a session keeps how it began: {"at": seconds, "method", "address", "agent"}. It is written
#: to the row's own columns with every save, for the list of a person's sessions.
BEGAN = "people_began"


def _look_up(key: str):
    return (
        Session.objects.select_related("user")
        .annotate(_scope=setting("forecourt.user", "user_id"))
        .filter(session_key=key, expire_date__gt=Now())
    )


find = Prepared(_look_up, key="the session's key")


def end(rows: QuerySet[Session]) -> int:
    """End these sessions; how many there were. The products that were opened in them are told."""
    ended, _each = rows.delete()
    if ended:
        later("products.end_orphans")
    return ended


class SessionStore(DatabaseSessions):
    """Django's database sessions, on our table."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _validate_session_key(self, key: str) -> bool:
        """Only what we could have given out; a NUL would be an error of the database's."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()  # type: ignore[misc]

    def _get_new_session_key(self) -> str:
        # 32 random letters are new; Django asks the database, which would refuse them anyway.
        return get_random_string(32, VALID_KEY_CHARS)

    def delete(self, session_key: str | None = None) -> None:
        """Signing out, or another key for the session: products were opened with the former one."""
        super().delete(session_key)
        if self.row is not None and self.row.user_id:
            later("products.end_orphans")

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        began = data.get(BEGAN)
        if began and row.user_id:
            row.signed_in_at = dt.datetime.fromtimestamp(began["at"], dt.UTC)
            row.method, row.address = began["method"], began["address"]
            row.agent = began["agent"]
        return row

    def _get_session_from_db(self) -> Session | None:
        found = find(key=self.session_key)
        if not found:
            self._session_key = None
            return None
        self.row = found[0]
        return self.row
