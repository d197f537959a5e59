"""What the audit log forgets: after somebody has deleted their account, a pseudonym stands where
their address stood. The database allows this one change (core's migration 0003) and no other.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from forecourt.core import scope, sealing
from forecourt.core.actors import PEOPLE
from forecourt.core.models import AuditEvent

#: The rows in which a person is named: by what they did, by their address, or as whose own they are.
NAMED = """id <= %(until)s and (
    actor_id = %(actor)s and actor_kind = any(%(kinds)s)
    or person_id = %(person)s
    or actor_id = '' and actor_label = any(%(texts)s)
    or object_label = any(%(texts)s)
    or jsonb_path_query_array(jsonb_build_array(before, after), '$[*].*') ?| %(texts)s)"""

WHERE = f"select distinct organization_id from core_auditevent where {NAMED}"  # noqa: S608
# In a person's own rows every address is theirs, at another provider too, and so is every name.
VALUES = """(
    select coalesce(jsonb_object_agg(key, case
        when jsonb_typeof(value) = 'string' and (value #>> '{{}}' = any(%(texts)s)
          or person_id = %(person)s and (key = 'name' or position('@' in value #>> '{{}}') > 0))
        then to_jsonb(%(pseudonym)s::text) else value end), '{{}}')
    from jsonb_each({column}))"""
FORGET = f"""
update core_auditevent set
    actor_label = case
        when actor_id = %(actor)s and actor_kind = any(%(kinds)s)
          or actor_id = '' and actor_label = any(%(texts)s)
        then %(pseudonym)s else actor_label end,
    object_label = case when object_label = any(%(texts)s)
        then %(pseudonym)s else object_label end,
    before = {VALUES.format(column="before")},
    after = {VALUES.format(column="after")}
where coalesce(organization_id, 0) = %(organization)s and {NAMED}"""  # noqa: S608 - ours


PSEUDONYM = "Former person"
#: As `pseudonym` makes it, and the database asks for it.
SHAPE = re.compile(rf"{PSEUDONYM} [0-9a-f]{{8}}")


def pseudonym(person_id: int) -> str:
    """What the audit log calls a person who is gone: always the same for one person."""
    token = next(sealing.derive_tokens("former person", person_id))
    return f"{PSEUDONYM} {sealing.fingerprint(token)[:8]}"


def forget_person(person_id: int, event_id: int, *, in_use: Callable[[set[str]], set[str]]) -> None:
    """Put the pseudonym in the place of a person's labels, in every organization and in their own
    rows, up to the event of their departure. Its `before["addresses"]` names the addresses they
    had, parted by spaces; they go last, so that a run that was cut off can be run again.

    `in_use` tells which of some addresses somebody else has by now: those stay as they are.
    """
    with transaction.atomic(), scope.organization(None):
        event = AuditEvent.objects.get(pk=event_id, organization_id=None, person_id=person_id)
    known = event.before["addresses"]
    if known.startswith(PSEUDONYM):
        return
    with scope.across_organizations("where a former person is named"):
        ours = AuditEvent.objects.filter(actor_id=str(person_id), actor_kind__in=PEOPLE)
        labels = set(ours.filter(pk__lte=event_id).values_list("actor_label", flat=True))
    former = labels - {*known.split()}
    texts = {known, *known.split(), *(former - in_use(former))} - {""}
    values = {
        "person": person_id,
        "actor": str(person_id),
        "kinds": list(PEOPLE),
        "texts": list(texts),
        "until": event_id,
        "pseudonym": pseudonym(person_id),
    }
    with scope.across_organizations("where a former person is named"):
        found = _run(WHERE, values)
    for (organization_id,) in sorted(found, key=lambda row: row[0] or 0, reverse=True):
        with transaction.atomic(), scope.organization(organization_id):
            _run(FORGET, {**values, "organization": organization_id or 0})


def _run(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")  # A long log takes as long as it takes.
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
