"""What follows from what became of a mail: it is noted, and so is at the contact whether mail reaches
them. Nothing is ever mailed about it, and nobody is silenced: who tells may be wrong."""

import imaplib
import logging

from django.conf import settings
from django.utils import timezone

from forecourt.core import audit, bounce_mailbox, bounces, fates
from forecourt.core.actions import action
from forecourt.core.actors import System
from forecourt.core.fates import Told
from forecourt.core.models import Mail
from forecourt.orgs.contacts import works_again
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import OPTIONAL, in_order
from forecourt.orgs.models import Contact, lock

log = logging.getLogger(__name__)
Status = Mail.Status
EVENTS = {
    Status.BOUNCED: Event.MAIL_BOUNCED,
    Status.COMPLAINED: Event.MAIL_COMPLAINED,
    Status.FAILED: Event.MAIL_GIVEN_UP,
}


def believe(told: Told) -> bool:
    """Note what was told of a mail; whether there is such a mail."""
    place = fates.find(told.token)
    if place is None:
        return False
    mail_id, organization_id = place
    note_fate(System(organization_id), mail_id=mail_id, told=told)
    return True


@action("note_fate")
def note_fate(actor, *, mail_id: int, told: Told) -> None:
    """Note what became of a mail. That one arrived leaves no row of its own in the audit log, as
    sending it left none."""
    # Before the organization's: whoever sends it has this lock for as long as a mail server takes.
    row = Mail.objects.select_for_update(no_key=True).filter(pk=mail_id).first()
    if row is None or not fates.mark(row, told):
        audit.unchanged()
        return
    if told.fate in EVENTS:
        after = {"mail": row.kind, "reason": row.error}
        audit.record(actor, EVENTS[told.fate], row, after=after)
    else:
        audit.unchanged()
    contact = _contact(row)
    if contact is None:
        return
    if told.fate == Status.COMPLAINED:
        _leave(actor, contact)
    elif told.fate == Status.DELIVERED:
        _arrived(actor, contact, row)
    elif told.is_for_good:
        _flag(actor, contact, row)


@action("note_refusal")
def note_refusal(actor, *, mail_id: int) -> None:
    """Note at the contact that a mail server took no mail for their address, when it was to be
    sent."""
    row = Mail.objects.filter(pk=mail_id, status=Status.FAILED).first()
    contact = _contact(row) if row else None
    if row is None or contact is None or not _flag(actor, contact, row):
        audit.unchanged()


def _contact(row: Mail) -> Contact | None:
    """The contact whom a mail was for, in its own organization, behind that one's lock."""
    if row.organization_id is None:
        return None
    lock(row.organization_id)
    return Contact.objects.filter(organization_id=row.organization_id, email=row.to).first()


def _flag(actor, contact: Contact, row: Mail) -> bool:
    """Note that mail to a contact comes back, unless that is known, or a later one arrived."""
    theirs = Mail.objects.filter(organization_id=contact.organization_id, to=contact.email)
    later = theirs.filter(status=Status.DELIVERED, pk__gt=row.pk)
    if contact.bounced_at is not None or later.exists():
        return False
    contact.bounced_at, contact.bounce = row.told_at or timezone.now(), row.error
    contact.save(update_fields=["bounced_at", "bounce"])
    audit.record(actor, Event.CONTACT_BOUNCED, contact, after={"reason": row.error})
    return True


def _arrived(actor, contact: Contact, row: Mail) -> None:
    """A mail that was sent after one came back did arrive."""
    if contact.bounced_at and row.sent_at and row.sent_at > contact.bounced_at:
        works_again(actor, contact)


def _leave(actor, contact: Contact) -> None:
    """Have a contact who marked a mail as spam leave what can be left, as if by the link in it; the
    rest must reach somebody."""
    before, after = contact.declined, in_order(OPTIONAL)
    if before != after:
        contact.declined = after
        contact.save(update_fields=["declined"])
        was, now = {"left": before}, {"left": after}
        audit.record(actor, Event.CONTACT_COMPLAINED, contact, before=was, after=now)


def take(raw: bytes) -> bool:
    """A mail that came back: note what it tells; whether it told anything of a mail of ours."""
    told = bounces.read(raw)
    return told is not None and believe(told)


def read_mailbox() -> None:
    """Read what came back since the last time, where there is a mailbox for that."""
    if settings.BOUNCE_MAILBOX is None:
        return
    try:
        bounce_mailbox.empty(settings.BOUNCE_MAILBOX, take)
    except (OSError, imaplib.IMAP4.error) as problem:
        log.warning("the mailbox for bounces cannot be read: %s", type(problem).__name__)
