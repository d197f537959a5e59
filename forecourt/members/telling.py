"""Who is told of what happened, after it: the mails that an action leaves to a job, so that nobody
waits while a hundred Admins are written to."""

from typing import Any

from django.db import transaction

from forecourt.core import mail, scope
from forecourt.core.models import Mail
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership, lock
from forecourt.orgs.recipients import MailKind, recipients


def inviter_of(invitation: Invitation) -> Membership | None:
    """Who invited, if still a member."""
    if not invitation.invited_by_id:
        return None
    members = Membership.objects.select_related("user", "organization")
    return members.filter(
        organization_id=invitation.organization_id, user_id=invitation.invited_by_id
    ).first()


def joined(organization_id: int, member_id: int, invitation_id: int) -> None:
    """Queue the welcome of a new member, and the news for the Admins and whoever invited. Run
    again it finds what it has queued; whoever has left meanwhile is no news."""
    about = f"joined:{member_id}:{invitation_id}"
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        if Mail.objects.filter(organization_id=organization_id, about=about).exists():
            return
        member = Membership.objects.select_related("user").filter(pk=member_id).first()
        invitation = Invitation.objects.filter(pk=invitation_id).first()
        if member is None or invitation is None:
            return
        inviter = inviter_of(invitation)
        told = recipients(organization, MailKind.MEMBER_CHANGES)
        told += [inviter.user.email] if inviter else []
        others = [address for address in dict.fromkeys(told) if address != member.user.email]
        values: dict[str, Any] = {
            "organization_id": organization_id,
            "about": about,
            "organization_name": organization.name,
            "slug": organization.slug,
            "person_name": member.user.label(),
            "person_email": member.user.email,
            "role_label": member.role_label,
        }
        mail.queue("members.welcome", member.user.email, **values)
        mail.queue_all("members.joined", others, **values)
