"""Plain functions about contacts, for the rooms above; each runs in its caller's transaction."""

from typing import Any

from django.db.models import QuerySet

from forecourt.orgs.models import Contact, Membership, Organization


def contact_of(member: Membership) -> Contact | None:
    """The contact that this member also is, by link or by address."""
    return Contact.objects.filter(
        organization_id=member.organization_id, email__in={member.user.email}
    ).first()


def free_contacts(organization_id: Any) -> QuerySet[Contact]:
    """The contacts that no member is yet: a new member with the verified address of one becomes
    it (D3). The id, or an expression for it where this is part of another query."""
    return Contact.objects.filter(organization_id=organization_id, membership=None).order_by("pk")


def remove_contact(organization: Organization, email: str) -> Contact | None:
    """Delete the additional contact with this address and return it; None when there is none or
    it is the primary one."""
    contact = Contact.objects.filter(organization=organization, email=email).first()
    if contact is None or contact.pk == organization.primary_contact_id:
        return None
    gone = Contact.objects.get(pk=contact.pk)
    contact.delete()
    return gone
