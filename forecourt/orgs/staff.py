"""The vendor's staff: adding one, as the command line does."""

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event
from forecourt.orgs.models import Staff
from forecourt.people.accounts import verified_account
from forecourt.people.addresses import BadAddress, normalize


@action("add_staff")
def add_staff(actor, *, email: str) -> Staff:
    """Make a person with a verified account one of the vendor's staff."""
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
    staff, added = Staff.objects.get_or_create(user=user, defaults={"duty": Staff.Duty.OWNER})
    if added:
        audit.record(actor, Event.STAFF_ADDED, staff, after={"duty": staff.duty})
    else:
        audit.unchanged()
    return staff
