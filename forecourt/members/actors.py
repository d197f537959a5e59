"""Whoever answers an invitation: an actor who is not a member yet."""

from dataclasses import dataclass, replace
from typing import Any

from forecourt.core.refusals import Gone
from forecourt.members.models import Invitation
from forecourt.orgs.models import lock
from forecourt.orgs.permissions import InviteePermission
from forecourt.people.models import User


@dataclass(frozen=True)
class Invitee:
    """Somebody who holds an invitation's link (or has proved its address), signed in as `user`
    or as nobody yet."""

    invitation: Invitation
    user: User | None = None
    kind: str = "invitee"

    @property
    def organization_id(self) -> int:
        return self.invitation.organization_id

    @property
    def actor_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def label(self) -> str:
        return self.user.email if self.user else self.invitation.email

    def afresh(self) -> "Invitee":
        """Read the invitation again behind the organization's lock; Gone when its link is dead."""
        lock(self.organization_id)
        found = (
            Invitation.objects.select_related("organization")
            .filter(pk=self.invitation.pk, generation=self.invitation.generation)
            .first()
        )
        if found is None or not found.is_open:
            raise Gone
        return replace(self, invitation=found)

    def may(self, permission: Any) -> bool:
        return permission in InviteePermission
