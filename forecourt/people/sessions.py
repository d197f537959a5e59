"""Sessions with their person beside them: one query, compiled once, reads both.

The query also tells the database who is asking (`forecourt.user`), so that the person's own
memberships can be seen. It is asked at every request: nothing about rights is remembered.
"""

import functools
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import connection
from django.db.models.functions import Now

from forecourt.core.scope import setting
from forecourt.people.models import Session, User


KEY = "the key"


@functools.cache
def _query() -> tuple[str, tuple[Any, ...]]:
    """The SQL of the look-up and its parameters, with KEY where the session's key belongs.

    Compiling this query costs Django more than asking it; it only changes with the models.
    """
    found = (
        Session.objects.select_related("user")
        .annotate(_scope=setting("forecourt.user", "user_id"))
        .filter(session_key=KEY, expire_date__gt=Now())
    )
    sql, values = found.query.get_compiler("default").as_sql()
    return sql, tuple(values)


class SessionStore(DatabaseSessions):
    """Django's database sessions, on our table."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Session | None:
        sql, values = _query()
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.session_key if v == KEY else v for v in values])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        fields = [field.attname for field in Session._meta.concrete_fields]
        width = len(fields)
        row = Session.from_db("default", fields, found[:width])
        if row.user_id is not None:
            person = [field.attname for field in User._meta.concrete_fields]
            row.user = User.from_db("default", person, found[width + 1 :])
        self.row = row
        return row
