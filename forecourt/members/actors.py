"""Whoever answers an invitation: an actor who is not a member yet."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Gone
from forecourt.members.models import Invitation
from forecourt.orgs.contacts import free_contacts
from forecourt.orgs.models import Membership, lock
from forecourt.orgs.permissions import InviteePermission
from forecourt.people import accounts
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
        organization = lock(self.organization_id)
        found = _find(
            pk=self.invitation.pk,
            generation=self.invitation.generation,
            user_id=self.user.pk if self.user else 0,
        )
        if not found:
            raise Gone
        found[0].organization = organization
        if not found[0].is_open:
            raise Gone
        return replace(self, invitation=found[0])

    def may(self, permission: Any) -> bool:
        return permission in InviteePermission


def _look_up(pk: int, generation: int, user_id: int) -> QuerySet[Invitation]:
    """The invitation, with what is known of the person who answers it: whether they have proved
    its address, are a member already, and which contact they would be."""
    proved = accounts.proved_by(user_id)
    mine = Membership.objects.filter(organization_id=OuterRef("organization_id"), user_id=user_id)
    contact = free_contacts(OuterRef("organization_id")).filter(email__in=proved.values("email"))
    return Invitation.objects.filter(pk=pk, generation=generation).annotate(
        is_proved=Exists(proved.filter(email=OuterRef("email"))),
        is_joined=Exists(mine),
        contact_id=Subquery(contact.values("pk")[:1]),
    )


_find = Prepared(_look_up, pk=-1, generation=2_000_000_001, user_id=-3)
