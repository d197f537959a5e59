"""What can happen to the people of an organization, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this floor."""

    INVITATION_PREPARED = "invitation.prepared"
    INVITED = "member.invited"
    INVITATION_RESENT = "invitation.resent"
    INVITATION_REVOKED = "invitation.revoked"
    INVITATION_DECLINED = "invitation.declined"
    JOINED = "member.joined"
    ROLE_CHANGED = "member.role_changed"
    REMOVED = "member.removed"
    LEFT = "member.left"


#: As people read them on the Activity page.
WORDS = {
    Event.INVITATION_PREPARED: _("Prepared an invitation"),
    Event.INVITED: _("Invited a person"),
    Event.INVITATION_RESENT: _("Sent an invitation again"),
    Event.INVITATION_REVOKED: _("Revoked an invitation"),
    Event.INVITATION_DECLINED: _("Declined an invitation"),
    Event.JOINED: _("Joined"),
    Event.ROLE_CHANGED: _("Changed a role"),
    Event.REMOVED: _("Removed a person"),
    Event.LEFT: _("Left"),
}
