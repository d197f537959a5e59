"""Taking or refusing an offered place."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.members.events import Event
from forecourt.members.models import Invitation
from forecourt.members.telling import inviter_of
from forecourt.orgs.contacts import confirm, free_contacts
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import InviteePermission, Permission, Role
from forecourt.people import accounts
from forecourt.people.models import User
from forecourt.products import seats
from forecourt.products.models import License


@action(InviteePermission.ANSWER_INVITATION)
def accept_invitation(actor) -> Membership:
    """Join with the account one is signed in with; it must have proved the invited address."""
    invitation = actor.invitation
    if actor.user is None or not invitation.is_proved:
        raise Refused(
            _("This invitation is for %(email)s. Sign in with that address to accept it.")
            % {"email": invitation.email}
        )
    if needs_proof(invitation, actor.user):
        raise Refused(
            _(
                "To become an Admin, show first that this address is yours: sign out, and sign in"
                " again with a code that we mail to it."
            )
        )
    if invitation.is_joined:
        return _joined_already(actor)
    return _join(actor, actor.user, invitation.contact_id)


@action(InviteePermission.ANSWER_INVITATION)
def accept_with_new_account(actor, *, password: str, name: str = "") -> Membership:
    """Make an account for the invited address and join, in one go: holding the link proves the
    address. To become an Admin it does not (O7)."""
    invitation = actor.invitation
    if invitation.role == Role.ADMIN:
        raise Refused(_("To become an Admin, confirm your address with a code first."))
    if accounts.verified_account(invitation.email) is not None:
        raise Refused(
            _("An account with this address exists. Log in, or use Forgot password."),
            field="password",
        )
    user = accounts.create_account(
        email=invitation.email, password=password, name=name or invitation.name
    )
    contact = free_contacts(invitation.organization_id).filter(email=invitation.email).first()
    return _join(actor, user, contact.pk if contact else None)


@action(InviteePermission.ANSWER_INVITATION)
def decline_invitation(actor) -> None:
    """Turn the place down; the inviter is told."""
    invitation = actor.invitation
    invitation.status = Invitation.Status.DECLINED
    invitation.save(update_fields=["status"])
    audit.record(actor, Event.INVITATION_DECLINED, invitation)
    if invitation.invited_by_id and (inviter := inviter_of(invitation)):
        mail.queue(
            "members.declined",
            inviter.user.email,
            organization_id=invitation.organization_id,
            organization_name=invitation.organization.name,
            person_email=invitation.email,
        )


def needs_proof(invitation: Invitation, user: User) -> bool:
    """Whether this person has to enter a mailed code first: to become an Admin, a link that they
    once held is not enough (O7)."""
    return invitation.role == Role.ADMIN and user.mailbox_proved_at is None


def _join(actor, user: User, contact_id: int | None) -> Membership:
    invitation = actor.invitation
    member = Membership.objects.create(
        organization=invitation.organization,
        user=user,
        role=_role(invitation),
        contact_id=contact_id,
    )
    if contact_id is not None:
        confirm(contact_id)
    _use(actor, member)
    for license in _kept_for(invitation):
        seats.give(actor, license, member)
    later(
        "members.tell_joined",
        organization_id=invitation.organization_id,
        member_id=member.pk,
        invitation_id=invitation.pk,
    )
    return member


def _kept_for(invitation: Invitation) -> QuerySet[License]:
    """The licenses of which they were to have a seat."""
    if not invitation.licenses:
        return License.objects.none()
    theirs = License.objects.filter(organization_id=invitation.organization_id)
    return theirs.select_related("product").filter(pk__in=invitation.licenses)


def _joined_already(actor) -> Membership:
    member = Membership.objects.get(
        organization_id=actor.invitation.organization_id, user=actor.user
    )
    _use(actor, member)
    return member


def _use(actor, member: Membership) -> None:
    actor.invitation.status = Invitation.Status.ACCEPTED
    actor.invitation.save(update_fields=["status"])
    audit.record(actor, Event.JOINED, member, after={"role": member.role})


def _role(invitation: Invitation) -> str:
    """The role is what the inviter may still give now (D2); the vendor's word stands."""
    if invitation.role == Role.MEMBER or invitation.by_vendor:
        return invitation.role
    inviter = inviter_of(invitation)
    if inviter is not None and inviter.may(Permission.EDIT_MEMBERS):
        return invitation.role
    return Role.MEMBER
