"""The links in mails to contacts, who need no account: each is signed for one contact and one
purpose, and dead once the contact is deleted or has another address."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from forecourt.core import scope, sealing
from forecourt.orgs.models import Contact

#: What a link is for: the name of its page, and what signs it.
PURPOSES = {
    "confirm": "confirm_contact",
    "preferences": "mail_preferences",
    "unsubscribe": "unsubscribe",
}


def token(purpose: str, contact: Contact, kind: str = "") -> str:
    """What a link of this purpose holds; `kind` is the kind of mail that it leaves."""
    about = [contact.organization_id, contact.pk, _mark(contact.email), kind]
    return signing.dumps(about, salt=f"forecourt.contacts.{purpose}")


def address(purpose: str, contact: Contact, kind: str = "") -> str:
    """The whole link, as a mail has it."""
    path = reverse(PURPOSES[purpose], args=[token(purpose, contact, kind)])
    return settings.PUBLIC_URL + path


def read(purpose: str, given: str) -> tuple[Contact, str] | None:
    """The contact with their organization, and the kind; None for a dead link."""
    try:
        organization_id, pk, mark, kind = signing.loads(given, salt=f"forecourt.contacts.{purpose}")
    except signing.BadSignature:
        return None
    with transaction.atomic(), scope.organization(organization_id):
        found = Contact.objects.select_related("organization").filter(pk=pk).first()
    return (found, kind) if found is not None and _mark(found.email) == mark else None


def _mark(email: str) -> str:
    """Which address it was, without telling it."""
    return sealing.fingerprint(email)[:20]
