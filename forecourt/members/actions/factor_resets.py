"""A member lost their second factor: an Admin asks to have it taken off."""

from django.utils.translation import gettext as _

from forecourt.core.actions import action
from forecourt.core.brand import brand
from forecourt.core.refusals import Gone, Refused
from forecourt.members.actions.people import member_of
from forecourt.orgs.factor_resets import is_theirs_alone
from forecourt.orgs.permissions import Permission
from forecourt.people import factor_resets
from forecourt.people.models import FactorReset


@action(Permission.RESET_FACTORS)
def ask_factor_reset(actor, *, member_id: int, reason: str) -> FactorReset:
    """Have a member's lost second factor taken off in 72 hours, unless they object."""
    member = member_of(actor, member_id)
    if member.user_id == actor.actor_id:
        raise Refused(_("Your own second factor is changed on “Profile & security”."))
    if not is_theirs_alone(member.user_id, actor.organization_id):
        raise Refused(
            _("For this account only %(vendor)s can do that. Ask them to write to %(email)s.")
            % {"vendor": brand().name, "email": brand().support_email}
        )
    return factor_resets.ask(actor, member.user, reason=reason)


@action(Permission.RESET_FACTORS)
def withdraw_factor_reset(actor, *, member_id: int) -> None:
    """Take back what this organization asked for: the member's second factor stays."""
    reset = factor_resets.waiting(member_of(actor, member_id).user_id)
    if reset is None or reset.asked_in != actor.organization_id:
        raise Gone
    factor_resets.stop(actor, reset)
