"""Who of an organization gets which mail: every mail of every room asks here, when it is queued and
again when it is sent."""

from typing import Any

from django.conf import settings

from forecourt.core.mail import queue_all
from forecourt.core.models import Mail
from forecourt.orgs import contact_links
from forecourt.orgs.mail_kinds import CONTRACT, FLOOR, OF_ADMINS, OF_USE, OPTIONAL, MailKind
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.orgs.permissions import Role

__all__ = [
    "MailKind",
    "admins",
    "extras",
    "gets",
    "language_of",
    "queue_once",
    "recipients",
    "still",
]

MOST = 200


def gets(contact: Contact, kind: MailKind, *, is_primary: bool) -> bool:
    """Whether a contact gets this kind: the primary one invoices and security notices always (O21);
    else what was chosen for them, they have not left, and, unless the contract needs it, they have
    confirmed their address."""
    if is_primary and kind in FLOOR:
        return True
    if kind not in contact.kinds or kind in contact.declined:
        return False
    return is_primary or contact.confirmed_at is not None or kind in CONTRACT


def recipients(organization: Organization, kind: MailKind) -> list[str]:
    """The addresses that get this kind, each once: of all but invoices the Admins (O25), at most 200
    of them; then the contacts that have it. Call it in the organization's scope."""
    primary = organization.primary_contact_id
    rows = Contact.objects.filter(organization=organization).order_by("pk")
    found = [row.email for row in rows if gets(row, kind, is_primary=row.pk == primary)]
    as_such = admins(organization.pk) if kind in OF_ADMINS else []
    return list(dict.fromkeys([*as_such, *found]))


def admins(organization_id: int) -> list[str]:
    """The addresses of the Admins, at most 200 of them."""
    members = Membership.objects.filter(organization_id=organization_id, role=Role.ADMIN)
    active = members.filter(user__is_active=True).order_by("id")
    return list(active.values_list("user__email", flat=True)[:MOST])


def queue_once(
    organization: Organization, name: str, addresses: list[str], about: str, **values: Any
) -> None:
    """Queue a mail to each of these addresses, unless one about the same was already: a job that is
    run again tells nobody twice. In the organization's scope."""
    if not Mail.objects.filter(organization_id=organization.pk, about=about).exists():
        queue_all(
            name,
            addresses,
            organization_id=organization.pk,
            about=about,
            organization_name=organization.name,
            slug=organization.slug,
            **values,
        )


def still(mail: Mail, kind: MailKind) -> dict[str, Any] | None:
    """What a mail of this kind says besides (see `extras`); None for whoever gets it no more:
    removed, or gone from the list, while it waited, or shut out from what it is about."""
    organization = Organization.objects.get(pk=mail.organization_id or 0)
    if organization.is_suspended and kind in OF_USE:
        return None
    return extras(mail, kind) if mail.to in recipients(organization, kind) else None


def language_of(mail: Mail) -> str:
    """The language of the contact who is written to, of those that the portal speaks; "" where there
    is none: the portal's."""
    theirs = Contact.objects.filter(organization_id=mail.organization_id or 0, email=mail.to)
    found = theirs.values_list("language", flat=True).first()
    return found if found in dict(settings.LANGUAGES) else ""


def extras(mail: Mail, kind: MailKind) -> dict[str, Any]:
    """The way to their preferences for a contact who is written to, and, where the kind can be left,
    the headers by which a mail program leaves it at one click (RFC 8058). Nothing for Admins: they
    get it as such."""
    organization_id = mail.organization_id or 0
    contact = Contact.objects.filter(organization_id=organization_id, email=mail.to).first()
    if contact is None or (kind in OF_ADMINS and mail.to in admins(organization_id)):
        return {}
    values: dict[str, Any] = {"preferences": contact_links.address("preferences", contact)}
    if kind in OPTIONAL and kind in contact.kinds:
        way_out = contact_links.address("unsubscribe", contact, kind)
        values["headers"] = {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return values
