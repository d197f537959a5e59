"""Sending the prepared invitations, so many a minute: those that are there when somebody says so, and
none that come after. A job sends some, Admins first, and asks for the next in a minute."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from forecourt.console.actors import AtWork
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.jobs import is_asked_for, later, later_in
from forecourt.core.refusals import Forbidden, Refused
from forecourt.members.actions import send_prepared
from forecourt.members.models import Invitation
from forecourt.orgs.models import Staff

PER_MINUTE, FASTEST = 60, 1_000
JOB = "console.send_invitations"
MINUTE = 60


def waiting() -> int:
    """How many invitations are prepared and not sent."""
    with scope.across_organizations("how many invitations wait to be sent"):
        return _prepared().count()


def begin(*, per_minute: int = PER_MINUTE, staff_id: int | None = None) -> int:
    """Have those sent that wait now, by somebody of the staff or by the vendor; how many. Raises
    Refused while others are being sent."""
    if is_asked_for(JOB):
        raise Refused(_("Invitations are being sent already. Wait until they are."))
    with scope.across_organizations("which invitations wait to be sent"):
        rows = _prepared().order_by("-pk")
        last, number = rows.values_list("pk", flat=True).first(), rows.count()
    if last is not None:
        later(JOB, upto=last, per_minute=per_minute, staff_id=staff_id)
    return number


def some(upto: int, per_minute: int, staff_id: int | None, label: str) -> None:
    """Send the next ones, organization by organization. Run again it sends none twice."""
    actor: Any = System(label=label)
    if staff_id is not None:
        person = Staff.objects.select_related("user").filter(pk=staff_id).first()
        if person is None:
            return  # Whoever said so is none of the staff any more.
        actor = AtWork(person)
    with scope.across_organizations("the next invitations to be sent"):
        rows = _prepared().filter(pk__lte=upto).order_by("organization_id", "role", "pk")
        next_ones = list(rows.values_list("organization_id", "pk")[: per_minute + 1])
    for organization_id, group in groupby(next_ones[:per_minute], key=lambda each: each[0]):
        ids = [pk for _organization, pk in group]
        try:
            send_prepared(replace(actor, organization_id=organization_id), invitation_ids=ids)
        except Forbidden:
            return
    if len(next_ones) > per_minute:
        later_in(MINUTE, JOB, upto=upto, per_minute=per_minute, staff_id=staff_id)


def _prepared() -> QuerySet[Invitation]:
    """Not those of suspended organizations, which wait until it is reopened."""
    rows = Invitation.objects.filter(status=Invitation.Status.PENDING, generation=0)
    return rows.filter(organization__suspended_at=None)
