"""What the vendor's staff do with the licenses of an organization. The actor names the organization."""

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.models import lock
from forecourt.products import licenses
from forecourt.products.models import License
from forecourt.products.publishing import product_called

MOST_SEATS = 1_000_000


@action("grant_license")
def grant_license(
    actor, *, product: str, plan: str, seats: int | None = None, key: str = "", **times
) -> License:
    """Let an organization use a product. `times`: starts_at, ends_at, renews."""
    plan = " ".join(plan.split())
    if not 1 <= len(plan) <= 80 or not plan.isprintable():
        raise Refused(_("A plan's name has 1 to 80 printable characters."), field="plan")
    key = key.strip()
    if len(key) > 120 or not key.isprintable():
        raise Refused(_("A key has 120 printable characters at most."), field="key")
    if times.get("renews") and times.get("ends_at") is None:
        raise Refused(_("What renews has an end, at which it does."), field="ends_at")
    found = product_called(product)
    return licenses.grant(actor, found, plan=plan, seats=_sane(seats), key=key, **times)


@action("extend_license")
def extend_license(
    actor, *, handle: UUID, ends_at: dt.datetime | None, renews: bool | None = None
) -> License:
    """Have a license end later; None: never."""
    found = _called(actor, handle)
    if found.ends_at != ends_at and not _is_later(ends_at, found.ends_at):
        raise Refused(_("It ends later than that now. To end it sooner, end it."), field="ends_at")
    if renews and ends_at is None:
        raise Refused(_("What renews has an end, at which it does."), field="ends_at")
    return licenses.extend(actor, found, ends_at=ends_at, renews=renews)


def _is_later(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    """Of two ends, None is the latest."""
    return other is not None and (one is None or one > other)


@action("end_license")
def end_license(actor, *, handle: UUID, at: dt.datetime | None = None) -> License:
    """Have a license end, now or at a moment."""
    return licenses.end(actor, _called(actor, handle), at=at)


@action("change_license_seats")
def change_license_seats(actor, *, handle: UUID, seats: int | None) -> License:
    """Have another number of seats; None: any."""
    return licenses.change_seats(actor, _called(actor, handle), seats=_sane(seats))


@action("suspend_license")
def suspend_license(actor, *, handle: UUID) -> License:
    """Stop a license for a while."""
    return licenses.suspend(actor, _called(actor, handle))


@action("resume_license")
def resume_license(actor, *, handle: UUID) -> License:
    """Put it in force again."""
    return licenses.resume(actor, _called(actor, handle))


@action("change_license")
def change_license(
    actor, *, handle: UUID, seats: int | None, ends_at: dt.datetime | None, renews: bool, state: str
) -> License:
    """Have a license be as it is said here, all of it or nothing: `state` is "active", "suspended" or
    "ended" (now). One that has ended goes on by a later end alone."""
    found = _called(actor, handle)
    if state == "ended":
        licenses.change_seats(actor, found, seats=_sane(seats))
        return licenses.end(actor, found)
    if state not in License.Status.values:
        raise Refused(_("There is no such state."), field="state")
    if renews and ends_at is None:
        raise Refused(_("What renews has an end, at which it does."), field="ends_at")
    if ends_at is not None and ends_at <= timezone.now():
        raise Refused(_("To end it, choose Ended; to have it go on, a later day."), field="ends_at")
    values = {"seats": _sane(seats), "ends_at": ends_at, "renews": renews, "status": state}
    if not licenses.change(actor, found, **values):
        audit.unchanged()
    return found


def _called(actor, handle: UUID) -> License:
    """The organization's license, as it is behind the lock."""
    lock(actor.organization_id)
    found = License.objects.select_related("product").filter(handle=handle).first()
    if found is None:
        raise Refused(_("There is no license %(handle)s.") % {"handle": handle}, field="handle")
    return found


def _sane(seats: int | None) -> int | None:
    if seats is not None and not 1 <= seats <= MOST_SEATS:
        raise Refused(_("A license has from 1 to 1,000,000 seats, or any number."), field="seats")
    return seats
