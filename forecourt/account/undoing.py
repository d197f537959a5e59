"""The link by which a former primary billing contact undoes the change: signed for one change, which
the audit log remembers, and good for 72 hours and once."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.events import Event
from forecourt.orgs.models import Organization

LASTS = dt.timedelta(hours=72)
SALT = "forecourt.contacts.undo"


def address(change: AuditEvent) -> str:
    """The whole link, as the mail has it."""
    return settings.PUBLIC_URL + reverse("undo_primary", args=[token(change)])


def token(change: AuditEvent) -> str:
    """What the link holds: which change of which organization."""
    return signing.dumps([change.organization_id, change.pk], salt=SALT)


def read(given: str) -> AuditEvent | None:
    """The change that the link undoes; None for a dead link."""
    try:
        organization_id, pk = signing.loads(given, salt=SALT)
    except signing.BadSignature:
        return None
    with transaction.atomic(), scope.organization(organization_id):
        return undoable(organization_id, pk)


def undoable(organization_id: int, pk: int) -> AuditEvent | None:
    """The change of this id, unless it cannot be undone (any more).

    Undoing it undoes whatever was changed after it as well, or a thief would only have to change it
    twice. So it is over for the change itself and for all later ones once it, or an earlier one,
    was undone: the thief's own link dies with the thief's change. Undoing a later one leaves it open.
    And what the vendor's staff has decided stands: nobody undoes what they did, or what was before it.
    """
    since = changes(organization_id).filter(pk__gte=pk)
    change = since.filter(pk=pk, at__gt=timezone.now() - LASTS).first()
    if change is None or since.exclude(actor_kind="member").exists():
        return None
    undone = AuditEvent.objects.filter(
        organization_id=organization_id, event=Event.PRIMARY_RESTORED, pk__gt=pk
    )
    email = change.before["email"]
    # An account that was deleted meanwhile has left a pseudonym there.
    holds = Organization.objects.filter(pk=organization_id).exclude(primary_contact__email=email)
    if "@" not in email or undone.filter(after__change__lte=pk).exists() or not holds.exists():
        return None
    return change


def story(change: AuditEvent) -> dict[str, Any]:
    """What the link's page tells: everything that undoing it undoes, and until when it can be."""
    pk = change.organization_id or 0
    with transaction.atomic(), scope.organization(pk):
        return {
            "organization": Organization.objects.get(pk=pk),
            "email": change.before["email"],
            "changes": list(changes(pk).filter(pk__gte=change.pk)),
            "until": change.at + LASTS,
        }


def changes(organization_id: int) -> QuerySet[AuditEvent]:
    """Every change of who it is, the oldest first."""
    rows = AuditEvent.objects.filter(organization_id=organization_id, event=Event.PRIMARY_CHANGED)
    return rows.order_by("pk")
