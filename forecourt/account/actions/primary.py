"""The primary billing contact: who it is, with the rights that hang on it (D3)."""

from forecourt.account import contact_rules as rules
from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.orgs.contacts import tie
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, Organization, lock
from forecourt.orgs.permissions import Permission


@action(Permission.EDIT_PRIMARY)
def change_primary(
    actor, *, name: str, email: str, phone: str, remove_former: bool = False
) -> Contact:
    """Change the primary billing contact's data, or by another address who it is, at once (S40,
    O13): the rights go with it to the member who has proved that address, if there is one. The one
    before stays an additional contact unless `remove_former`."""
    organization = lock(actor.organization_id)
    former, values = organization.primary_contact, rules.words(name=name, phone=phone)
    email = rules.address(email)
    if email == former.email:
        return _edited(actor, former, values)
    rules.refuse_too_often(actor)
    contact = _made(organization, email, values)
    organization.primary_contact = contact
    organization.save(update_fields=["primary_contact"])
    tie(contact, is_primary=True)
    was, now = {"email": former.email}, {"email": email, **values}
    audit.record(actor, Event.PRIMARY_CHANGED, organization, before=was, after=now)
    _tell(actor, organization, former.email, email)
    if remove_former:
        audit.record(actor, Event.CONTACT_REMOVED, former, before=was)
        former.delete()
    return contact


def _edited(actor, contact: Contact, values: dict[str, str]) -> Contact:
    before = {field: getattr(contact, field) for field in values}
    if before == values:
        audit.unchanged()
        return contact
    for field, value in values.items():
        setattr(contact, field, value)
    contact.save(update_fields=list(values))
    audit.record(actor, Event.CONTACT_CHANGED, contact, before=before, after=values)
    return contact


def _made(organization: Organization, email: str, values: dict[str, str]) -> Contact:
    """The contact of this address: the one that there is, or a new one. It gets everything, but for
    what it has left itself."""
    everything = {**values, "kinds": in_order(MailKind)}
    contacts = Contact.objects.filter(organization=organization)
    contact, _is_new = contacts.update_or_create(
        organization=organization, email=email, defaults=everything
    )
    return contact


def _tell(actor, organization: Organization, former: str, email: str) -> None:
    """Both addresses, with who did it and how to object (O13)."""
    for address in (former, email):
        mail.queue(
            "account.primary_changed",
            address,
            organization_id=organization.pk,
            organization_name=organization.name,
            former=former,
            now=email,
            is_new=address == email,
            by=actor.label,
        )
