"""Staff at work: an actor with the rights of their duty, for one organization or for the house."""

from dataclasses import dataclass, replace
from typing import Any

from forecourt.core.refusals import Forbidden
from forecourt.orgs.models import Staff
from forecourt.orgs.staff_permissions import may


@dataclass(frozen=True)
class AtWork:
    """Somebody of the vendor's, acting for an organization (None: for none)."""

    staff: Staff
    organization_id: int | None = None
    kind: str = "staff"

    @property
    def actor_id(self) -> int:
        return self.staff.user_id

    @property
    def label(self) -> str:
        return self.staff.user.email

    def afresh(self) -> "AtWork":
        """Read again: a duty that was taken away counts no more."""
        rows = Staff.objects.select_related("user").filter(pk=self.staff.pk, user__is_active=True)
        found = rows.first()
        if found is None:
            raise Forbidden("staff")
        return replace(self, staff=found)

    def may(self, permission: Any) -> bool:
        return may(self.staff.duty, str(permission))
