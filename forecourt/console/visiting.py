"""Looking at the portal as a customer sees it: begun and ended, with a line in the customer's Activity."""

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console import reasons
from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Membership, lock
from forecourt.orgs.permissions import Role
from forecourt.orgs.visits import LIFE, Visit


@action("start_visit")
def start_visit(actor, *, session: str, role: str, reason: str) -> Visit:
    """Look at the portal as a member with this role sees it, in this browser's session, for half an
    hour at most."""
    organization, reason = lock(actor.organization_id), reasons.checked(reason)
    if role not in Role.values:
        raise Refused(_("There is no such role."), field="role")
    members = Membership.objects.filter(organization=organization, user_id=actor.actor_id)
    if members.exists():
        raise Refused(_("You are a member of %s yourself: look at it as that.") % organization.name)
    now = timezone.now()
    visit = Visit.objects.create(
        organization=organization,
        by=actor.actor_id,
        session_id=session,
        role=role,
        reason=reason,
        began_at=now,
        ends_at=now + LIFE,
    )
    said = {"role": role, "reason": reason, "until": _said(visit.ends_at)}
    audit.record(actor, Event.VISIT_STARTED, visit, after=said)
    return visit


@action("end_visit")
def end_visit(actor, *, visit_id: int) -> None:
    """Look no more, before the half hour is over."""
    mine = Visit.objects.select_for_update(no_key=True).filter(by=actor.actor_id, ended_at=None)
    visit = mine.filter(organization_id=actor.organization_id, pk=visit_id).first()
    now = timezone.now()
    if visit is None or visit.ends_at <= now:
        audit.unchanged()
        return
    visit.ended_at = now
    visit.save(update_fields=["ended_at"])
    said = {"from": _said(visit.began_at), "to": _said(now)}
    audit.record(actor, Event.VISIT_ENDED, visit, after=said)


def unfinished(user_id: int) -> list[Visit]:
    """A person's visits that nobody has ended and time has not, in whatever browser."""
    with scope.across_organizations("the visits of one of the staff"):
        rows = Visit.objects.filter(by=user_id, ended_at=None, ends_at__gt=timezone.now())
        return list(rows.order_by("pk"))


def _said(at) -> str:
    return at.isoformat("T", "minutes")
