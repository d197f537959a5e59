"""Writing an organization: a new one with its primary contact, or what is another now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from forecourt.account.actions.primary import make_primary
from forecourt.account.renaming import leave_behind
from forecourt.console.transfer.contacts import row_of
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core import audit
from forecourt.core.ids import next_id
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs import slugs
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, FormerSlug, Organization

SETTINGS = ("who_may_invite", "invitation_days", "keys_hidden")
RULES = ("second_factor_from", "session_hours")


def create(actor: Any, line: Line, contacts: list[Line]) -> Organization:
    """A new organization and its primary contact, who may be one of these lines."""
    values = line.values
    slugs.wait_for_turn()
    contact_id = next_id("orgs_contact")
    organization = Organization.objects.create(
        pk=actor.organization_id,
        name=values["name"],
        slug=_slug(line),
        primary_contact_id=contact_id,
        **{name: value for name, value in line.said(*SETTINGS, *RULES).items() if value != ""},
        **({"created_at": values["created"]} if values.get("created") else {}),
    )
    primary = values["primary_email"]
    said = next((x for x in contacts if not x.problem and x.values["email"] == primary), None)
    contact = row_of(said) if said else Contact(email=primary)
    if said is None or "kinds" not in said.values:
        contact.kinds = in_order(MailKind)
    contact.pk, contact.organization = contact_id, organization
    contact.save(force_insert=True)
    for slug in values.get("former_slugs", []):
        keep_former(organization, slug)
    after = {"name": organization.name}
    audit.record(actor, Event.ORGANIZATION_STARTED, organization, after=after)
    return organization


def _slug(line: Line) -> str:
    slug = line.values.get("slug")
    if not slug:
        return slugs.slug_for(line.values["name"], slugs.taken)
    if slugs.taken(slug):
        raise Refused(_("Another organization has it, or had it."), field="slug")
    return str(slug)


def keep_former(organization: Organization, slug: str) -> None:
    """Have a slug lead to the organization; raises Refused where it is, or was, another's."""
    if slugs.taken(slug, but=organization.pk):
        raise Refused(_("Another organization has it, or had it."), field="former_slugs")
    FormerSlug.objects.get_or_create(slug=slug, organization=organization)


def shut(work: Work, lines: list[Line]) -> None:
    """A new organization that is suspended elsewhere is so here: at last, since nothing is given to one
    that is. Later it is the staff's to say."""
    for line in lines if work.is_new else ():
        since, reason = line.values.get("suspended"), line.values.get("suspended_reason", "")
        if since and not line.problem:
            house = work.organization
            house.suspended_at, house.suspended_reason = since, reason
            house.save(update_fields=["suspended_at", "suspended_reason"])
            audit.record(work.actor, Event.SUSPENDED, house, after={"reason": reason})


def change(work: Work, line: Line) -> int:
    """An organization that is there, as the line says it now."""
    organization, values = work.organization, line.values
    _rename(work, line)
    for slug in values.get("former_slugs", []):
        if slug != organization.slug:
            slugs.wait_for_turn()
            keep_former(organization, slug)
    wanted = {name: values[name] for name in SETTINGS if values.get(name) not in (None, "")}
    _set(work, Event.SETTINGS_CHANGED, wanted)
    _set(
        work, Event.SIGN_IN_RULES_CHANGED, {name: values[name] for name in RULES if name in values}
    )
    primary = values.get("primary_email")
    if primary and primary != organization.primary_contact.email:
        make_primary(work.actor, organization, {"email": primary}, {"reason": _("Import")})
    return organization.pk


def _rename(work: Work, line: Line) -> None:
    organization = work.organization
    before = {"name": organization.name, "slug": organization.slug}
    after = {"name": line.values["name"], "slug": line.values.get("slug") or organization.slug}
    if before == after:
        return
    if after["slug"] != organization.slug:
        leave_behind(organization, after["slug"])
    organization.name, organization.slug = after["name"], after["slug"]
    organization.save(update_fields=["name", "slug"])
    event = audit.record(work.actor, Event.RENAMED, organization, before=before, after=after)
    later("account.tell_renamed", organization_id=organization.pk, event_id=event.pk)


def _set(work: Work, event: Event, wanted: dict[str, Any]) -> None:
    organization = work.organization
    before = {name: getattr(organization, name) for name in wanted}
    if before == wanted:
        return
    for name, value in wanted.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(wanted))
    was, now = _plain(before), _plain(wanted)
    row = audit.record(work.actor, event, organization, before=was, after=now)
    if event == Event.SIGN_IN_RULES_CHANGED:
        later("account.tell_rules_changed", organization_id=organization.pk, event_id=row.pk)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As the audit log keeps it."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }
