"""Staff at work: an actor with the rights of their duty, for one organization or for the house."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.translation import gettext as _

from forecourt.console.models import Merged, PrimaryMove
from forecourt.core.refusals import Forbidden, Gone, Refused
from forecourt.orgs.models import Staff, lock
from forecourt.orgs.permissions import Permission
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

    def afresh(self) -> Self:
        """Read again: a duty that was taken away counts no more. Refused for a customer that is part of
        another one, whatever is asked: it would be of nobody."""
        if self.organization_id is not None:
            self._meets_a_customer(self.organization_id)
        rows = Staff.objects.select_related("user").filter(pk=self.staff.pk, user__is_active=True)
        found = rows.first()
        if found is None:
            raise Forbidden("staff")
        return replace(self, staff=found)

    def may(self, permission: Any) -> bool:
        return may(self.staff.duty, str(permission))

    def _meets_a_customer(self, pk: int) -> None:
        with suppress(Gone):  # who begins one has its number before
            lock(pk)
        if Merged.objects.filter(pk=pk).exists():
            raise Refused(_("This customer is part of another one now. Do it there."))


@dataclass(frozen=True)
class Confirming(AtWork):
    """One of the staff who confirms what another has asked for: beside what their duty may, the
    primary billing contact moves."""

    move_id: int = 0

    def afresh(self) -> Self:
        """Read again what was asked; Forbidden for whoever asked it themselves."""
        again = super().afresh()  # behind the lock on the organization
        moves = PrimaryMove.objects.filter(
            organization_id=self.organization_id or 0, closed_at=None
        )
        move = moves.filter(pk=self.move_id).first()
        if move is None or move.asked_by == self.actor_id or not again.may("ask_primary_move"):
            raise Forbidden("second")
        return again

    def may(self, permission: Any) -> bool:
        return permission == Permission.EDIT_PRIMARY or super().may(permission)
