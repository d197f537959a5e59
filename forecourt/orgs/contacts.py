"""Plain functions about contacts, for the rooms above; each runs in its caller's transaction."""

from forecourt.orgs.models import Contact, Membership, Organization


def contact_of(member: Membership) -> Contact | None:
    """The contact that this member also is, by link or by address."""
    return Contact.objects.filter(
        organization_id=member.organization_id, email__in={member.user.email}
    ).first()


def link_contact(member: Membership, verified: list[str]) -> None:
    """Tie a new member to the contact with one of their verified addresses (D3)."""
    contact = Contact.objects.filter(
        organization_id=member.organization_id, email__in=verified, membership=None
    ).first()
    if contact is not None:
        member.contact = contact
        member.save(update_fields=["contact"])


def remove_contact(organization: Organization, email: str) -> Contact | None:
    """Delete the additional contact with this address and return it; None when there is none or
    it is the primary one."""
    contact = Contact.objects.filter(organization=organization, email=email).first()
    if contact is None or contact.pk == organization.primary_contact_id:
        return None
    gone = Contact.objects.get(pk=contact.pk)
    contact.delete()
    return gone
