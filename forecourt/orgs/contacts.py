"""Plain functions about contacts, for the rooms above; each runs in its caller's transaction."""

from typing import Any

from django.db.models import Q, QuerySet

from forecourt.orgs.models import Contact, Membership


def additional_contact(member: Membership) -> Contact | None:
    """The contact that this member also is, by link or by address; the primary one is none that
    could be removed with them."""
    theirs = Q(pk=member.contact_id) | Q(email=member.user.email)
    contacts = Contact.objects.filter(theirs, organization_id=member.organization_id)
    return contacts.exclude(pk=member.organization.primary_contact_id).first()


def free_contacts(organization_id: Any) -> QuerySet[Contact]:
    """The contacts that no member is yet: a new member with the verified address of one becomes
    it (D3). The id, or an expression for it where this is part of another query."""
    return Contact.objects.filter(organization_id=organization_id, membership=None).order_by("pk")
