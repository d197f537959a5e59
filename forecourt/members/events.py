"""What can happen to the people of an organization, as the audit log names it."""

from enum import StrEnum


class Event(StrEnum):
    """The events of this floor."""

    INVITED = "member.invited"
    INVITATION_RESENT = "invitation.resent"
    INVITATION_REVOKED = "invitation.revoked"
    INVITATION_DECLINED = "invitation.declined"
    JOINED = "member.joined"
    ROLE_CHANGED = "member.role_changed"
    REMOVED = "member.removed"
    LEFT = "member.left"
    CONTACT_REMOVED = "contact.removed"
