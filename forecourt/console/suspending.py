"""Shutting an organization for a while, and opening it again: nothing of it is changed but that. What
follows from it stands where it is asked: `WHILE_SUSPENDED`, `License.not_stopped`."""

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console import reasons
from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Organization, lock
from forecourt.orgs.recipients import admins
from forecourt.products.launching import standing


@action("suspend_organization")
def suspend_organization(actor, *, reason: str) -> Organization:
    """Shut an organization to its members, but for paying and leaving, and stop its licenses. What it
    pays for goes on: ending that is another decision."""
    organization, reason = lock(actor.organization_id), reasons.checked(reason)
    if organization.is_suspended:
        raise Refused(_("%(organization)s is suspended already.") % {"organization": organization})
    _set(organization, suspended_at=timezone.now(), suspended_reason=reason)
    audit.record(actor, Event.SUSPENDED, organization, after={"reason": reason})
    _tell(organization)
    standing.changed(organization.pk)
    return organization


@action("reopen_organization")
def reopen_organization(actor) -> Organization:
    """Open it again, exactly as it was."""
    organization = lock(actor.organization_id)
    if not organization.is_suspended:
        audit.unchanged()
        return organization
    before = {"reason": organization.suspended_reason}
    _set(organization, suspended_at=None, suspended_reason="")
    audit.record(actor, Event.REOPENED, organization, before=before)
    _tell(organization)
    return organization


def _set(organization: Organization, **values) -> None:
    for name, value in values.items():
        setattr(organization, name, value)
    organization.save(update_fields=[*values])


def told(organization: Organization) -> list[str]:
    """Who learns of it: the primary billing contact and the Admins, each once."""
    return list(dict.fromkeys([organization.primary_contact.email, *admins(organization.pk)]))


def _tell(organization: Organization) -> None:
    mail.queue_all(
        "console.suspended" if organization.is_suspended else "console.reopened",
        told(organization),
        organization_id=organization.pk,
        organization_name=organization.name,
        slug=organization.slug,
        reason=organization.suspended_reason,
    )
