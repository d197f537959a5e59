"""Who is told what about products and licenses, after it: so that nobody waits for it. Each of them
run again finds what it has queued."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.brand import brand
from forecourt.core.jobs import all_later, later
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Organization, lock
from forecourt.orgs.recipients import MailKind, queue_once, recipients
from forecourt.products import notices
from forecourt.products.events import Event
from forecourt.products.models import License, LicenseKey, Release

log = logging.getLogger(__name__)
#: Organizations or licenses in one job.
AT_ONCE = 500
#: A release that is older when it is published (they were kept elsewhere before, say) is no news.
NEWS = dt.timedelta(days=7)


def _queue(
    organization: Organization, kind: MailKind, name: str, about: str, **values: Any
) -> None:
    """Queue a mail to everybody who gets this kind, unless the organization can use nothing now."""
    if not organization.is_suspended:
        to = recipients(organization, kind)
        queue_once(organization, f"products.{name}", to, about, **values)


def granted(organization_id: int, license_id: int) -> None:
    """An organization can use something new."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        found = License.objects.filter(pk=license_id).first()
        if found is not None and not found.has_ended:
            about = f"granted:{license_id}"
            _queue(
                organization, MailKind.LICENSE_KEYS, "license_granted", about, license_id=license_id
            )


def key_rotated(organization_id: int, license_id: int) -> None:
    """A license has a new key. Of two rotations in a moment the newer one is told."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        key = LicenseKey.objects.filter(license_id=license_id, works_until=None).first()
        if key is not None:
            rotated = AuditEvent.objects.filter(event=Event.KEY_ROTATED, object_id=str(license_id))
            by = rotated.order_by("pk").values_list("actor_label", flat=True).last()
            ids = {"key_id": key.pk, "by": by or brand().name}
            _queue(organization, MailKind.LICENSE_KEYS, "key_rotated", f"key:{key.pk}", **ids)


def release(release_id: int, after: int) -> None:
    """Ask for a job for each organization that may have a release, some hundred at a time, in the
    order of their ids, from the one behind `after` on. Run again it asks again; each of those jobs
    knows what it has done."""
    found = _news(release_id)
    if found is None:
        return
    now, published = timezone.now(), found.published_at
    with scope.across_organizations("organizations that may have a release"):
        covering = License.objects.filter(
            Q(ends_at=None) | Q(ends_at__gte=published),
            License.not_stopped(),
            product_id=found.product_id,
            starts_at__lte=now,
            organization_id__gt=after,
        )
        ids = covering.order_by("organization_id").values_list("organization_id", flat=True)
        some = list(ids.distinct()[:AT_ONCE])
    each = [{"organization_id": pk, "release_id": release_id} for pk in some]
    with transaction.atomic():
        all_later("products.tell_release_to", each)
        if len(some) == AT_ONCE:
            later("products.tell_release", release_id=release_id, after=some[-1])


def release_to(organization_id: int, release_id: int) -> None:
    """One organization learns of a release, if it may have it and it was not withdrawn meanwhile."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        found = _news(release_id)
        if found is None:
            return
        licenses = License.objects.select_related("organization")
        theirs = licenses.filter(product_id=found.product_id)
        if any(license.covers(found) for license in theirs):
            about = f"release:{release_id}"
            _queue(organization, MailKind.RELEASES, "release", about, release_id=release_id)


def _news(release_id: int) -> Release | None:
    return Release.objects.filter(pk=release_id, withdrawn_at=None).first()


def endings(after: int) -> None:
    """Give the notices that are due, some hundred licenses at a time, in the order of their ids,
    from the one behind `after` on. What fails is looked at again in an hour."""
    with scope.across_organizations("licenses that end"):
        found = notices.all_due().filter(pk__gt=after).order_by("pk")
        some = list(found.values_list("organization_id", "pk")[:AT_ONCE])
    for organization_id, license_id in some:
        try:
            _ending(organization_id, license_id)
        except Exception:  # The others shall not wait for it.
            log.exception("the end of license %s could not be told", license_id)
    if len(some) == AT_ONCE:
        later("products.tell_endings", after=some[-1][1])


def _ending(organization_id: int, license_id: int) -> None:
    """The notice and its mails are there together or not at all."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        found = License.objects.filter(pk=license_id).first()
        is_due = found is not None and not organization.is_suspended
        days = notices.due(found, timezone.now()) if found and is_due else None
        notice = notices.give(found, days) if found and days is not None else None
        if notice is not None:
            name = "license_ended" if days == 0 else "license_ending"
            about = f"notice:{notice.pk}"
            _queue(organization, MailKind.RENEWALS, name, about, notice_id=notice.pk)
