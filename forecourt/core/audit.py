"""Who did what: every action leaves at least one row here, or it does not commit."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from django.db import models

from forecourt.core.actors import Actor
from forecourt.core.models import AuditEvent

#: The address (IP) that the request came from; None in a job.
origin: ContextVar[str | None] = ContextVar("origin", default=None)
#: How many rows the running action has left; None outside of one.
left: ContextVar[list[str] | None] = ContextVar("left", default=None)


def record(
    actor: Actor,
    event: str,
    thing: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    person_id: int | None = None,
) -> AuditEvent:
    """Note that `actor` did `event` to `thing`; `before` and `after` are plain values, never
    secrets. `person_id` names the person whose own account it concerns, where it does."""
    row = AuditEvent.objects.create(
        organization_id=actor.organization_id,
        person_id=person_id,
        actor_kind=actor.kind,
        actor_id=str(actor.actor_id or ""),
        actor_label=actor.label[:320],
        event=str(event),
        object_kind=thing._meta.model_name or "",
        object_id=str(thing.pk or ""),
        object_label=str(thing)[:320],
        before=dict(before or {}),
        after=dict(after or {}),
        address=origin.get(),
    )
    _mark(str(event))
    return row


def unchanged() -> None:
    """Say that the action found nothing to change: it may commit without a row."""
    _mark("unchanged")


def _mark(event: str) -> None:
    marks = left.get()
    if marks is not None:
        marks.append(event)
