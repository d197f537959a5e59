"""A person's e-mail addresses. Adding and proving one is allauth's flow (a mailed code)."""

from allauth.account.models import EmailAddress
from django.core import signing
from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Gone, Refused
from forecourt.people import sessions
from forecourt.people.accounts import verified_account
from forecourt.people.events import Event
from forecourt.people.models import Session, User
from forecourt.people.permissions import OwnPermission

#: What signs the link by which a former primary address takes the account back.
SALT = "people.addresses"


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def make_primary(actor, *, address_id: int, follow: bool = False) -> None:
    """Have mail go to another proved address. The one before is told, with a link that undoes it
    for 72 hours. Memberships stay; `follow`: where an organization keeps the one before as this
    person's contact entry, that changes too, a moment later (O29)."""
    user, address = actor.user, _mine(actor.user, address_id)
    if not address.verified:
        raise Refused(_("Enter the code that was mailed to this address first."))
    if address.primary:
        audit.unchanged()
        return
    before = user.email
    _set_primary(user, address)
    told = {"before": {"email": before}, "after": {"email": address.email}}
    event = audit.record(actor, Event.PRIMARY_ADDRESS_CHANGED, user, person_id=user.pk, **told)
    if follow:
        _have_contacts_follow(user, event)
    token = signing.dumps([user.pk, before, address.pk], salt=SALT)
    mail.queue(
        "people.address_changed",
        before,
        secrets={"token": token},
        new_email=address.email,
        follow=follow,
    )


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def remove_address(actor, *, address_id: int) -> None:
    """Take an address off the account, unless it is the primary one. It is told, too."""
    user, address = actor.user, _mine(actor.user, address_id)
    if address.primary:
        raise Refused(_("Mail goes to this address. Make another one primary first."))
    address.delete()
    told = {"email": address.email}
    audit.record(actor, Event.ADDRESS_REMOVED, user, before=told, person_id=user.pk)
    _tell_removed(address.email, user.email, *([address.email] if address.verified else []))


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def restore_address(actor, *, email: str, address_id: int) -> None:
    """Undo a change of the primary address: `email` is it again, the address that took its place
    and all that were added after it go, and every session ends. Raises Gone where there is
    nothing to undo (any more)."""
    user = actor.user
    owner, mine = verified_account(email), EmailAddress.objects.filter(user=user)
    if user.email == email or owner not in (None, user):
        raise Gone
    before = user.email
    mine.filter(pk__gte=address_id).exclude(email=email).delete()
    old, _made = mine.get_or_create(email=email, defaults={"user": user, "verified": True})
    _set_primary(user, old)
    sessions.end(Session.objects.filter(user=user))
    told = {"before": {"email": before}, "after": {"email": email}}
    event = audit.record(actor, Event.PRIMARY_ADDRESS_RESTORED, user, person_id=user.pk, **told)
    _have_contacts_follow(user, event)
    # The link came from that mailbox, so the address may be proved anew: they may be a contact by it.
    later("orgs.meet_contacts", person_id=user.pk)
    _tell_removed(before, before, email)


def _have_contacts_follow(user: User, event: AuditEvent) -> None:
    """The floor above knows contacts; the event says from which address to which."""
    later("orgs.follow_address", person_id=user.pk, event_id=event.pk)


def _mine(user: User, address_id: int) -> EmailAddress:
    address = EmailAddress.objects.filter(user=user, pk=address_id).first()
    if address is None:
        raise Gone
    return address


def _set_primary(user: User, address: EmailAddress) -> None:
    EmailAddress.objects.filter(user=user, primary=True).update(primary=False)
    EmailAddress.objects.filter(pk=address.pk).update(primary=True, verified=True)
    user.email = address.email
    user.save(update_fields=["email"])


def _tell_removed(removed: str, *addresses: str) -> None:
    for address in addresses:
        mail.queue("people.address_removed", address, removed=removed)
