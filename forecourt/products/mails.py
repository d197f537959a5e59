"""What the mails of this room say when they are sent. None of them holds a key."""

import datetime as dt
import math
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from forecourt.core.models import Mail
from forecourt.orgs.recipients import MailKind, still
from forecourt.products.models import License, LicenseKey, LicenseNotice, Release
from forecourt.products.outline import first_lines


def license_granted(mail: Mail) -> dict[str, Any] | None:
    """None where it has ended meanwhile."""
    found = License.objects.select_related("product").filter(pk=mail.values["license_id"]).first()
    if found is None or found.has_ended:
        return None
    return _values(mail, MailKind.LICENSE_KEYS, found)


def key_rotated(mail: Mail) -> dict[str, Any] | None:
    """None where there is a newer key, which has a mail of its own."""
    keys = LicenseKey.objects.select_related("license__product").filter(works_until=None)
    key = keys.filter(pk=mail.values["key_id"]).first()
    if key is None:
        return None
    old = LicenseKey.objects.filter(license=key.license, pk__lt=key.pk).order_by("pk").last()
    until = old.works_until if old else None
    if until is not None and until <= timezone.now():
        until = None
    return _values(mail, MailKind.LICENSE_KEYS, key.license, works_until=until)


def license_ending(mail: Mail) -> dict[str, Any] | None:
    """None where the license was extended, suspended or has ended meanwhile."""
    found = _noticed(mail)
    if found is None or found.ends_at is None or found.has_ended:
        return None
    days = math.ceil((found.ends_at - timezone.now()) / dt.timedelta(days=1))
    return _values(mail, MailKind.RENEWALS, found, days=days)


def license_ended(mail: Mail) -> dict[str, Any] | None:
    """None where the license was extended meanwhile."""
    found = _noticed(mail)
    return _values(mail, MailKind.RENEWALS, found) if found else None


def release(mail: Mail) -> dict[str, Any] | None:
    """None where it was withdrawn meanwhile."""
    releases = Release.objects.select_related("product").filter(withdrawn_at=None)
    found = releases.filter(pk=mail.values["release_id"]).first()
    more = still(mail, MailKind.RELEASES) if found else None
    if found is None or more is None:
        return None
    product = {"product_name": found.product.name, "is_web": found.product.is_web}
    notes = first_lines(found.notes)
    said = {"version": found.version, "notes": notes, "link": _link(mail)}
    return {**mail.values, **product, **said, **more}


def _noticed(mail: Mail) -> License | None:
    """The license that the notice is about, as long as it is to end as it was then."""
    notice = LicenseNotice.objects.filter(pk=mail.values["notice_id"]).first()
    if notice is None:
        return None
    same = License.objects.select_related("product").filter(
        pk=notice.license_id, ends_at=notice.ends_at, renews=False, status=License.Status.ACTIVE
    )
    return same.first()


def _values(mail: Mail, kind: MailKind, found: License, **more: Any) -> dict[str, Any] | None:
    besides = still(mail, kind)
    if besides is None:
        return None
    return {
        **mail.values,
        **besides,
        "product_name": found.product.name,
        "is_web": found.product.is_web,
        "plan": found.plan,
        "seats": found.seats,
        "starts_at": found.starts_at if found.is_upcoming else None,
        "ends_at": found.ends_at,
        "renews": found.renews,
        "link": _link(mail),
        **more,
    }


def _link(mail: Mail) -> str:
    """The Products page."""
    return settings.PUBLIC_URL + reverse("products", args=[mail.values["slug"]])
