"""What happened, as it was written down: line by line, for it can be long. On the server alone. What an
import adds is told in the log itself, which nobody can change afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from forecourt.console.events import Event
from forecourt.console.models import Imported
from forecourt.console.transfer import merged, more_cells
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import FORMER, Row, is_handle
from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.actors import PEOPLE
from forecourt.core.models import AuditEvent, Mail
from forecourt.members.models import Invitation
from forecourt.people.models import User
from forecourt.products.models import License

#: Events at once.
AT_ONCE = 1_000
#: The kinds of actor whose id is a person's.
OF_PEOPLE = (*PEOPLE, "staff")
#: What has a name that is the same in every portal, by the kind of object, and where that stands.
NAMED: dict[str, tuple[type[Model], str]] = {
    "user": (User, "handle"),
    "license": (License, "handle"),
    "invitation": (Invitation, "handle"),
    "mail": (Mail, "message_id"),
}
Handles = dict[tuple[str, str], UUID | str]
Ids = dict[tuple[str, str], int]


def rows(pk: int | None, ref: str) -> Iterator[list[Row]]:
    """What happened in an organization (None: in the house), the oldest first. In its scope."""
    for some in _parts(pk):
        handles = _handles(pk, some)
        yield [{"organization": ref, **_row(event, handles)} for event in some]


def _handles(pk: int | None, events: list[AuditEvent]) -> Handles:
    """The names of what they are about, which can be another organization's by now."""
    named = {name for event in events for name in _named(event) if name[1].isdigit()}
    handles: Handles = {}
    with scope.organization(merged.holder(pk) if pk else None):
        for kind, (model, name) in NAMED.items():
            ids = [int(id) for its_kind, id in named if its_kind == kind]
            found = model._default_manager.filter(pk__in=ids).values_list("pk", name)
            handles |= {(kind, str(pk_of_it)): handle for pk_of_it, handle in found}
    return handles


def _parts(pk: int | None) -> Iterator[list[AuditEvent]]:
    every = AuditEvent.objects.filter(organization_id=pk).order_by("at", "pk")
    rest = every
    while some := list(rest[:AT_ONCE]):
        yield some
        at, last = some[-1].at, some[-1].pk
        rest = every.filter(Q(at__gt=at) | Q(pk__gt=last), at__gte=at)


def _named(event: AuditEvent) -> Iterator[tuple[str, str]]:
    """Kind and id of whatever it names."""
    yield "user", str(event.person_id or "")
    yield event.object_kind, event.object_id
    if event.actor_kind in OF_PEOPLE:
        yield "user", event.actor_id


def _row(event: AuditEvent, handles: Handles) -> Row:
    is_itself = event.object_kind == "organization" and event.object_id == str(
        event.organization_id
    )
    actor_kind = "user" if event.actor_kind in OF_PEOPLE else ""
    return {
        "at": event.at,
        "actor_kind": event.actor_kind,
        "actor": handles.get((actor_kind, event.actor_id)) or event.actor_id.removeprefix(FORMER),
        "actor_label": event.actor_label,
        "event": event.event,
        "object_kind": event.object_kind,
        "object": ""
        if is_itself
        else handles.get((event.object_kind, event.object_id))
        or event.object_id.removeprefix(FORMER),
        "object_label": event.object_label,
        "person": handles.get(("user", str(event.person_id))),
        "before": more_cells.as_json(event.before),
        "after": more_cells.as_json(event.after),
        "address": event.address,
    }


@action("import_activity")
def import_activity(actor, *, lines: list[Line]) -> int:
    """Write down what happened elsewhere, as it was written there; how much of it was not here yet."""
    pk = actor.organization_id
    events = _events(pk, [line.values for line in lines])
    moments = {event.at for event in events}
    here = AuditEvent.objects.filter(organization_id=pk, at__in=moments)
    known = Counter(_name(event) for event in here)
    fresh = []
    for event in events:
        known[_name(event)] -= 1
        if known[_name(event)] < 0:
            fresh.append(event)
    AuditEvent.objects.bulk_create(fresh)
    if not fresh:
        audit.unchanged()
        return 0
    thing = Imported(organization_id=pk, kind="activity", ref=lines[0].organization)
    audit.record(actor, Event.ACTIVITY_IMPORTED, thing, after={"lines": len(fresh)})
    return len(fresh)


def _name(event: AuditEvent) -> tuple[Any, ...]:
    """By what an event is known again: not by labels, which may be a former person's by now."""
    return event.at, event.event, event.actor_kind, event.object_kind


def _events(pk: int | None, said: list[Row]) -> list[AuditEvent]:
    named = {str(each.get(name)) for each in said for name in ("actor", "object", "person")}
    handles = {each for each in named if is_handle(each)}
    ids: Ids = {}
    with scope.organization(merged.holder(pk) if pk else None):
        for kind, (model, name) in NAMED.items():
            some = handles if name == "handle" else named - handles
            found = model._default_manager.filter(**{f"{name}__in": some}).values_list("pk", name)
            ids |= {(kind, str(handle)): of_it for of_it, handle in found}
    return [_event(pk, each, ids) for each in said]


def _event(pk: int | None, said: Row, ids: Ids) -> AuditEvent:
    actor, thing = said.get("actor", ""), said.get("object", "")
    is_itself = said["object_kind"] == "organization" and not thing and pk is not None
    return AuditEvent(
        organization_id=pk,
        person_id=ids.get(("user", str(said.get("person")))),
        at=said["at"],
        actor_kind=said["actor_kind"],
        actor_id=_id(actor, "user" if said["actor_kind"] in OF_PEOPLE else "", ids),
        actor_label=said.get("actor_label", ""),
        event=said["event"],
        object_kind=said["object_kind"],
        object_id=str(pk) if is_itself else _id(thing, said["object_kind"], ids),
        object_label=said.get("object_label", ""),
        before=said.get("before", {}),
        after=said.get("after", {}),
        address=said.get("address"),
    )


def _id(text: str, kind: str, ids: Ids) -> str:
    """Of what is here its id here; of anything else what it had there, so that nobody mistakes it."""
    found = ids.get((kind, text))
    return str(found) if found is not None else f"{FORMER}{text}"[:40] if text else ""
