"""Migration operations of the house: row-level security, and rows that can only be added."""

from django.conf import settings
from django.db.migrations.operations.base import Operation

SCOPE = "nullif(current_setting('forecourt.organization', true), '')::bigint"
PERSON = "nullif(current_setting('forecourt.user', true), '')::bigint"


class IsolateByOrganization(Operation):
    """Let a table show only the rows of the organization in scope.

    `table` is the database's name of it; `column` holds the organization; with `nullable` the
    rows without an organization belong to the house (scope 0). `person` names a condition (SQL)
    or column under which a person may also read rows of their own, whatever the organization: for
    reading only, since a policy's USING is also its write check.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table, *, column="organization_id", person=None, nullable=False):
        self.table, self.column, self.person, self.nullable = table, column, person, nullable

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        column = f"coalesce({self.column}, 0)" if self.nullable else self.column
        own = f"{column} = {SCOPE}"  # names and conditions of ours, nobody's input
        statements = [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy organization on {table} to public using ({own}) with check ({own})",
            f"create policy everyone on {table} for select to forecourt_all using (true)",
            f"grant select on {table} to forecourt_all",
        ]
        if self.person:
            mine = self.person if " " in self.person else f"{self.person} = {PERSON}"
            statements.append(
                f"create policy person on {table} for select to public using ({mine})"
            )
        for statement in statements:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        for statement in (
            f"revoke select on {table} from forecourt_all",  # noqa: S608
            f"drop policy everyone on {table}",
            f"drop policy if exists person on {table}",
            f"drop policy organization on {table}",
            f"alter table {table} no force row level security",
            f"alter table {table} disable row level security",
        ):
            schema_editor.execute(statement, params=None)

    def describe(self):
        return f"Isolates {self.table} by organization"

    @property
    def migration_name_fragment(self):
        return f"isolate_{self.table}"


class AppendOnly(Operation):
    """Let the application add rows to a table and read them, never change or delete one.

    The application's role loses the rights even where it owns the table (in the demo and the
    tests; it could grant them to itself again, a separate owner in production cannot be it).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table):
        self.table = table

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._say(schema_editor, "revoke", "from")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._say(schema_editor, "grant", "to")

    def _say(self, schema_editor, verb, word):
        table = schema_editor.quote_name(self.table)
        application = settings.DATABASES["default"].get("USER")
        roles = ["current_user"]
        if application:
            roles.append(schema_editor.quote_name(application))
        for role in roles:
            schema_editor.execute(
                f"{verb} update, delete, truncate on {table} {word} {role}", params=None
            )

    def describe(self):
        return f"Makes {self.table} append-only"

    @property
    def migration_name_fragment(self):
        return f"append_only_{self.table}"


# (Without a column that may change tg_argv is null, not empty.)
KEEP = """
create or replace function forecourt_keep() returns trigger language plpgsql as $$
declare
    free text[] := coalesce(tg_argv, '{}');
begin
    if tg_op = 'DELETE' then
        raise exception '% is kept for ever', tg_table_name using errcode = 'restrict_violation';
    end if;
    -- Where customers are merged, rows become the other's, and say the same as ever (see Mergeable).
    if to_jsonb(new)->>'organization_id' = nullif(current_setting('forecourt.into', true), '') then
        free := free || 'organization_id'::text;
    end if;
    if to_jsonb(new) - free is distinct from to_jsonb(old) - free then
        raise exception 'what % says never changes', tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""


class Unchanging(Operation):
    """Let the rows of a table be added and read, and never deleted or changed, but for the columns
    `but`. (For a table that others point to: unlike `AppendOnly` it leaves their owner the right
    that a foreign key's check needs.)"""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table, but=()):
        self.table, self.but = table, but

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute(KEEP, params=None)
        columns = ", ".join(f"'{column}'" for column in self.but)
        schema_editor.execute(
            f"create trigger keep before update or delete on {schema_editor.quote_name(self.table)}"
            f" for each row execute function forecourt_keep({columns})",
            params=None,
        )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"drop trigger keep on {table}", params=None)

    def describe(self):
        return f"Keeps what {self.table} says"

    @property
    def migration_name_fragment(self):
        return f"unchanging_{self.table}"


class Mergeable(Operation):
    """Let rows of an isolated table become another organization's, where staff merge the two: the role
    that reads across organizations may change that one column, and only from the organization that
    `forecourt.from` names to the one of `forecourt.into`. Without both settings it may change nothing."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table):
        self.table = table

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        schema_editor.execute(KEEP, params=None)
        table = schema_editor.quote_name(self.table)
        ours, theirs = (
            f"organization_id = nullif(current_setting('forecourt.{name}', true), '')::bigint"
            for name in ("from", "into")
        )
        for statement in (
            f"create policy merging on {table} for update to forecourt_all"
            f" using ({ours}) with check ({theirs})",
            f"grant update (organization_id) on {table} to forecourt_all",
        ):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"drop policy merging on {table}", params=None)
        schema_editor.execute(
            f"revoke update (organization_id) on {table} from forecourt_all", params=None
        )

    def describe(self):
        return f"Lets rows of {self.table} go along when organizations are merged"

    @property
    def migration_name_fragment(self):
        return f"mergeable_{self.table}"
