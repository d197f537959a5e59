"""Whoever follows a signed link to a file: an actor without a session."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Gone, Suspended
from forecourt.orgs.models import Membership
from forecourt.products.downloads import Link


@dataclass(frozen=True)
class Holder:
    """The member whom a link names, as long as they are one with an active account."""

    link: Link
    member: Membership | None = None
    kind: str = "member"

    @property
    def organization_id(self) -> int:
        return self.link.organization_id

    @property
    def actor_id(self) -> int | None:
        return self.member.user_id if self.member else None

    @property
    def label(self) -> str:
        return self.member.user.email if self.member else ""

    def afresh(self) -> "Holder":
        """Read member, person and organization, and lock the last, all in one statement, since
        this is asked at each range of each download; Gone when the member is none any more,
        Suspended with their organization."""
        found = _find(pk=self.link.member_id, organization_id=self.organization_id)
        if not found:
            raise Gone
        if found[0].organization.is_suspended:
            raise Suspended
        return replace(self, member=found[0])

    def may(self, permission: Any) -> bool:
        return self.member is not None and self.member.may(permission)


def _look_up(pk: int, organization_id: int) -> QuerySet[Membership]:
    return (
        Membership.objects.select_related("organization", "user")
        .select_for_update(of=("organization",), no_key=True)
        .filter(pk=pk, organization_id=organization_id, user__is_active=True)
    )


_find = Prepared(_look_up, pk=-1, organization_id=-2)
