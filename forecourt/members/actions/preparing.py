"""Invitations that are prepared now, by the vendor, and sent later, when staff say so."""

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.members.actions.invitations import _again, _send, inviter_label, is_member
from forecourt.members.events import Event
from forecourt.members.models import Invitation
from forecourt.orgs.models import lock

Status = Invitation.Status


def prepare(actor, *, email: str, role: str, name: str) -> Invitation | str:
    """An invitation that nobody has been told of, or the sentence that says why there is none. A
    plain function: in its caller's transaction, behind the lock on the organization."""
    if is_member(actor.organization_id, email):
        return _("Is a member already.")
    rows = Invitation.objects.filter(organization_id=actor.organization_id, email=email)
    invitation = rows.filter(status=Status.PENDING).first()
    if invitation is not None and not invitation.is_unsent:
        return _("Was sent an invitation already.")
    before = {"role": invitation.role} if invitation else {}
    if invitation is None:
        invitation = Invitation(
            organization_id=actor.organization_id, email=email, generation=0, by_vendor=True
        )
    invitation.role, invitation.name = role, name
    invitation.inviter_label = inviter_label(actor)
    invitation.renew(0)
    invitation.save()
    after = {"role": role}
    audit.record(actor, Event.INVITATION_PREPARED, invitation, before=before, after=after)
    return invitation


@action("send_invitations")
def send_prepared(actor, *, invitation_ids: list[int]) -> int:
    """Send these of an organization's prepared invitations, as far as they still wait; how many."""
    organization = lock(actor.organization_id)
    audit.unchanged()
    if organization.is_suspended:
        return 0
    rows = Invitation.objects.filter(organization_id=actor.organization_id, status=Status.PENDING)
    waiting = list(rows.filter(pk__in=invitation_ids, generation=0).order_by("pk"))
    for invitation in waiting:
        _send(actor, invitation, _again(invitation))
    return len(waiting)
