"""A visit: one of the vendor's staff looks at the portal as an organization sees it, for a while, and
changes nothing. It is no membership: its row is all that there is of it (docs/decisions/0035)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from forecourt.core.refusals import Forbidden
from forecourt.orgs.permissions import Permission, Role, granted, role_label

LIFE = dt.timedelta(minutes=30)


class Visit(models.Model):
    """It holds in one browser's session, for one of the staff, until its end: the newest alone."""

    organization = models.ForeignKey(
        "orgs.Organization", on_delete=models.CASCADE, related_name="+"
    )
    # By value: the person may be staff no more by then.
    by = models.BigIntegerField()
    # The database empties it when the session ends (see the migration).
    session = models.ForeignKey(
        "people.Session", on_delete=models.DO_NOTHING, null=True, db_constraint=False
    )
    role = models.CharField(max_length=10, choices=Role)
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visited_as_a_known_role", condition=Q(role__in=["member", "admin"])
            ),
            models.CheckConstraint(
                name="visit_of_half_an_hour", condition=Q(ends_at__lte=F("began_at") + LIFE)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "-id"], name="visits_of_a_person")]

    def __str__(self) -> str:
        return self.role_label

    @property
    def role_label(self) -> str:
        return role_label(self.role)

    @classmethod
    def going_on(cls) -> QuerySet[Visit]:
        """Those that are not over, and have none after them of the same person."""
        later = cls.objects.filter(by=OuterRef("by"), pk__gt=OuterRef("pk"))
        rows = cls.objects.filter(~Exists(later), ended_at=None, ends_at__gt=timezone.now())
        return rows.exclude(session=None)


class OnlyLooking(Forbidden):
    """Whoever is on a visit changes nothing (403)."""


@dataclass(frozen=True)
class Visitor:
    """One of the staff on a visit, where a page has its member: they see what one with that role
    sees, and no action does anything for them."""

    visit: Visit
    user: Any
    kind: str = "staff"
    #: That of nobody: no member's row is theirs.
    pk: int = 0
    contact_id: None = None
    is_primary: bool = False

    @property
    def organization(self) -> Any:
        return self.visit.organization

    @property
    def organization_id(self) -> int:
        return self.visit.organization_id

    @property
    def actor_id(self) -> int:
        return self.visit.by

    @property
    def label(self) -> str:
        return str(self.user)

    @property
    def role(self) -> str:
        return self.visit.role

    @property
    def role_label(self) -> str:
        return self.visit.role_label

    def afresh(self) -> NoReturn:
        """Every action begins here, and none goes on."""
        raise OnlyLooking

    def may(self, permission: Permission | str) -> bool:
        """What a member with this role may, were the organization open: pages are drawn by it."""
        withheld = self.organization.withheld
        return permission in granted(self.role, is_primary=False, withheld=withheld)
