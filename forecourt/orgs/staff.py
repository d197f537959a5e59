"""The vendor's staff: who they are, and what they do for people."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.core.turns import take_turn
from forecourt.orgs.events import Event
from forecourt.orgs.models import Staff
from forecourt.people import factor_resets
from forecourt.people.accounts import create_account, verified_account
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.models import FactorReset, User


@action("add_staff")
def add_staff(actor, *, email: str, duty: str = Staff.Duty.OWNER) -> Staff:
    """Make a person one of the vendor's staff, and tell them; who is one stays as they are. Who has no
    account gets one without a password: a code that is mailed to them lets them in."""
    duty, address = _known(duty), _address(email)
    user = verified_account(address) or create_account(email=address, password=None)
    staff, added = Staff.objects.get_or_create(user=user, defaults={"duty": duty})
    if added:
        audit.record(actor, Event.STAFF_ADDED, staff, after={"duty": staff.duty})
        link = settings.PUBLIC_URL + reverse("console")
        by = actor.label if actor.kind == "staff" else ""
        mail.queue("orgs.staff_added", address, by=by, link=link)
    else:
        audit.unchanged()
    return staff


@action("change_duty")
def change_duty(actor, *, staff_id: int, duty: str) -> Staff:
    """Have one of the staff do something else."""
    staff, duty = _one(staff_id), _known(duty)
    if staff.duty == duty:
        audit.unchanged()
        return staff
    _another_owner_than(staff)
    before, staff.duty = {"duty": staff.duty}, duty
    staff.save(update_fields=["duty"])
    audit.record(actor, Event.STAFF_DUTY_CHANGED, staff, before=before, after={"duty": duty})
    return staff


@action("remove_staff")
def remove_staff(actor, *, staff_id: int) -> Staff:
    """Let a person be staff no more; their account stays. It holds from their next request on."""
    staff = _one(staff_id)
    _another_owner_than(staff)
    pk = staff.pk
    staff.delete()
    staff.pk = pk
    audit.record(actor, Event.STAFF_REMOVED, staff, before={"duty": staff.duty})
    return staff


def _one(staff_id: int) -> Staff:
    """One of the staff, behind the turn that all have who change them; raises Gone."""
    take_turn("staff")
    found = Staff.objects.select_related("user").filter(pk=staff_id).first()
    if found is None:
        raise Gone
    return found


def _known(duty: str) -> str:
    if duty not in Staff.Duty.values:
        raise Refused(_("There is no such duty."), field="duty")
    return duty


def _another_owner_than(staff: Staff) -> None:
    """Somebody has to be there who can let others in."""
    others = Staff.objects.filter(duty=Staff.Duty.OWNER, user__is_active=True)
    if staff.duty == Staff.Duty.OWNER and not others.exclude(pk=staff.pk).exists():
        raise Refused(_("This is the only owner. Make somebody else one first."), field="duty")


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


def _address(email: str) -> str:
    try:
        return normalize(email)
    except BadAddress as problem:
        raise Refused(str(problem), field="email") from problem


def _person(email: str) -> User:
    user = verified_account(address := _address(email))
    if user is None:
        raise Refused(_("%(email)s has no account.") % {"email": address}, field="email")
    return user
