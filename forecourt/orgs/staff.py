"""The vendor's staff: adding one, and what they do for people, as the command line does."""

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Staff
from forecourt.people import factor_resets
from forecourt.people.accounts import verified_account
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import FactorReset, User


@action("add_staff")
def add_staff(actor, *, email: str) -> Staff:
    """Make a person with a verified account one of the vendor's staff."""
    user = _person(email)
    staff, added = Staff.objects.get_or_create(user=user, defaults={"duty": Staff.Duty.OWNER})
    if added:
        audit.record(actor, Event.STAFF_ADDED, staff, after={"duty": staff.duty})
    else:
        audit.unchanged()
    return staff


@action("reset_factor")
def reset_factor(actor, *, email: str, reason: str) -> FactorReset:
    """Have a person's lost second factor taken off in 72 hours, unless they object."""
    return factor_resets.ask(actor, _person(email), reason=reason)


@action("keep_factor")
def keep_factor(actor, *, email: str) -> None:
    """Take back what staff or an Admin asked for: the person's second factor stays."""
    reset = factor_resets.waiting(_person(email).pk)
    if reset is None:
        raise Refused(_("Nobody asked to take off a second factor of this account."))
    factor_resets.stop(actor, reset)


def _person(email: str) -> User:
    try:
        address = normalize(email)
    except BadAddress as problem:
        raise Refused(str(problem), field="email") from problem
    user = verified_account(address)
    if user is None:
        raise Refused(
            _("%(email)s has no account yet: sign up in the portal first.") % {"email": address},
            field="email",
        )
    return user
