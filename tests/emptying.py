"""What a test that commits leaves behind: its rows are deleted, and what the migrations made of content
types and permissions stays."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test import TransactionTestCase

#: Written by migrations, and by nothing else.
MADE = ("django_content_type", "auth_permission")
# By their files: a row that was deleted lies there until they are truncated.
WRITTEN = """select quote_ident(relname), pg_relation_size(oid) from pg_class
    where relnamespace = 'public'::regnamespace and relname = any(%s) and pg_relation_size(oid) > 0"""
MOST = 2_000_000  # Bytes in all from which on truncating is quicker, and leaves less behind.


def delete_rows() -> bool:
    """Delete the rows of all models; whether that was done. As superuser, whom row-level security hides
    none, and who needs no order among them."""
    url = os.environ.get("FORECOURT_TEST_SUPERUSER_URL")
    if not url:
        return False
    models = {*connection.introspection.django_table_names(only_existing=True, include_views=False)}
    with psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as superuser:
        superuser.execute("set session_replication_role = replica")
        written = superuser.execute(WRITTEN, [sorted(models - {*MADE})]).fetchall()
        if sum(size for _, size in written) > MOST:
            return False
        superuser.execute("; ".join(f"delete from {name}" for name, _ in written))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Jobs of a run that was cut off would stay: their tables are not Django's to empty. And the
    flush of a test that commits must be allowed to empty the audit log, which the portal is not."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")
        cursor.execute("grant truncate on core_auditevent, core_auditcheckpoint to current_user")
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _rows_are_deleted() -> Iterator[None]:
    """Django truncates every table and index there is, and then makes content types anew."""
    truncate = TransactionTestCase._fixture_teardown
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda case: delete_rows() or truncate(case)
        )
        yield
