"""Whoever reads a contact's mail: an actor who needs no account."""

from dataclasses import dataclass, replace
from typing import Any

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
        return permission in ContactPermission
