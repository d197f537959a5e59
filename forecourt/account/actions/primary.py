"""The primary billing contact: who it is, with the rights that hang on it (D3)."""

from typing import Any

from forecourt.account import contact_rules as rules
from forecourt.account import undoing
from forecourt.account.telling import tell_of_primary
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.models import AuditEvent
from forecourt.orgs.contacts import confirm, tie, works_again
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, Organization, lock
from forecourt.orgs.permissions import ContactPermission, Permission

#: What the log remembers of a contact, so that a change can be undone.
KEPT = ("name", "email", "phone", "language", "kinds", "declined")


@action(Permission.EDIT_PRIMARY)
def change_primary(
    actor,
    *,
    name: str,
    email: str,
    phone: str,
    language: str = "",
    remove_former: bool = False,
    reason: str = "",
) -> Contact:
    """Change the primary billing contact's data, or by another address who it is, at once (S40,
    O13): the rights go with it to the member who has proved that address, if there is one. The one
    before stays an additional contact unless `remove_former`. Staff say why; the log keeps it."""
    organization = lock(actor.organization_id)
    former, why = organization.primary_contact, rules.why(actor, reason)
    values = rules.person(name=name, phone=phone, language=language)
    if (email := rules.address(email)) == former.email:
        return _edited(actor, former, values, why)
    rules.refuse_too_often(actor)
    contact = make_primary(actor, organization, {"email": email, **values}, why)
    if remove_former:
        _removed(actor, former)
    return contact


@action(ContactPermission.UNDO_CHANGE)
def restore_primary(actor) -> Contact:
    """Undo a change of the primary billing contact, and what was changed after it: the former one
    is it again as they were, also where their entry was deleted, with the rights; entries that the
    changes made go (A099). Who presses the button of the mail reads mail at that address."""
    organization = lock(actor.organization_id)
    change, successor = actor.change, organization.primary_contact
    was = {field: change.before[field] for field in KEPT}
    # What the person has left since is theirs to say.
    again = {field: value for field, value in was.items() if field != "declined"}
    contact, _is_new = Contact.objects.update_or_create(
        organization=organization, email=was["email"], defaults=again, create_defaults=was
    )
    _hand_over(organization, contact)
    confirm(contact.pk)
    works_again(actor, contact)
    gone, now = {"email": successor.email}, {"email": contact.email, "change": change.pk}
    event = audit.record(actor, Event.PRIMARY_RESTORED, organization, before=gone, after=now)
    tell_of_primary(event)
    for each in undoing.changes(organization.pk).filter(pk__gte=change.pk).reverse():
        _as_before(actor, contact, each)
    return contact


def _edited(actor, contact: Contact, values: dict[str, Any], why: dict[str, str]) -> Contact:
    before = {field: getattr(contact, field) for field in values}
    if before == values:
        audit.unchanged()
        return contact
    for field, value in values.items():
        setattr(contact, field, value)
    contact.save(update_fields=list(values))
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=before, after=values | why)
    return contact


def make_primary(
    actor, organization: Organization, values: dict[str, Any], why: dict[str, str]
) -> Contact:
    """Make the contact of this address the primary one: the one that there is, or a new one. It gets
    everything, but for what it has left itself."""
    former, contacts = organization.primary_contact, organization.contacts
    had = contacts.filter(email=values["email"]).values_list("kinds", flat=True).first()
    everything = {**values, "kinds": in_order(MailKind)}
    contact, _is_new = contacts.update_or_create(email=values["email"], defaults=everything)
    _hand_over(organization, contact)
    was, now = _kept(former), {**_kept(contact), "had": had, **why}
    event = audit.record(actor, Event.PRIMARY_CHANGED, organization, before=was, after=now)
    tell_of_primary(event)
    return contact


def _hand_over(organization: Organization, contact: Contact) -> None:
    organization.primary_contact = contact
    organization.save(update_fields=["primary_contact"])
    tie(contact, is_primary=True)


def _kept(contact: Contact) -> dict[str, Any]:
    return {field: getattr(contact, field) for field in KEPT}


def _removed(actor, contact: Contact) -> None:
    audit.record(actor, Event.CONTACT_REMOVED, contact, before={"email": contact.email})
    contact.delete()


def _as_before(actor, primary: Contact, change: AuditEvent) -> None:
    """Take back what a change did to the entry of whom it made the primary billing contact."""
    contacts = Contact.objects.filter(organization_id=primary.organization_id)
    made = contacts.filter(email=change.after["email"]).exclude(pk=primary.pk).first()
    if made is None:
        return
    had = change.after["had"]
    if had is None:
        _removed(actor, made)
    elif had != made.kinds:
        was, now = {"kinds": made.kinds}, {"kinds": had}
        contacts.filter(pk=made.pk).update(kinds=had)
        audit.record(actor, Event.CONTACT_CHANGED, made, before=was, after=now)
