"""Numbers that others know: of an organization, by which products name it, and of an account, by which
passkeys do. What comes from another portal keeps its number where that was never anybody's here."""

from __future__ import annotations

from typing import Any

from django.db import connection

from forecourt.core import scope
from forecourt.core.ids import next_id
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Organization
from forecourt.people.models import User

#: How far ahead of those that were given a number may be.
FARTHEST = 1_000_000


def of_organization(actor: Any, wanted: int | None) -> int:
    """The number of a new organization: the wanted one on the server alone, else the next."""
    if wanted and actor.may("import_account"):
        with scope.across_organizations("whether a number was ever an organization's"):
            known = AuditEvent.objects.filter(organization_id=wanted).exists()
            known = known or Organization.objects.filter(pk=wanted).exists()
        if not known and _pass("orgs_organization", wanted):
            return wanted
    return next_id("orgs_organization")


def of_account(wanted: int | None) -> int | None:
    """The number of a new account, where it can be the wanted one."""
    if not wanted or User.objects.filter(pk=wanted).exists():
        return None
    with scope.across_organizations("whether a number was ever a person's"):
        known = AuditEvent.objects.filter(person_id=wanted).exists()
    return wanted if not known and _pass("people_user", wanted) else None


def of_others(wanted: set[int]) -> set[int]:
    """Which of these are, or were, numbers of accounts here."""
    found = set(User.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    with scope.across_organizations("which numbers were ever a person's"):
        known = AuditEvent.objects.filter(person_id__in=wanted - found)
        return found | {pk for pk in known.values_list("person_id", flat=True).distinct() if pk}


def _pass(table: str, wanted: int) -> bool:
    """Have the database give nobody this number from now on; whether it can. (The application may
    take a number, and not say which is the next.)"""
    ahead = wanted - next_id(table)
    if ahead > FARTHEST:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(nextval(pg_get_serial_sequence(%s, 'id'))) from generate_series(1, %s)",
            [table, ahead],
        )
    return True
