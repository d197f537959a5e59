"""The activity as a file: exactly the events that are listed with the same filters, one record each,
newest first."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, QuerySet

from forecourt.account.activity import Asked, events, in_order, older
from forecourt.account.activity_words import one_line
from forecourt.core import audit, exports, happenings
from forecourt.core.actions import action
from forecourt.core.exports import inside
from forecourt.core.jobs import later
from forecourt.core.models import AuditEvent, Export
from forecourt.orgs.events import Event
from forecourt.orgs.permissions import Permission

#: What the cellar calls these exports.
KIND = "activity"
#: Events that are read and written in one transaction.
AT_ONCE = 2_000
COLUMNS = (
    "id at actor_kind actor address event what object_kind object_id object before after"
).split()


@action(Permission.VIEW_ACTIVITY)
def export_activity(actor, *, asked: Asked, form: str) -> Export:
    """Have the events that are asked for, and that are there now, made one file, "csv" or
    "jsonl"."""
    newest = AuditEvent.objects.filter(organization_id=actor.organization_id).aggregate(Max("pk"))
    wanted = {**vars(asked), "upto": newest["pk__max"] or 0}
    export, _is_new = exports.ask(actor.organization_id, KIND, form, wanted)
    audit.record(actor, Event.ACTIVITY_EXPORTED, export, after={"form": form, **asked.query})
    later("account.make_export", organization_id=actor.organization_id, export_id=export.pk)
    return export


def make(organization_id: int, export_id: int) -> None:
    """Make an export that waits; run again it begins anew, and what is ready stays."""
    with inside(organization_id):
        export = exports.begin(organization_id, export_id)
        if export is None:
            return
        exports.tell(export, total=_wanted(export).count())
    file, done = exports.Pieces(export), 0
    write = _csv if export.form == "csv" else _json_lines
    file.write(write(None))
    rows = _wanted(export).order_by("-at", "-pk")
    while True:
        with inside(organization_id):
            in_order()
            some = list(rows[:AT_ONCE])
            file.write(write(some))
            done += len(some)
            exports.tell(export, done=done)
            if len(some) < AT_ONCE:
                exports.finish(file)
                return
        rows = older(_wanted(export), some[-1].at, some[-1].pk)


def _wanted(export: Export) -> QuerySet[AuditEvent]:
    wanted = dict(export.wanted)
    upto = wanted.pop("upto")
    return events(export.organization_id, Asked(**wanted)).filter(pk__lte=upto)


def _csv(some: list[AuditEvent] | None) -> bytes:
    """These as lines of a table; None: its head. Each cell in quotes, so that no separator of any
    spreadsheet begins a formula inside of one; each event on one line."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    if some is None:
        writer.writerow(COLUMNS)
    for record in _records(some or []):
        for name in ("before", "after"):
            record[name] = json.dumps(record[name], ensure_ascii=False)
        writer.writerow([exports.safe(one_line(record[name] or "")) for name in COLUMNS])
    return table.getvalue().encode()


def _json_lines(some: list[AuditEvent] | None) -> bytes:
    """These as one object a line, in ASCII: what is no letter is written as its number."""
    return "".join(json.dumps(record) + "\n" for record in _records(some or [])).encode()


def _records(some: list[AuditEvent]) -> Iterator[dict[str, Any]]:
    for event in some:
        yield {
            "id": event.pk,
            "at": event.at.astimezone(dt.UTC).isoformat(),
            "actor_kind": event.actor_kind,
            "actor": event.actor_label,
            "address": event.address,
            "event": event.event,
            "what": happenings.said(event.event),
            "object_kind": event.object_kind,
            "object_id": event.object_id,
            "object": event.object_label,
            "before": event.before,
            "after": event.after,
        }
