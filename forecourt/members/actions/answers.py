"""Taking or refusing an offered place."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.members.events import Event
from forecourt.members.models import Invitation
from forecourt.orgs.contacts import link_contact
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import InviteePermission, Permission, Role
from forecourt.orgs.recipients import MailKind, recipients
from forecourt.people import accounts
from forecourt.people.models import User


@action(InviteePermission.ANSWER_INVITATION)
def accept_invitation(actor) -> Membership:
    """Join with the account one is signed in with; it must have proved the invited address."""
    invitation = actor.invitation
    if actor.user is None or not accounts.has_verified(actor.user, invitation.email):
        raise Refused(
            _("This invitation is for %(email)s. Sign in with that address to accept it.")
            % {"email": invitation.email}
        )
    if invitation.role == Role.ADMIN and actor.user.mailbox_proved_at is None:
        raise Refused(
            _(
                "To become an Admin, show first that this address is yours: sign out, and sign in"
                " again with a code that we mail to it."
            )
        )
    return _join(actor, actor.user, accounts.verified_addresses(actor.user))


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
    user = accounts.create_account(email=invitation.email, password=password, name=name)
    return _join(actor, user, [invitation.email])


@action(InviteePermission.ANSWER_INVITATION)
def decline_invitation(actor) -> None:
    """Turn the place down; the inviter is told."""
    invitation = actor.invitation
    invitation.status = Invitation.Status.DECLINED
    invitation.save(update_fields=["status"])
    audit.record(actor, Event.INVITATION_DECLINED, invitation)
    if invitation.invited_by_id and (inviter := _inviter(invitation)):
        mail.queue(
            "members.declined",
            inviter.user.email,
            organization_id=invitation.organization_id,
            organization_name=invitation.organization.name,
            person_email=invitation.email,
        )


def _join(actor, user: User, verified: list[str]) -> Membership:
    invitation = actor.invitation
    organization = invitation.organization
    inviter = _inviter(invitation)
    member, new = Membership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": _role(invitation, inviter)}
    )
    invitation.status = Invitation.Status.ACCEPTED
    invitation.save(update_fields=["status"])
    audit.record(actor, Event.JOINED, member, after={"role": member.role})
    if new:
        link_contact(member, verified)
        _tell(invitation, member, user, inviter)
    return member


def _inviter(invitation: Invitation) -> Membership | None:
    """Who invited, if still a member."""
    return (
        Membership.objects.select_related("user", "organization")
        .filter(organization_id=invitation.organization_id, user_id=invitation.invited_by_id)
        .first()
        if invitation.invited_by_id
        else None
    )


def _role(invitation: Invitation, inviter: Membership | None) -> str:
    """The role is what the inviter may still give now (D2); the vendor's word stands."""
    if invitation.role == Role.MEMBER or invitation.by_vendor:
        return invitation.role
    if inviter is not None and inviter.may(Permission.EDIT_MEMBERS):
        return invitation.role
    return Role.MEMBER


def _tell(
    invitation: Invitation, member: Membership, user: User, inviter: Membership | None
) -> None:
    organization = invitation.organization
    values: dict[str, Any] = {
        "organization_name": organization.name,
        "slug": organization.slug,
        "person_name": user.label(),
        "person_email": user.email,
        "role_label": member.role_label,
    }
    mail.queue("members.welcome", user.email, organization_id=organization.pk, **values)
    told = recipients(organization, MailKind.MEMBER_CHANGES)
    if inviter is not None:
        told.append(inviter.user.email)
    for address in dict.fromkeys(told):
        if address != user.email:
            mail.queue("members.joined", address, organization_id=organization.pk, **values)
