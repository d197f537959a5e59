"""Offering places: inviting, resending, revoking."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.brand import brand
from forecourt.core.refusals import Forbidden, Gone, Refused, TooMany
from forecourt.members.events import Event
from forecourt.members.limits import check_invitations
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership, Organization
from forecourt.orgs.permissions import Permission, Role
from forecourt.people.addresses import BadAddress, normalize

Status = Invitation.Status


@dataclass(frozen=True)
class Outcome:
    """What became of one line of several: the sentence, and whether an invitation was sent."""

    email: str
    sentence: str
    sent: bool


@action(Permission.INVITE_MEMBERS)
def invite_member(actor, *, email: str, role: str = Role.MEMBER) -> Invitation:
    """Offer a person a place in the organization; they get a link by e-mail. Somebody who is
    invited already gets a new link, and the one before is dead."""
    email = _address(email)
    if is_member(actor.organization_id, email):
        raise Refused(_("This person is already a member."), field="email")
    if role != Role.MEMBER and not actor.may(Permission.EDIT_MEMBERS):
        raise Refused(_("Only an Admin can choose the role."), field="role")
    return _offer(actor, email, role)


@action(Permission.INVITE_MEMBERS)
def invite_several(actor, *, people: list[tuple[str, str]]) -> list[Outcome]:
    """Offer places to several (address, role) at once, each line with its own outcome. Whoever is
    a member or was invited before is left alone, so it is safe to run again."""
    audit.unchanged()
    outcomes = []
    for email, role in people:
        try:
            outcomes.append(_offer_one_of_several(actor, _address(email), role))
        except Refused as refusal:
            outcomes.append(Outcome(email, refusal.sentence, sent=False))
            if isinstance(refusal, TooMany):
                rest = people[len(outcomes) :]
                return outcomes + [Outcome(late, _("Not sent."), sent=False) for late, _r in rest]
    return outcomes


@action(Permission.INVITE_MEMBERS)
def resend_invitation(actor, *, invitation_id: int) -> Invitation:
    """Send a new link with a new term; the link before is dead."""
    invitation = _managed(actor, invitation_id)
    check_invitations(actor, invitation.email)
    _send(actor, invitation, _again(invitation))
    return invitation


@action(Permission.VIEW_MEMBERS)
def revoke_invitation(actor, *, invitation_id: int) -> Invitation:
    """Take an invitation back: its link is dead, and nobody is told."""
    invitation = _managed(actor, invitation_id)
    invitation.status = Status.REVOKED
    invitation.save(update_fields=["status"])
    audit.record(actor, Event.INVITATION_REVOKED, invitation)
    return invitation


def is_member(organization_id: int, email: str) -> bool:
    """Whether somebody who has proved this address is in the organization."""
    return Membership.objects.filter(
        organization_id=organization_id,
        user__emailaddress__email=email,
        user__emailaddress__verified=True,
    ).exists()


def _address(text: str, field: str = "email") -> str:
    try:
        return normalize(text)
    except BadAddress as problem:
        raise Refused(str(problem), field=field) from problem


def _offer(actor, email: str, role: str) -> Invitation:
    check_invitations(actor, email)
    invitation = Invitation.objects.filter(
        organization_id=actor.organization_id, email=email, status=Status.PENDING
    ).first()
    if invitation is None:
        invitation, event = (
            Invitation(organization_id=actor.organization_id, email=email),
            Event.INVITED,
        )
    else:
        event = _again(invitation)
    if invitation.pk is None or manages(actor, invitation):
        invitation.role = role
        invitation.by_vendor = actor.kind != "member"
        invitation.invited_by_id = None if invitation.by_vendor else actor.actor_id
        invitation.inviter_label = inviter_label(actor)
    _send(actor, invitation, event)
    return invitation


def _again(invitation: Invitation) -> Event:
    """Kill the link before, where there was one; what is sent then."""
    event = Event.INVITED if invitation.is_unsent else Event.INVITATION_RESENT
    invitation.generation += 1
    return event


def _offer_one_of_several(actor, email: str, role: str) -> Outcome:
    if is_member(actor.organization_id, email):
        return Outcome(email, _("Already a member."), sent=False)
    pending = Invitation.objects.filter(
        organization_id=actor.organization_id, email=email, status=Status.PENDING
    ).first()
    if pending is not None and not pending.is_expired:
        return Outcome(email, _("Already invited; the link sent before stays good."), sent=False)
    if role != Role.MEMBER and not actor.may(Permission.EDIT_MEMBERS):
        return Outcome(email, _("Only an Admin can choose the role."), sent=False)
    _offer(actor, email, role)
    return Outcome(email, _("Invited."), sent=True)


def _send(actor, invitation: Invitation, event: Event) -> None:
    organization = Organization.objects.get(pk=actor.organization_id)
    if organization.is_suspended:
        raise Refused(_("The organization is suspended: nobody is invited to it now."))
    invitation.renew(organization.invitation_days)
    invitation.save()
    audit.record(actor, event, invitation, after={"role": invitation.role})
    mail.queue(
        "members.invitation",
        invitation.email,
        organization_id=actor.organization_id,
        about=invitation.about,
        invitation_id=invitation.pk,
        generation=invitation.generation,
    )


def _managed(actor, invitation_id: int) -> Invitation:
    invitation = Invitation.objects.filter(
        organization_id=actor.organization_id, pk=invitation_id, status=Status.PENDING
    ).first()
    if invitation is None:
        raise Gone
    if not manages(actor, invitation):
        raise Forbidden(Permission.MANAGE_INVITATIONS)
    return invitation


def manages(actor, invitation: Invitation) -> bool:
    """An Admin manages all invitations, a Member those they sent (O2)."""
    mine = actor.kind == "member" and invitation.invited_by_id == actor.actor_id
    return mine or actor.may(Permission.MANAGE_INVITATIONS)


def inviter_label(actor) -> str:
    """The name an invitation gives for who sent it: of staff, the vendor's."""
    if actor.kind == "staff":
        return brand().name
    return actor.user.label() if actor.kind == "member" else actor.label
