"""The one change that the audit log allows: a person who is gone becomes a pseudonym in it."""

from django.conf import settings
from django.db import migrations

# Which columns may change is the grant's; how, the trigger's. The trigger holds for the owner too.
# `pg_temp` comes last, so that nobody puts a table of their own in the place of `people_user`.
ONLY_FORGET = r"""
create function core_is_pseudonym(text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
as $$ select coalesce($1 ~ '^Former person [0-9a-f]{8}$', false) $$;

create function core_values_forget(before jsonb, after jsonb) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object' and not exists (
        select from jsonb_each(before) old full join jsonb_each(after) new using (key)
        where old.value is distinct from new.value
          and not coalesce(
              jsonb_typeof(old.value) = 'string' and jsonb_typeof(new.value) = 'string'
              and public.core_is_pseudonym(new.value #>> '{}'), false))
$$;

create function core_auditevent_only_forgets() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    forgetful constant text[] := array['actor_label', 'object_label', 'before', 'after'];
begin
    if to_jsonb(new) - forgetful is distinct from to_jsonb(old) - forgetful
       or not (new.actor_label = old.actor_label or public.core_is_pseudonym(new.actor_label))
       or not (new.object_label = old.object_label or public.core_is_pseudonym(new.object_label))
       or not public.core_values_forget(old.before, new.before)
       or not public.core_values_forget(old.after, new.after)
    then
        raise exception 'permission denied: the audit log only forgets people'
            using errcode = 'insufficient_privilege';
    end if;
    if new.actor_label <> old.actor_label and exists (
        select from public.people_user person where person.id::text = old.actor_id)
    then
        raise exception 'permission denied: this person has an account'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create trigger only_forgets before update on core_auditevent
    for each row execute function core_auditevent_only_forgets();
"""
BACK = """
drop trigger only_forgets on core_auditevent;
drop function core_auditevent_only_forgets();
drop function core_values_forget(jsonb, jsonb);
drop function core_is_pseudonym(text);
"""
COLUMNS = "actor_label, object_label, before, after"


def _say(schema_editor, verb, word):
    application = settings.DATABASES["default"].get("USER")
    roles = ["current_user"] + ([schema_editor.quote_name(application)] if application else [])
    for role in roles:
        schema_editor.execute(
            f"{verb} update ({COLUMNS}) on core_auditevent {word} {role}", params=None
        )


def allow(apps, schema_editor):
    _say(schema_editor, "grant", "to")


def forbid(apps, schema_editor):
    _say(schema_editor, "revoke", "from")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_walls")]

    operations = [
        migrations.RunSQL(ONLY_FORGET, BACK),
        migrations.RunPython(allow, forbid),
    ]
