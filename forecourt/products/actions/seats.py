"""Who has a seat."""

from collections.abc import Collection

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Permission
from forecourt.products import seats
from forecourt.products.actions.keys import license_of
from forecourt.products.events import Event
from forecourt.products.launching import standing
from forecourt.products.models import Seat


@action(Permission.ASSIGN_SEATS)
def assign_seats(actor, *, license_id: int, member_ids: Collection[int]) -> list[Membership]:
    """Give members a seat of a license each: all of them or nobody. Whoever has one keeps it;
    returns those who had none."""
    license = license_of(actor, license_id)
    chosen = _members_of(actor, member_ids)
    if sentence := seats.hindrance(license):
        raise Refused(sentence)
    having = {*license.seats_taken.filter(member__in=chosen).values_list("member_id", flat=True)}
    new = [member for member in chosen if member.pk not in having]
    seats.require_room(license, len(new))
    given = Seat.objects.bulk_create(
        Seat(organization_id=license.organization_id, license=license, member=member)
        for member in new
    )
    for seat in given:
        audit.record(actor, Event.SEAT_ASSIGNED, seat, after={"license": str(license)})
    if not given:
        audit.unchanged()
    return new


@action(Permission.ASSIGN_SEATS)
def free_seat(actor, *, license_id: int, member_id: int) -> Membership:
    """Take a member's seat of a license back. A license that is not in force gives no new ones,
    and lets go of those that it gave."""
    license = license_of(actor, license_id)
    (member,) = _members_of(actor, [member_id])
    seat = license.seats_taken.filter(member=member).first()
    if seat is None:
        audit.unchanged()
    else:
        seat.license, seat.member = license, member
        seats.free(actor, seat)
        standing.changed(actor.organization_id)
    return member


def _members_of(actor, member_ids: Collection[int]) -> list[Membership]:
    """These members of the actor's organization; raises Gone if one of them is none."""
    mine = Membership.objects.filter(organization_id=actor.organization_id)
    found = list(mine.select_related("user").filter(pk__in=member_ids).order_by("pk"))
    if len(found) != len({*member_ids}):
        raise Gone
    return found
