"""A person on their own account: an actor without an organization."""

from dataclasses import dataclass, replace
from typing import Any

from forecourt.core.refusals import Forbidden
from forecourt.people.models import User
from forecourt.people.permissions import OwnPermission


@dataclass(frozen=True)
class Person:
    """Somebody acting on their own account; may do what concerns that account alone."""

    user: User
    kind: str = "person"
    organization_id: None = None

    @property
    def actor_id(self) -> int:
        return self.user.pk

    @property
    def label(self) -> str:
        return self.user.email

    def afresh(self) -> "Person":
        user = User.objects.select_for_update(no_key=True).filter(pk=self.user.pk).first()
        if user is None or not user.is_active:
            raise Forbidden("inactive")
        return replace(self, user=user)

    def may(self, permission: Any) -> bool:
        return permission in OwnPermission
