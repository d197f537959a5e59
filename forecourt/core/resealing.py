"""After SECRET_KEY has changed, what is sealed in the database comes under the present one, a batch of
rows at a time. Each batch is an action, so whatever cuts it off, what is done is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import Model

from forecourt.core import audit, scope, sealing
from forecourt.core.actions import action
from forecourt.core.actors import Actor
from forecourt.core.models import Mail

BATCH = 100
RESEALED = "portal.resealed"


@dataclass
class Tally:
    """What became of some rows: how many were rewritten, how many were under the present key
    already, and the ids of those that no known key opens. `last` is the id to go on after; None
    where there was nothing more."""

    rewritten: int = 0
    present: int = 0
    lost: list[int] = field(default_factory=list)
    last: int | None = None

    def add(self, other: "Tally") -> None:
        """Count another's rows as well."""
        self.rewritten += other.rewritten
        self.present += other.present
        self.lost += other.lost
        self.last = other.last


def reseal_rows(
    actor: Actor,
    rows: Sequence[Any],
    *,
    thing: Model,
    read: Callable[[Any], bytes],
    write: Callable[[Any, bytes], None],
) -> Tally:
    """Rewrite a batch of locked rows; `read` and `write` know where a row keeps what is sealed. The
    audit log calls them all `thing`: the label of a single one may have somebody's address."""
    tally = Tally()
    for row in rows:
        tally.last = row.pk
        try:
            anew = sealing.reseal(read(row))
        except InvalidToken:
            tally.lost.append(row.pk)
            continue
        if anew is None:
            tally.present += 1
        else:
            write(row, anew)
            tally.rewritten += 1
    if tally.rewritten:
        told = {"rewritten": tally.rewritten, "first": rows[0].pk, "last": rows[-1].pk}
        audit.record(actor, RESEALED, thing, after=told)
    else:
        audit.unchanged()
    return tally


@action("reseal")
def reseal_mails(actor, *, after: int) -> Tally:
    """Reseal the next of an organization's mails that wait with a secret. One that is being sent
    this moment is passed over: its worker has opened it. Should it have to wait on, another run
    finds it."""
    locked = Mail.objects.select_for_update(no_key=True, skip_locked=True)
    waiting = locked.filter(pk__gt=after, organization_id=actor.organization_id)
    waiting = waiting.filter(status=Mail.Status.QUEUED, sealed__isnull=False)
    rows = list(waiting.order_by("pk")[:BATCH])
    thing = Mail(kind="core.mail", to="several")
    return reseal_rows(actor, rows, thing=thing, read=lambda row: bytes(row.sealed), write=_write)


def _write(row: Mail, sealed: bytes) -> None:
    row.sealed = sealed
    row.save(update_fields=["sealed"])


def owners_of_sealed_mails() -> list[int | None]:
    """The organizations (None: the house) of which mails wait with a secret."""
    with scope.across_organizations("whose mails wait with a secret"):
        waiting = Mail.objects.filter(status=Mail.Status.QUEUED, sealed__isnull=False)
        return list(waiting.order_by().values_list("organization_id", flat=True).distinct())
