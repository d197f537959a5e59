"""Writing the contacts of an organization. Nobody is written to because of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from forecourt.account import contact_rules as rules
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core import audit
from forecourt.core.refusals import Refused
from forecourt.orgs.contacts import tie
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import CONTRACT, in_order
from forecourt.orgs.models import Contact

#: Columns, and the fields that they are.
FIELDS = {
    "email": "email",
    "name": "name",
    "phone": "phone",
    "language": "language",
    "kinds": "kinds",
    "declined": "declined",
    "confirmed": "confirmed_at",
    "bounced": "bounced_at",
    "bounce": "bounce",
}
#: What the log keeps of them.
LOGGED = ("email", "name", "phone", "language", "kinds", "declined")


def row_of(line: Line) -> Contact:
    """A new contact as the line says it, not saved yet."""
    values = _said(line)
    values.setdefault("kinds", in_order(CONTRACT))
    if line.values.get("created"):
        values["created_at"] = line.values["created"]
    return Contact(**values)


def write(work: Work, line: Line) -> int:
    """A contact that is new, or what is another now."""
    email = line.values["email"]
    contacts = Contact.objects.filter(organization=work.organization)
    found = contacts.filter(pk=work.object_id("contacts", line.ref) or 0).first()
    found = found or contacts.filter(email=email).first()
    if found is None:
        return _add(work, line)
    if work.ref_of("contacts", found.pk) not in (None, line.ref):
        raise Refused(_("This address is a contact already."), field="email")
    before = {field: getattr(found, field) for field in FIELDS.values()}
    after = _said(line)
    if email != found.email:
        rules.refuse_twice(work.organization, email)
        reset: dict[str, Any] = {
            "confirmed_at": None,
            "declined": [],
            "bounced_at": None,
            "bounce": "",
        }
        after = {**reset, **after}
    now = {field: value for field, value in after.items() if before[field] != value}
    if not now:
        return found.pk
    for field, value in now.items():
        setattr(found, field, value)
    found.save(update_fields=list(now))
    if "email" in now:
        tie(found, is_primary=found.pk == work.organization.primary_contact_id)
    was = {field: before[field] for field in now}
    audit.record(work.actor, Event.CONTACT_CHANGED, found, before=_logged(was), after=_logged(now))
    return found.pk


def _add(work: Work, line: Line) -> int:
    rules.refuse_too_many(work.organization)
    contact = row_of(line)
    contact.organization = work.organization
    contact.save(force_insert=True)
    if not work.is_new:
        tie(contact, is_primary=False)
    after = {field: getattr(contact, field) for field in LOGGED}
    audit.record(work.actor, Event.CONTACT_ADDED, contact, after=after)
    return contact.pk


def _said(line: Line) -> dict[str, Any]:
    """The fields that the line names. Only what comes back has a reason for it."""
    said = {field: line.values[name] for name, field in FIELDS.items() if name in line.values}
    if "bounce" in said and not said.get("bounced_at"):
        said["bounce"] = ""
    return said


def _logged(values: dict[str, Any]) -> dict[str, Any]:
    return {field: values[field] for field in LOGGED if field in values}
