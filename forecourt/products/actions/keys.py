"""License keys: shown, and replaced."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.permissions import Permission
from forecourt.products import keys
from forecourt.products.events import Event
from forecourt.products.models import License, LicenseKey

LONGEST_OVERLAP = 90


@action(Permission.SEE_KEYS)
def reveal_key(actor, *, license_id: int) -> LicenseKey:
    """Show a license's present key; that it was shown stays in the audit log (O16)."""
    key = _present(license_of(actor, license_id))
    audit.record(actor, Event.KEY_REVEALED, key)
    return key


@action(Permission.ROTATE_KEYS)
def rotate_key(actor, *, license_id: int, overlap_days: int) -> LicenseKey:
    """Replace a license's key. The one before works on for the overlap, 0 to 90 days, so that
    nothing stops before it knows the new one."""
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        raise Refused(_("From 0 to 90 days."), field="overlap_days")
    granted = license_of(actor, license_id)
    if not granted.is_valid:
        raise Refused(_("This license is not in force, so its key stays as it is."))
    former, now = _present(granted), timezone.now()
    former.works_until = now + dt.timedelta(days=overlap_days)
    former.save(update_fields=["works_until"])
    key = LicenseKey.objects.create(
        organization_id=actor.organization_id,
        license=granted,
        key=keys.make(granted.product.key_prefix),
    )
    audit.record(
        actor,
        Event.KEY_ROTATED,
        granted,
        before={"key": former.masked},
        after={"key": key.masked, "both_work_until": former.works_until.isoformat("T", "minutes")},
    )
    later("products.tell_key_rotated", organization_id=actor.organization_id, license_id=granted.pk)
    return key


def license_of(actor, license_id: int) -> License:
    """A license of the actor's organization, with its product; raises Gone."""
    found = (
        License.objects.select_related("product", "organization")
        .filter(organization_id=actor.organization_id, pk=license_id)
        .first()
    )
    if found is None:
        raise Gone
    return found


def _present(granted: License) -> LicenseKey:
    key = granted.keys.filter(works_until=None).first()
    if key is None:
        raise Gone
    return key
