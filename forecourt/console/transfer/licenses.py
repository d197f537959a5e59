"""Writing the licenses of an organization, each with the key that the customer has. Nobody is written
to because of it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing.finding import check_free
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core import audit
from forecourt.core.refusals import Refused
from forecourt.products import licenses
from forecourt.products.events import Event
from forecourt.products.models import License, LicenseKey
from forecourt.products.publishing import product_called

#: Columns, and the fields that they are.
FIELDS = {
    "plan": "plan",
    "seats": "seats",
    "starts": "starts_at",
    "ends": "ends_at",
    "renews": "renews",
    "status": "status",
}


def write(work: Work, line: Line) -> int:
    """A license that is new, or what is another now."""
    found = _found(work, line)
    values = {field: line.values[name] for name, field in FIELDS.items() if name in line.values}
    values = {
        name: x for name, x in values.items() if x is not None or name in ("seats", "ends_at")
    }
    if not values.get("status"):
        values.pop("status", None)
    if found is None:
        return _grant(work, line, values)
    _refuse_another(found, line)
    if any(getattr(found, name) != value for name, value in values.items()):
        check_free(found)
        licenses.change(work.actor, found, **values)
    return found.pk


def _found(work: Work, line: Line) -> License | None:
    """The one that the line made before; else the one with this key or name."""
    theirs = License.objects.select_related("product").filter(organization=work.organization)
    found = theirs.filter(pk=work.object_id("licenses", line.ref) or 0).first()
    if found is None and not work.is_new and line.values.get("handle"):
        found = theirs.filter(handle=line.values["handle"]).first()
    if found is None and not work.is_new and line.values.get("key"):
        found = theirs.filter(keys__key=line.values["key"], keys__works_until=None).first()
    return found


def _refuse_another(found: License, line: Line) -> None:
    """What a license is for, and by which key, is not the files' to change."""
    if found.product.slug != line.values["product"]:
        raise Refused(_("A license stays one for the same product."), field="product")
    key = line.values.get("key")
    if key and not found.keys.filter(key=key).exists():
        raise Refused(_("The license has another key already."), field="key")


def _grant(work: Work, line: Line, values: dict[str, Any]) -> int:
    product = product_called(line.values["product"])
    status, said = values.pop("status", License.Status.ACTIVE), line.values
    key = said.get("key", "")
    values.setdefault("starts_at", timezone.now())
    granted = licenses.grant(work.actor, product, key=key, is_told=False, **values)
    more = {"handle": said.get("handle"), "created_at": said.get("created"), "status": status}
    License.objects.filter(pk=granted.pk).update(**{name: x for name, x in more.items() if x})
    return granted.pk


def write_former_key(work: Work, line: Line) -> int:
    """A key that a license had before, and until when it works."""
    license_id = work.object_id("licenses", line.values["license"])
    if license_id is None:
        raise Refused(_("There is none with this ref."), field="license")
    key, until = line.values["key"], line.values["works_until"]
    former = LicenseKey.objects.filter(key=key, license_id=license_id).first()
    if former is None:
        former = LicenseKey(organization=work.organization, license_id=license_id, key=key)
    elif former.works_until is None:
        raise Refused(_("It is the license's present key."), field="key")
    elif former.works_until == until:
        return former.pk
    former.works_until = until
    try:
        with transaction.atomic():
            former.save()
    except IntegrityError as problem:
        raise Refused(_("This license key is in use already."), field="key") from problem
    after = {"both_work_until": until.isoformat("T", "minutes"), "key": former.masked}
    audit.record(work.actor, Event.LICENSE_CHANGED, License.objects.get(pk=license_id), after=after)
    return former.pk
