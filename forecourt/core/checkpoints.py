"""The audit log as a hash chain: what is done to a row of it behind our back comes to light.

A checkpoint stands for the rows since the one before: their ids, two digests of each, and a digest of all
that and of the checkpoint before. Nobody can change, remove or slip in a row before the last one without
`verify` naming it, nor make the chain anew without losing a digest that was kept elsewhere (each is logged).

Two digests, since the log may forget a person (docs/decisions/0016): one of the whole row, and one in which
every text that may become a pseudonym counts as nothing.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from forecourt.core import forgetting, scope
from forecourt.core.models import AuditCheckpoint, AuditEvent
from forecourt.core.turns import take_turn

log = logging.getLogger(__name__)

ROWS = 1_000
#: So many bytes of SHA-256 are kept of each of a row's two digests.
KEPT = 16
FIXED = (
    *("organization_id", "person_id", "actor_kind", "actor_id", "event"),
    *("object_kind", "object_id", "address"),
)
REASON = "the audit log's checkpoints"
#: No row with a smaller id can still come: every transaction as old as this row's is over. (A row gets its
#: id a moment before its transaction gets its number; that no such moment takes a minute is the rest of it.)
SETTLED = """core_auditevent.at < now() - interval '1 minute'
    and age(core_auditevent.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"""


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: rows as they were, rows that no checkpoint stands for yet, the last
    checkpoint's digest, and in one sentence the first thing that is wrong."""

    rows: int
    waiting: int
    head: str
    problem: str = ""


def extend() -> int:
    """Make checkpoints for the rows that have settled; how many rows."""
    done = 0
    while number := _extend():
        done += number
    return done


@transaction.atomic
def _extend() -> int:
    take_turn("audit checkpoint")
    last = AuditCheckpoint.objects.order_by("pk").last()
    before, upto = (bytes(last.digest), last.ids[-1]) if last else (b"", 0)
    with scope.across_organizations(REASON):
        rows = AuditEvent.objects.filter(pk__gt=upto).order_by("pk")
        settled = RawSQL(SETTLED, [], output_field=BooleanField())  # noqa: S611 - no value in it
        found = list(rows.annotate(settled=settled)[:ROWS])
    unsettled = (place for place, row in enumerate(found) if not row.settled)
    found = found[: next(unsettled, len(found))]
    if found:
        made = AuditCheckpoint(before=before, ids=[row.pk for row in found])
        made.digests = b"".join(_digest(row) + _digest(row, forgetting=True) for row in found)
        made.digest = _link(made)
        made.save()
        log.info("audit log: checkpoint %s up to row %s", made.digest.hex(), made.ids[-1])
    return len(found)


def verify(kept: str = "") -> Verdict:
    """Whether every row is as it was when its checkpoint was made. `kept`: a digest that was printed or
    logged once, which must still be one of the chain's."""
    before, upto, rows, heads = b"", 0, 0, {""}
    for checkpoint in _all():
        if bytes(checkpoint.before) != before or _link(checkpoint) != bytes(checkpoint.digest):
            return Verdict(rows, 0, before.hex(), f"Checkpoint {checkpoint.pk} was changed.")
        problem = next(_problems(checkpoint, upto), "")
        if problem:
            return Verdict(rows, 0, before.hex(), problem)
        before, upto = bytes(checkpoint.digest), checkpoint.ids[-1]
        rows += len(checkpoint.ids)
        heads.add(before.hex())
    with scope.across_organizations(REASON):
        waiting = AuditEvent.objects.filter(pk__gt=upto).count()
    lost = "" if kept in heads else f"No checkpoint has the digest {kept}."
    return Verdict(rows, waiting, before.hex(), lost)


def _all() -> Iterator[AuditCheckpoint]:
    """Every checkpoint in its order, a few in memory."""
    at = 0
    while some := list(AuditCheckpoint.objects.filter(pk__gt=at).order_by("pk")[:20]):
        yield from some
        at = some[-1].pk


def _problems(checkpoint: AuditCheckpoint, upto: int) -> Iterator[str]:
    """What is wrong with the rows after `upto` that this checkpoint stands for, in their order."""
    size = 2 * KEPT
    digests = bytes(checkpoint.digests)
    kept = {pk: digests[at * size : (at + 1) * size] for at, pk in enumerate(checkpoint.ids)}
    with scope.across_organizations(REASON):
        found = AuditEvent.objects.filter(pk__gt=upto, pk__lte=checkpoint.ids[-1])
        here = {row.pk: row for row in found}
    for pk in sorted(kept | here):
        if pk not in here:
            yield f"Row {pk} was removed."
        elif pk not in kept:
            yield f"Row {pk} was slipped in later."
        elif not _is_as_it_was(here[pk], kept[pk]):
            yield f"Row {pk} was changed."


def _is_as_it_was(row: AuditEvent, kept: bytes) -> bool:
    if _digest(row) == kept[:KEPT]:
        return True
    texts = [row.actor_label, row.object_label, *row.before.values(), *row.after.values()]
    forgot = any(isinstance(text, str) and forgetting.SHAPE.fullmatch(text) for text in texts)
    return forgot and _digest(row, forgetting=True) == kept[KEPT:]


def _digest(row: AuditEvent, *, forgetting: bool = False) -> bytes:
    """Of a row as JSON; `forgetting`: without the texts that may become a pseudonym."""

    def said(value: Any) -> Any:
        return "" if forgetting and isinstance(value, str) else value

    values = [
        *(row.pk, row.at.astimezone(dt.UTC).isoformat()),
        *(getattr(row, name) for name in FIXED),
        *(said(row.actor_label), said(row.object_label)),
        *({key: said(value) for key, value in each.items()} for each in (row.before, row.after)),
    ]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()[:KEPT]


def _link(checkpoint: AuditCheckpoint) -> bytes:
    """The digest of a checkpoint: of the one before, and of what it says of its rows."""
    ids = ",".join(map(str, checkpoint.ids)).encode()
    parts = (bytes(checkpoint.before), ids, bytes(checkpoint.digests))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
