"""What contacts decide by themselves, by a link in their mail: that they want it, and what not. Who
has the link has got the mail."""

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone
from forecourt.orgs.contacts import confirm, works_again
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import OPTIONAL, in_order
from forecourt.orgs.models import Contact
from forecourt.orgs.permissions import ContactPermission


@action(ContactPermission.CHOOSE_MAIL)
def confirm_address(actor) -> None:
    """Say that the address is one's own, and that the mail is welcome."""
    reads = works_again(actor, actor.contact)
    if actor.contact.confirmed_at is not None:
        if not reads:
            audit.unchanged()
        return
    confirm(actor.contact.pk)
    audit.record(actor, Event.CONTACT_CONFIRMED, actor.contact)


@action(ContactPermission.CHOOSE_MAIL)
def leave_kind(actor, *, kind: str) -> None:
    """Get a kind of mail no more, until one wants it again oneself (O22). What cannot be left raises
    Gone: no link says so."""
    if kind not in OPTIONAL:
        raise Gone
    _decline(actor, [*actor.contact.declined, kind])


@action(ContactPermission.CHOOSE_MAIL)
def choose_mail(actor, *, kinds: list[str]) -> None:
    """Get, of what the organization has chosen for one and can be left, these kinds."""
    offered = OPTIONAL & set(actor.contact.kinds)
    _decline(actor, [*(set(actor.contact.declined) - offered), *(offered - set(kinds))])


def _decline(actor, kinds: list[str]) -> None:
    contact: Contact = actor.contact
    before, after = contact.declined, in_order(kinds)
    reads = works_again(actor, contact)
    if before == after:
        if not reads:
            audit.unchanged()
        return
    contact.declined = after
    contact.save(update_fields=["declined"])
    was, now = {"left": before}, {"left": after}
    audit.record(actor, Event.CONTACT_CHOSE_MAIL, contact, before=was, after=now)
