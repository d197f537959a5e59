"""Deleting one's account: leaving every organization, then the account itself."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from forecourt.core import audit, forgetting, mail, scope
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.models import Mail
from forecourt.core.refusals import Refused
from forecourt.members.actions.people import go
from forecourt.members.models import Invitation
from forecourt.people.accounts import verified_addresses
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.events import Event
from forecourt.people.models import User
from forecourt.people.permissions import OwnPermission


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def delete_account(actor, *, typed: str) -> None:
    """End every membership and then the account, all or nothing. `typed` is the address that the
    person typed to show that they mean it."""
    user = actor.user
    _check(typed, user)
    if actor.ties.hindrance:
        raise Refused(actor.ties.hindrance)
    for member in actor.ties.memberships:
        with scope.organization(member.organization_id):
            go(member)
    for organization_id in sorted(actor.ties.organization_ids):
        with scope.organization(organization_id):
            _unsign(Invitation.objects.filter(organization_id=organization_id), user)
    addresses = verified_addresses(user)
    _withdraw_mail(addresses)
    mail.queue("people.account_deleted", user.email, email=user.email)
    before = {"addresses": " ".join(addresses)}
    event = audit.record(actor, Event.DELETED, user, before=before, person_id=user.pk)
    later("members.forget_person", person_id=user.pk, event_id=event.pk)
    user.delete()


def _check(typed: str, user: User) -> None:
    try:
        right = normalize(typed) == user.email
    except BadAddress:
        right = False
    if not right:
        raise Refused(_("Type your address, %(email)s.") % {"email": user.email}, field="email")


def _unsign(invitations: QuerySet[Invitation], user: User) -> None:
    """What the person sent stays; open invitations still say who sent them, the others do not."""
    sent = invitations.filter(invited_by=user)
    answered = sent.exclude(status=Invitation.Status.PENDING)
    answered.update(inviter_label=forgetting.pseudonym(user.pk))
    sent.update(invited_by=None)


def _withdraw_mail(addresses: list[str]) -> None:
    """Mail about the account that was not sent yet has lost its reason; a code in it, its use."""
    waiting = Mail.objects.filter(organization_id=None, status=Mail.Status.QUEUED)
    waiting.filter(to__in=addresses).update(status=Mail.Status.DROPPED, sealed=None)
