"""Whoever reads a contact's mail: actors who need no account."""

from dataclasses import dataclass, replace
from typing import Any

from forecourt.account import undoing
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Gone
from forecourt.orgs.models import Contact, lock
from forecourt.orgs.permissions import ContactPermission


@dataclass(frozen=True)
class Reader:
    """Somebody who holds a link that was mailed to a contact, and so acts for that one alone."""

    contact: Contact
    kind: str = "contact"

    @property
    def organization_id(self) -> int:
        return self.contact.organization_id

    @property
    def actor_id(self) -> int:
        return self.contact.pk

    @property
    def label(self) -> str:
        return self.contact.email

    def afresh(self) -> "Reader":
        """Read the contact again behind the organization's lock; Gone when it was deleted or has
        another address."""
        lock(self.organization_id)
        same = Contact.objects.filter(organization_id=self.organization_id, email=self.label)
        contact = same.filter(pk=self.contact.pk).first()
        if contact is None:
            raise Gone
        return replace(self, contact=contact)

    def may(self, permission: Any) -> bool:
        return permission == ContactPermission.CHOOSE_MAIL


@dataclass(frozen=True)
class Predecessor:
    """Somebody who holds the link that was mailed to a former primary billing contact, and so may
    undo that one change."""

    change: AuditEvent
    kind: str = "contact"
    actor_id: None = None

    @property
    def organization_id(self) -> int:
        return self.change.organization_id or 0

    @property
    def label(self) -> str:
        email: str = self.change.before["email"]
        return email

    def afresh(self) -> "Predecessor":
        """Look again behind the organization's lock; Gone when it cannot be undone any more."""
        lock(self.organization_id)
        change = undoing.undoable(self.organization_id, self.change.pk)
        if change is None:
            raise Gone
        return replace(self, change=change)

    def may(self, permission: Any) -> bool:
        return permission == ContactPermission.UNDO_CHANGE
