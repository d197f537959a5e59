"""The sample world once more, as the rows that it is: thousands of tests begin with it, and to make it
by its models takes ten times as long as to write the same rows again."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from forecourt.core import scope

#: A table with rows in it, its columns that can be written, and whether its rows are an organization's.
FILLED = """
select c.relname, string_agg(quote_ident(a.attname), ', ' order by a.attnum),
    bool_or(a.attname = 'organization_id' and c.relrowsecurity)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
    and not a.attisdropped and a.attgenerated = ''
    and c.relname !~ '^(django|procrastinate|auth)_'
group by c.relname, c.oid order by c.oid"""
EACH = "select {owner}, jsonb_agg(t)::text from {table} t group by 1"
WRITE = "insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, {rows})"
SCOPE = "select set_config('forecourt.organization', '{owner}', true)"


def taken() -> str:
    """All rows that there are, as the statements that write them again. Within a transaction."""
    statements = []
    with connection.cursor() as cursor:
        cursor.execute(FILLED)
        tables = cursor.fetchall()
    for table, columns, is_owned in tables:
        with connection.cursor() as cursor:
            cursor.execute("select has_table_privilege('forecourt_all', %s, 'select')", [table])
            role = cursor.fetchone()[0]
            cursor.execute(scope.ACROSS if role else scope.BACK)
            owner = {"orgs_organization": "id"}.get(table, "organization_id" if is_owned else "0")
            cursor.execute(EACH.format(owner=owner, table=table))
            found = cursor.fetchall()
            cursor.execute(scope.BACK)
        for pk, rows in found:
            statements.append(SCOPE.format(owner=pk or 0))
            literal = sql.Literal(rows).as_string(connection.connection)
            statements.append(WRITE.format(table=table, columns=columns, rows=literal))
    return "; ".join([*statements, SCOPE.format(owner="")])


def write(statements: str) -> None:
    """Write the same rows again. Within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statements.replace("%", "%%"), [])
