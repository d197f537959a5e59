"""Everything that can happen on the organization's own page."""

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import Permission


@action(Permission.EDIT_SETTINGS)
def change_settings(actor, *, who_may_invite: str, invitation_days: int) -> Organization:
    """Change who may invite, and how many days (1 to 30) a new invitation lives."""
    if not 1 <= invitation_days <= 30:
        raise Refused(_("An invitation lives 1 to 30 days."), field="invitation_days")
    organization = Organization.objects.get(pk=actor.organization_id)
    before = {
        "who_may_invite": organization.who_may_invite,
        "invitation_days": organization.invitation_days,
    }
    after = {"who_may_invite": who_may_invite, "invitation_days": invitation_days}
    if before == after:
        audit.unchanged()
        return organization
    organization.who_may_invite = who_may_invite
    organization.invitation_days = invitation_days
    organization.save(update_fields=list(after))
    audit.record(actor, Event.SETTINGS_CHANGED, organization, before=before, after=after)
    return organization
