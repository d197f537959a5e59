"""What the writing of one organization shares: the actor, what was imported before, what is to be kept
in mind for the next time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from forecourt.console.models import Imported
from forecourt.console.transfer.lines import Line
from forecourt.orgs.models import Organization


@dataclass
class Work:
    """The import of one organization, in its scope and behind its lock."""

    actor: Any
    organization: Organization
    is_new: bool
    entries: dict[tuple[str, str], Imported]
    fresh: list[Imported] = field(default_factory=list)

    def each(self, lines: Iterable[Line], write: Callable[[Work, Line], int | None]) -> None:
        """Write these lines, each whole or not at all; what is refused says so in its line."""
        for line in lines:
            entry = self.entries.get((line.table, line.ref))
            if entry is not None and entry.fingerprint == line.fingerprint:
                line.outcome = _("Unchanged")
                continue
            with line.judged(), transaction.atomic():
                self.keep(line, write(self, line))

    def keep(self, line: Line, object_id: int | None) -> None:
        """Remember what a line made."""
        entry = self.entries.get((line.table, line.ref))
        for each in (line, *line.parts):
            each.outcome = _("New") if entry is None else _("Changed")
        if entry is None:
            entry = Imported(
                organization=self.organization,
                kind=line.table,
                ref=line.ref,
                object_id=object_id,
                fingerprint=line.fingerprint,
            )
            self.fresh.append(entry)
            self.entries[(line.table, line.ref)] = entry
        else:
            entry.object_id, entry.fingerprint = object_id, line.fingerprint
            entry.save(update_fields=["object_id", "fingerprint"])

    def object_id(self, table: str, ref: str) -> int | None:
        """What a line made, in this run or before."""
        entry = self.entries.get((table, ref))
        return entry.object_id if entry else None

    def ref_of(self, table: str, object_id: int) -> str | None:
        """The line that made it."""
        for (kind, ref), entry in self.entries.items():
            if kind == table and entry.object_id == object_id:
                return ref
        return None
