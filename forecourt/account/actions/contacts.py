"""The additional contacts of an organization: who they are, and which mail they get."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.account import contact_rules as rules
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Forbidden, Refused
from forecourt.orgs.contacts import tie
from forecourt.orgs.events import Event
from forecourt.orgs.models import Contact, lock
from forecourt.orgs.permissions import Permission


@action(Permission.EDIT_CONTACTS)
def add_contact(actor, *, name: str, email: str, phone: str, kinds: list[str]) -> Contact:
    """Add somebody whom the vendor writes to (S52). It gives no access (S55); a stranger is asked
    to confirm the address, and gets only what the contract needs until then."""
    organization = lock(actor.organization_id)
    values = {**rules.words(name=name, phone=phone), "kinds": rules.chosen(kinds)}
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
    actor, *, contact_id: int, name: str, email: str, phone: str, kinds: list[str]
) -> Contact:
    """Change an additional contact's data or kinds of mail (S53). Another address is another
    person: what the one before confirmed or left counts no more."""
    organization = lock(actor.organization_id)
    contact = rules.contact_of(organization, contact_id)
    if contact.pk == organization.primary_contact_id:
        raise Forbidden(Permission.EDIT_PRIMARY)
    after: dict[str, Any] = {"email": rules.address(email)}
    after |= {**rules.words(name=name, phone=phone), "kinds": rules.chosen(kinds)}
    before = {field: getattr(contact, field) for field in after}
    changed = [field for field in after if after[field] != before[field]]
    if not changed:
        audit.unchanged()
        return contact
    if "email" in changed:
        rules.refuse_twice(organization, after["email"])
        rules.refuse_too_often(actor)
    _write(contact, after, is_somebody_else="email" in changed)
    was, now = ({field: of[field] for field in changed} for of in (before, after))
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=was, after=now)
    if "email" in changed:
        rules.ask_stranger(actor, organization, contact)
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


def _write(contact: Contact, values: dict[str, Any], *, is_somebody_else: bool) -> None:
    for field, value in values.items():
        setattr(contact, field, value)
    if is_somebody_else:
        contact.confirmed_at, contact.declined = None, []
    contact.save()
    if is_somebody_else:
        tie(contact, is_primary=False)
