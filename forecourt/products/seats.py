"""Seats: how many of a license are taken, whether one can be given, and what becomes of those of a
member who goes.

No trigger counts them in the database: to be right it would need the same lock as the actions,
which hold the organization's row (docs/decisions/0002) while they count and add.
"""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecourt.core import audit
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Membership
from forecourt.products.events import Event
from forecourt.products.models import License, Seat


def taken() -> Coalesce:
    """The number of seats taken, as an annotation of licenses."""
    seats = Seat.objects.filter(license=OuterRef("pk")).order_by().values("license")
    counted = seats.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def hindrance(license: License) -> str:
    """Why nobody can get a seat of it now; "" where somebody can, as far as there is room."""
    if license.is_suspended:
        return _("This license is suspended. Seats can be assigned again once it is in force.")
    if license.has_ended:
        return _("This license has ended. Seats can be freed, and no longer assigned.")
    if license.is_upcoming:
        day = date_format(localtime(license.starts_at), "M j, Y")
        return _("This license has not started. Seats can be assigned from %(day)s on.") % {
            "day": day
        }
    return ""


def give(actor, license: License, member: Membership) -> bool:
    """Give a member a seat of it, in the caller's transaction behind the organization's lock; False
    where there is none to give. Whoever has one keeps it."""
    if license.seats_taken.filter(member=member).exists():
        return True
    is_full = license.seats is not None and license.seats_taken.count() >= license.seats
    if is_full or hindrance(license):
        return False
    given = Seat.objects.create(
        organization_id=license.organization_id, license=license, member=member
    )
    audit.record(actor, Event.SEAT_ASSIGNED, given, after={"license": str(license)})
    return True


def require_room(license: License, number: int) -> None:
    """Raise Refused unless so many more can have a seat, with how many are left."""
    if license.seats is None:
        return
    left = max(0, license.seats - license.seats_taken.count())
    if number <= left:
        return
    if not left:
        raise Refused(_("No seat is left. Free one first."), field="member")
    chosen = ngettext("%(number)d member", "%(number)d members", number) % {"number": number}
    sentence = ngettext(
        "You chose %(chosen)s, and %(left)d seat is left. Nothing was changed.",
        "You chose %(chosen)s, and %(left)d seats are left. Nothing was changed.",
        left,
    )
    raise Refused(sentence % {"chosen": chosen, "left": left}, field="member")


def give_back(actor, member: Membership) -> None:
    """Free every seat of a member who goes, for the next one at once, with a line in the audit log
    for each. In the transaction of whoever ends the membership."""
    for seat in member.seats.select_related("license__product", "member__user"):
        free(actor, seat)


def free(actor, seat: Seat) -> None:
    """Free one seat, behind the lock on the organization."""
    before, pk = {"license": str(seat.license)}, seat.pk
    seat.delete()
    seat.pk = pk
    audit.record(actor, Event.SEAT_FREED, seat, before=before)
