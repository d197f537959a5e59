"""The settings of an organization, changed by its Admins."""

import datetime as dt

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import Permission
from forecourt.orgs.sign_in_policy import today


@action(Permission.EDIT_SETTINGS)
def change_settings(
    actor, *, who_may_invite: str, invitation_days: int, keys_hidden: bool
) -> Organization:
    """Change who may invite, how many days (1 to 30) a new invitation lives, and whether license
    keys are hidden from Members."""
    if not 1 <= invitation_days <= 30:
        raise Refused(_("An invitation lives 1 to 30 days."), field="invitation_days")
    organization = Organization.objects.get(pk=actor.organization_id)
    after = {
        "who_may_invite": who_may_invite,
        "invitation_days": invitation_days,
        "keys_hidden": keys_hidden,
    }
    before = {name: getattr(organization, name) for name in after}
    if before == after:
        audit.unchanged()
        return organization
    for name, value in after.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(after))
    audit.record(actor, Event.SETTINGS_CHANGED, organization, before=before, after=after)
    return organization


@action(Permission.EDIT_SETTINGS)
def change_sign_in_rules(
    actor, *, second_factor_from: dt.date | None, session_hours: int | None, strong: bool
) -> Organization:
    """Demand a second factor of everybody from a day on (None: not), and a new proof after so many
    hours (1 to 720; None: as long as the vendor's sessions live). `strong`: whoever changes it has
    signed in with a second factor, without which they would shut themselves out."""
    organization = Organization.objects.get(pk=actor.organization_id)
    before, after = _rules(organization), (second_factor_from, session_hours)
    if session_hours is not None and not 1 <= session_hours <= 720:
        raise Refused(_("From 1 to 720 hours."), field="session_hours")
    if second_factor_from is not None and second_factor_from != before[0]:
        _not_too_soon(second_factor_from, strong=strong)
    if before == after:
        audit.unchanged()
        return organization
    organization.second_factor_from, organization.session_hours = after
    organization.save(update_fields=["second_factor_from", "session_hours"])
    event = audit.record(
        actor, Event.SIGN_IN_RULES_CHANGED, organization, before=_said(before), after=_said(after)
    )
    later("account.tell_rules_changed", organization_id=organization.pk, event_id=event.pk)
    return organization


def _not_too_soon(day: dt.date, *, strong: bool) -> None:
    if day < today():
        raise Refused(
            _("This day is over. Choose today or a later day."), field="second_factor_from"
        )
    if day == today() and not strong:
        raise Refused(
            _(
                "You would shut yourself out: sign in with a second factor first, or choose a later day."
            ),
            field="second_factor_from",
        )


def _rules(organization: Organization) -> tuple[dt.date | None, int | None]:
    return organization.second_factor_from, organization.session_hours


def _said(rules: tuple[dt.date | None, int | None]) -> dict[str, str | int | None]:
    """As the audit log keeps them."""
    day, hours = rules
    return {"second_factor_from": day.isoformat() if day else None, "session_hours": hours}
