"""Writing what staff had noted about an organization."""

from __future__ import annotations

from forecourt.console.events import Event
from forecourt.console.models import Note
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core import audit


def write(work: Work, line: Line) -> int:
    """A note that is new, or what is another now; the log says that, not what."""
    said = line.said("author", "text", "created")
    values = {"author": said.get("author") or work.actor.label, "text": said["text"]}
    if "created" in said:
        values["created_at"] = said["created"]
    theirs = Note.objects.filter(organization=work.organization)
    found = theirs.filter(pk=work.object_id("notes", line.ref) or 0).first()
    found = found or theirs.filter(**values).first()
    if found is None:
        found = Note(organization=work.organization)
    elif all(getattr(found, name) == value for name, value in values.items()):
        return found.pk
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    audit.record(work.actor, Event.NOTED, found)
    return found.pk
