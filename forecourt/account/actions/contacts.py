"""The additional contacts of an organization: who they are, and which mail they get."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.account import contact_rules as rules
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Forbidden, Refused
from forecourt.orgs.contacts import tie, works_again
from forecourt.orgs.events import Event
from forecourt.orgs.models import Contact, Organization, lock
from forecourt.orgs.permissions import Permission


@action(Permission.EDIT_CONTACTS)
def add_contact(
    actor, *, name: str, email: str, phone: str, kinds: list[str], language: str = ""
) -> Contact:
    """Add somebody whom the vendor writes to (S52). It gives no access (S55); a stranger is asked
    to confirm the address, and gets only what the contract needs until then."""
    organization = lock(actor.organization_id)
    values: dict[str, Any] = {**rules.person(name=name, phone=phone, language=language)}
    values["kinds"] = rules.chosen(kinds)
    email = rules.address(email)
    rules.refuse_twice(organization, email)
    rules.refuse_too_many(organization)
    rules.refuse_too_often(actor)
    contact = Contact.objects.create(organization=organization, email=email, **values)
    tie(contact, is_primary=False)
    after = {"email": email, **values}
    audit.record(actor, Event.CONTACT_ADDED, contact, after=after)
    rules.ask_stranger(actor, organization, contact)
    return contact


@action(Permission.EDIT_CONTACTS)
def change_contact(
    actor,
    *,
    contact_id: int,
    name: str,
    email: str,
    phone: str,
    kinds: list[str],
    language: str = "",
) -> Contact:
    """Change an additional contact's data or kinds of mail (S53). Another address is another
    person: what the one before confirmed or left counts no more."""
    organization = lock(actor.organization_id)
    contact = rules.contact_of(organization, contact_id)
    if contact.pk == organization.primary_contact_id:
        raise Forbidden(Permission.EDIT_PRIMARY)
    who = rules.person(name=name, phone=phone, language=language)
    after = {"email": rules.address(email), **who, "kinds": rules.chosen(kinds)}
    was, now = _difference(contact, after)
    if not now:
        audit.unchanged()
        return contact
    _write(actor, organization, contact, now)
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=was, after=now)
    return contact


@action(Permission.EDIT_CONTACTS)
def remove_contact(actor, *, contact_id: int) -> Contact:
    """Delete an additional contact: no mail goes there any more, whatever waits (S54). Access, where
    the person has some, stays (S56)."""
    organization = lock(actor.organization_id)
    contact = rules.contact_of(organization, contact_id)
    if contact.pk == organization.primary_contact_id:
        raise Refused(_("This is the primary billing contact. Set another one first."))
    audit.record(actor, Event.CONTACT_REMOVED, contact, before={"email": contact.email})
    pk = contact.pk
    contact.delete()
    contact.pk = pk
    return contact


@action(Permission.EDIT_CONTACTS)
def clear_bounce(actor, *, contact_id: int) -> Contact:
    """Say that a contact's address works again, the primary one's too; mail goes there anyway."""
    contact = rules.contact_of(lock(actor.organization_id), contact_id)
    if not works_again(actor, contact):
        audit.unchanged()
    return contact


def _difference(contact: Contact, after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is to be another value: as it is, and as it will be."""
    now = {field: value for field, value in after.items() if getattr(contact, field) != value}
    return {field: getattr(contact, field) for field in now}, now


def _write(actor, organization: Organization, contact: Contact, values: dict[str, Any]) -> None:
    if "email" in values:
        rules.refuse_twice(organization, values["email"])
        rules.refuse_too_often(actor)
    for field, value in values.items():
        setattr(contact, field, value)
    if "email" in values:
        contact.confirmed_at, contact.declined = None, []
        contact.bounced_at, contact.bounce = None, ""
    contact.save()
    if "email" in values:
        tie(contact, is_primary=False)
        rules.ask_stranger(actor, organization, contact)
