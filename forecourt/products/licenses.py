"""Granting, extending and ending licenses: plain functions for whoever sells (the room `billing`,
the actions of the vendor's staff). Each runs in its caller's transaction and organization, behind
the lock on the organization, and notes itself in the audit log.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.models import lock
from forecourt.products import keys, notices
from forecourt.products.events import Event
from forecourt.products.launching import standing
from forecourt.products.models import License, LicenseKey, Product


def grant(
    actor,
    product: Product,
    *,
    plan: str,
    seats: int | None = None,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    renews: bool = False,
    key: str = "",
    is_told: bool = True,
) -> License:
    """Let the actor's organization use a product: `seats` None is any number, `ends_at` None is
    for ever. `key`: one that it has already, from another system; else a new one is made. Nobody
    is told of one that they had before (`is_told`). Raises Refused."""
    organization = lock(actor.organization_id)
    starts_at = starts_at or timezone.now()
    _check(starts_at, ends_at, seats)
    granted = License.objects.create(
        organization=organization,
        product=product,
        plan=plan,
        seats=seats,
        starts_at=starts_at,
        ends_at=ends_at,
        renews=renews,
    )
    _give_key(granted, keys.normalize(key) if key else keys.make(product.key_prefix))
    notices.pass_over(granted)
    audit.record(actor, Event.LICENSE_GRANTED, granted, after=_said(granted))
    if is_told:
        later("products.tell_granted", organization_id=organization.pk, license_id=granted.pk)
    return granted


def change(actor, granted: License, **values: Any) -> bool:
    """Have a license say what another system says of it: plan, seats, starts_at, ends_at, renews,
    status. Whether that was news. Raises Refused."""
    lock(actor.organization_id)
    before, status = _said(granted), granted.status
    for name, value in values.items():
        setattr(granted, name, value)
    _check(granted.starts_at, granted.ends_at, granted.seats)
    _check_taken(granted)
    if before == _said(granted) and status == granted.status:
        return False
    granted.save(update_fields=list(values))
    notices.pass_over(granted)
    was, now = {**before, "status": status}, {**_said(granted), "status": granted.status}
    audit.record(actor, Event.LICENSE_CHANGED, granted, before=was, after=now)
    standing.changed(granted.organization_id)
    return True


def _give_key(granted: License, key: str) -> None:
    try:
        with transaction.atomic():
            LicenseKey.objects.create(
                organization_id=granted.organization_id, license=granted, key=key
            )
    except IntegrityError as problem:  # Another organization's keys cannot be seen from here.
        raise Refused(_("This license key is in use already."), field="key") from problem


def extend(
    actor, granted: License, *, ends_at: dt.datetime | None, renews: bool | None = None
) -> License:
    """Have a license end later (None: never). `renews`: whether it is meant to go on then."""
    lock(actor.organization_id)
    before = _said(granted)
    _check(granted.starts_at, ends_at, granted.seats)
    granted.ends_at = ends_at
    granted.renews = (granted.renews if renews is None else renews) and ends_at is not None
    if before == _said(granted):
        audit.unchanged()
        return granted
    granted.save(update_fields=["ends_at", "renews"])
    notices.pass_over(granted)
    audit.record(actor, Event.LICENSE_EXTENDED, granted, before=before, after=_said(granted))
    standing.changed(granted.organization_id)
    return granted


def end(actor, granted: License, *, at: dt.datetime | None = None) -> License:
    """Have a license end (None: now). What was published until then can be downloaded on."""
    lock(actor.organization_id)
    before = _said(granted)
    moment = max(at or timezone.now(), granted.starts_at)
    if granted.ends_at is None or moment < granted.ends_at or granted.renews:
        granted.ends_at = min(filter(None, (granted.ends_at, moment)))
        granted.renews = False
        granted.save(update_fields=["ends_at", "renews"])
        audit.record(actor, Event.LICENSE_ENDED, granted, before=before, after=_said(granted))
        standing.changed(granted.organization_id)
    else:
        audit.unchanged()
    return granted


def change_seats(actor, granted: License, *, seats: int | None) -> License:
    """Have another number of seats, at least as many as are taken."""
    lock(actor.organization_id)
    before, granted.seats = _said(granted), seats
    _check_taken(granted)
    if before == _said(granted):
        audit.unchanged()
        return granted
    granted.save(update_fields=["seats"])
    audit.record(actor, Event.SEATS_CHANGED, granted, before=before, after=_said(granted))
    return granted


def suspend(actor, granted: License) -> License:
    """Stop a license for a while: nothing can be used or downloaded by it."""
    return _set_status(actor, granted, License.Status.SUSPENDED, Event.LICENSE_SUSPENDED)


def resume(actor, granted: License) -> License:
    """Put a suspended license in force again; its end is where it was."""
    return _set_status(actor, granted, License.Status.ACTIVE, Event.LICENSE_RESUMED)


def _set_status(actor, granted: License, status: License.Status, event: Event) -> License:
    lock(actor.organization_id)
    if granted.status == status:
        audit.unchanged()
        return granted
    granted.status = status
    granted.save(update_fields=["status"])
    audit.record(actor, event, granted)
    standing.changed(granted.organization_id)
    return granted


def _check(starts_at: dt.datetime, ends_at: dt.datetime | None, seats: int | None) -> None:
    if ends_at is not None and ends_at < starts_at:
        raise Refused(_("A license cannot end before it starts."), field="ends_at")
    if seats is not None and seats < 1:
        raise Refused(_("A license has one seat at least."), field="seats")


def _check_taken(granted: License) -> None:
    taken = granted.seats_taken.count()
    if granted.seats is not None and granted.seats < taken:
        raise Refused(
            _("%(taken)d seats are taken. Free some of them first.") % {"taken": taken},
            field="seats",
        )


def _said(granted: License) -> dict[str, object]:
    """As the audit log keeps it."""
    return {
        "plan": granted.plan,
        "seats": granted.seats,
        "starts_at": granted.starts_at.isoformat(timespec="minutes"),
        "ends_at": granted.ends_at.isoformat(timespec="minutes") if granted.ends_at else None,
        "renews": granted.renews,
    }
