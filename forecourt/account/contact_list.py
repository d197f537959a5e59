"""The contacts as the page shows them: one line each, and for every kind of mail a word."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from forecourt.core import scope
from forecourt.core.languages import only_one
from forecourt.orgs.mail_kinds import FLOOR, LABELS, OF_ADMINS, MailKind
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.orgs.recipients import gets


@dataclass(frozen=True)
class Cell:
    """Whether somebody gets a kind of mail, and in a word why."""

    kind: str
    word: str
    is_yes: bool


@dataclass(frozen=True)
class Line:
    """A contact, and the member who is the same person."""

    contact: Contact
    cells: list[Cell]
    member: Membership | None
    is_primary: bool

    @property
    def label(self) -> str:
        """Name or address."""
        return self.contact.name or self.contact.email

    @property
    def language(self) -> str:
        """What they are written to in; "" where there is no choice or none was made."""
        return "" if only_one() else str(dict(settings.LANGUAGES).get(self.contact.language, ""))


def read(organization: Organization) -> list[Line]:
    """Every contact, the primary one first: two queries."""
    contacts = list(Contact.objects.filter(organization=organization).order_by("pk"))
    contacts.sort(key=lambda contact: contact.pk != organization.primary_contact_id)
    members = _members(organization, contacts)
    return [_line(organization, contact, members) for contact in contacts]


def of(organization: Organization, contact: Contact) -> Line:
    """The line of one contact."""
    return _line(organization, contact, _members(organization, [contact]))


def written_of(organization: Organization, email: str) -> dict[str, str]:
    """Name, phone and language as they stand at an address, for staff who type what they know."""
    with transaction.atomic(), scope.organization(organization.pk, to_the_end=True):
        found = organization.contacts.filter(email=email.strip().lower()).first()
    return {field: getattr(found, field, "") for field in ("name", "phone", "language")}


def of_admins() -> list[Cell]:
    """What Admins get as such."""
    return [
        Cell(str(LABELS[kind]), _("Yes") if kind in OF_ADMINS else _("No"), kind in OF_ADMINS)
        for kind in MailKind
    ]


def _line(
    organization: Organization, contact: Contact, members: dict[int | str, Membership]
) -> Line:
    is_primary = contact.pk == organization.primary_contact_id
    cells = [
        Cell(
            str(LABELS[kind]),
            _word(contact, kind, is_primary),
            gets(contact, kind, is_primary=is_primary),
        )
        for kind in MailKind
    ]
    member = members.get(contact.pk) or members.get(contact.email)
    return Line(contact, cells, member, is_primary)


def _word(contact: Contact, kind: MailKind, is_primary: bool) -> str:
    if is_primary and kind in FLOOR:
        return _("Always")
    if gets(contact, kind, is_primary=is_primary):
        return _("Yes")
    if kind in contact.declined and kind in contact.kinds:
        return _("Unsubscribed")
    return _("Once confirmed") if kind in contact.kinds else _("No")


def _members(organization: Organization, contacts: list[Contact]) -> dict[int | str, Membership]:
    """The members who are one of these contacts, by the contact's id and by their own address."""
    theirs = Q(contact__in=contacts) | Q(user__email__in=[contact.email for contact in contacts])
    found: dict[int | str, Membership] = {}
    rows = Membership.objects.filter(theirs, organization=organization)
    for member in rows.select_related("user"):
        found[member.user.email] = member
        if member.contact_id is not None:
            found[member.contact_id] = member
    return found
