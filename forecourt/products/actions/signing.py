"""Signing license files, and replacing the key that does it."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.core.resealing import Tally, reseal_rows
from forecourt.orgs.permissions import Permission
from forecourt.products import license_files, signing
from forecourt.products.actions.keys import license_of
from forecourt.products.events import Event
from forecourt.products.models import License, SigningKey


@dataclass(frozen=True)
class LicenseFile:
    """A file as it is handed out."""

    name: str
    text: str


@action(Permission.SEE_KEYS)
def issue_license_file(actor, *, license_id: int) -> LicenseFile:
    """Sign a file by which a product knows a license of the organization without a network."""
    held = license_of(actor, license_id)
    _check_valid(held)
    now = timezone.now()
    key, private = signing.signer()
    content = license_files.describe(held, kid=key.kid, now=now)
    payload = license_files.canonical(content)
    audit.record(
        actor,
        Event.FILE_ISSUED,
        held,
        after={name: content[name] for name in ("kid", "issued", "expires", "grace")},
    )
    return LicenseFile(
        name=f"{held.product.slug}-{held.organization.slug}.license",
        text=license_files.envelope(payload, private.sign(payload)),
    )


@action("rotate_signing_key")
def rotate_signing_key(actor) -> SigningKey:
    """Have a new key sign license files from now on. What the former one signed stays good."""
    former = SigningKey.objects.filter(retired_at=None).first()
    return signing.replace(former, by=actor)


@action("reseal")
def reseal_signing_keys(actor, *, after: int) -> Tally:
    """Bring the private half under the present SECRET_KEY. One that no known key opens stays as it
    is: the next file that is signed replaces it."""
    locked = SigningKey.objects.select_for_update(no_key=True)
    rows = list(locked.filter(pk__gt=after, retired_at=None))
    thing = SigningKey(kid="present")
    return reseal_rows(actor, rows, thing=thing, read=_read, write=_write)


def _read(key: SigningKey) -> bytes:
    return bytes(key.private or b"")


def _write(key: SigningKey, sealed: bytes) -> None:
    key.private = sealed
    key.save(update_fields=["private"])


def _check_valid(held: License) -> None:
    if held.has_ended and held.ends_at:
        raise Refused(
            _("This license ended on %(day)s. A license file is only for one that is in force.")
            % {"day": date_format(localtime(held.ends_at))}
        )
    if held.is_upcoming:
        raise Refused(
            _("This license starts on %(day)s. Its license file can be downloaded from then on.")
            % {"day": date_format(localtime(held.starts_at))}
        )
    if held.is_suspended:
        raise Refused(
            _("This license is suspended. There is no license file while it is; ask the vendor.")
        )
