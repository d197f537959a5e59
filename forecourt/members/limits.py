"""How many invitations may leave an organization, and how many a person may send."""

import datetime as dt

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.models import AuditEvent
from forecourt.core.refusals import TooMany
from forecourt.members.events import Event

WINDOW = dt.timedelta(hours=1)
PER_ADDRESS = 10


def check_invitations(actor, email: str) -> None:
    """Raise TooMany when this invitation would pass a limit of the last hour: of the person, of
    the organization, or to this one address. Counted in the audit log, behind the organization's
    lock, so exactly; the vendor's own invitations count for nobody."""
    if actor.kind != "member":
        return
    mine = Q(actor_kind=actor.kind, actor_id=str(actor.actor_id))
    theirs = Q(object_label=email)
    found = AuditEvent.objects.filter(
        organization_id=actor.organization_id,
        actor_kind="member",
        event__in=[Event.INVITED, Event.INVITATION_RESENT],
        at__gt=timezone.now() - WINDOW,
    ).aggregate(
        all=Count("id"),
        first=Min("at"),
        mine=Count("id", filter=mine),
        my_first=Min("at", filter=mine),
        theirs=Count("id", filter=theirs),
        their_first=Min("at", filter=theirs),
    )
    if found["theirs"] >= PER_ADDRESS:
        raise TooMany(
            _("This address was sent %(number)d invitations within an hour.")
            % {"number": found["theirs"]},
            again_at=found["their_first"] + WINDOW,
        )
    if found["mine"] >= settings.INVITATIONS_PER_HOUR_PERSON:
        raise TooMany(
            _("You have sent %(number)d invitations within an hour.") % {"number": found["mine"]},
            again_at=found["my_first"] + WINDOW,
        )
    if found["all"] >= settings.INVITATIONS_PER_HOUR_ORGANIZATION:
        raise TooMany(
            _("Your organization has sent %(number)d invitations within an hour.")
            % {"number": found["all"]},
            again_at=found["first"] + WINDOW,
        )
