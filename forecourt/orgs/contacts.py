"""Contacts, as far as they hang together with people: plain functions for the rooms above, each in
its caller's transaction, and what follows when a person's address changes."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.actors import Actor, System
from forecourt.core.models import AuditEvent
from forecourt.orgs.events import Event
from forecourt.orgs.models import Contact, Membership, lock
from forecourt.people.accounts import proved_by


def additional_contact(member: Membership) -> Contact | None:
    """The contact that this member also is, by link or by address; the primary one is none that
    could be removed with them."""
    theirs = Q(pk=member.contact_id) | Q(email=member.user.email)
    contacts = Contact.objects.filter(theirs, organization_id=member.organization_id)
    return contacts.exclude(pk=member.organization.primary_contact_id).first()


def free_contacts(organization_id: Any) -> QuerySet[Contact]:
    """The contacts that no member is yet, the primary one first: a new member with the verified
    address of one becomes it (D3). The id, or an expression for it where this is part of another
    query."""
    free = Contact.objects.filter(organization_id=organization_id, membership=None)
    return free.order_by("primary_of", "pk")


def tie(contact: Contact, *, is_primary: bool) -> None:
    """Link a contact to the member who has proved its address, and to nobody else; that confirms
    it. A member who is another contact already becomes this one only where it is the primary one,
    on which rights hang (D3)."""
    members = Membership.objects.filter(organization_id=contact.organization_id)
    proved = Q(user__emailaddress__email=contact.email, user__emailaddress__verified=True)
    member = members.filter(proved).first()
    members.filter(contact=contact).exclude(pk=member.pk if member else 0).update(contact=None)
    if member is None:
        return
    if member.contact_id is None or is_primary:
        members.filter(pk=member.pk).update(contact=contact)
    confirm(contact.pk)


def confirm(contact_id: int) -> None:
    """Note that whoever reads a contact's mail has shown it, unless it is noted."""
    Contact.objects.filter(pk=contact_id, confirmed_at=None).update(confirmed_at=Now())


def works_again(actor: Actor, contact: Contact) -> bool:
    """Note that mail reaches a contact again; whether it was known to come back."""
    if contact.bounced_at is None:
        return False
    since = contact.bounced_at.isoformat(timespec="seconds")
    contact.bounced_at, contact.bounce = None, ""
    contact.save(update_fields=["bounced_at", "bounce"])
    audit.record(actor, Event.CONTACT_WORKS_AGAIN, contact, before={"since": since})
    return True


def meet(person_id: int) -> None:
    """A person has proved another address: they become the contact of that address wherever they are
    a member and no contact yet, and the primary one in any case, with its rights (D3)."""
    with transaction.atomic(), scope.person(person_id):
        mine = list(Membership.objects.filter(user_id=person_id).order_by("organization_id"))
    for member in mine:
        meet_contact(System(member.organization_id), person_id=person_id)


@action("meet_contact")
def meet_contact(actor, *, person_id: int) -> None:
    """Link a member to the free contact, the primary one first, whose address they have proved."""
    organization = lock(actor.organization_id)
    member = Membership.objects.filter(organization=organization, user_id=person_id).first()
    proved = proved_by(person_id).values("email")
    contact = free_contacts(organization.pk).filter(email__in=proved).first()
    is_primary = contact is not None and contact.pk == organization.primary_contact_id
    if member is None or contact is None or not (is_primary or member.contact_id is None):
        audit.unchanged()
        return
    member.contact = contact
    member.save(update_fields=["contact"])
    confirm(contact.pk)
    works_again(actor, contact)  # the code that proved it was mailed there
    audit.record(actor, Event.CONTACT_MET, contact, after={"member": str(member.pk)})


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
    contact.email, contact.bounced_at, contact.bounce = after, None, ""
    contact.save(update_fields=["email", "bounced_at", "bounce"])
    was, now = {"email": before}, {"email": after}
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=was, after=now)
