"""Contacts, as far as they hang together with people: plain functions for the rooms above, each in
its caller's transaction, and what follows when a person's address changes."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.orgs.events import Event
from forecourt.orgs.models import Contact, Membership, lock


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


def follow(person_id: int, event_id: int) -> None:
    """Have a person's contact entries follow their new address, an organization at a time; the
    audit event says from which address to which."""
    with transaction.atomic(), scope.organization(None):
        event = AuditEvent.objects.get(pk=event_id)
    with transaction.atomic(), scope.person(person_id):
        mine = list(Membership.objects.filter(user_id=person_id).order_by("organization_id"))
    for member in mine:
        actor = System(member.organization_id, label=event.actor_label)
        change = {"before": event.before["email"], "after": event.after["email"]}
        follow_address(actor, person_id=person_id, **change)


@action("follow_address")
def follow_address(actor, *, person_id: int, before: str, after: str) -> None:
    """A member's primary address changed from `before` to `after`: so does the contact entry that
    is theirs, unless the organization keeps the new address already, or the member has changed it
    again meanwhile (O29)."""
    lock(actor.organization_id)
    contacts = Contact.objects.filter(organization_id=actor.organization_id)
    mine = Q(membership=None) | Q(membership__user_id=person_id)
    contact = contacts.filter(mine, email=before).first()
    member = Membership.objects.filter(
        organization_id=actor.organization_id, user_id=person_id, user__email=after
    )
    if contact is None or contacts.filter(email=after).exists() or not member.exists():
        audit.unchanged()
        return
    contact.email = after
    contact.save(update_fields=["email"])
    was, now = {"email": before}, {"email": after}
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=was, after=now)
