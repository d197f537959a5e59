"""Who may have a lost second factor taken off an account, and what happens when the notice is over.

An organization's Admin may ask for somebody who belongs to no other organization and is not staff:
nobody else would be hurt. For everybody else it is the vendor's staff, who know their customers.
"""

from django.utils import timezone

from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.orgs.models import Membership, Staff
from forecourt.people import factor_resets
from forecourt.people.models import FactorReset, User


def is_theirs_alone(user_id: int, organization_id: int) -> bool:
    """Whether a person belongs to this organization and no other, and is not one of the staff."""
    with scope.person(user_id):
        places = {*Membership.objects.filter(user_id=user_id).values_list("organization_id")}
    return places == {(organization_id,)} and not Staff.objects.filter(user_id=user_id).exists()


@action("finish_factor_reset")
def finish_factor_reset(actor, *, reset_id: int) -> None:
    """Take the factors off when the person has had their notice for 72 hours; drop it where no
    notice got through, or the organization that asked may not ask any more."""
    pending = factor_resets.all_waiting().filter(pk=reset_id)
    for user_id in pending.values_list("user_id"):  # first the person, as everything about them
        User.objects.select_for_update(no_key=True).get(pk=user_id[0])
    reset = pending.select_related("user").first()
    if reset is None:
        audit.unchanged()
    elif reset.asked_in and not is_theirs_alone(reset.user_id, reset.asked_in):
        factor_resets.stop(actor, reset, "belongs elsewhere by now")
    elif factor_resets.is_undeliverable(reset):
        factor_resets.stop(actor, reset, "the notice could not be delivered")
    elif _may_be_done(reset):
        factor_resets.take_off(actor, reset)
    else:
        audit.unchanged()


def _may_be_done(reset: FactorReset) -> bool:
    """The notice of 72 hours begins when a mail of it was sent, however long that took."""
    noticed = factor_resets.noticed_at(reset)
    return noticed is not None and noticed + factor_resets.NOTICE <= timezone.now()
