"""A second factor that was lost shall be taken off an account: its person can object."""

from forecourt.core.actions import action
from forecourt.core.refusals import Gone
from forecourt.people import factor_resets
from forecourt.people.permissions import OwnPermission


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def cancel_factor_reset(actor, *, why: str = "") -> None:
    """Keep one's second factors: whoever asked to have them taken off shall not have it. Raises
    Gone where nobody asked, or it is done."""
    reset = factor_resets.waiting(actor.user.pk)
    if reset is None:
        raise Gone
    factor_resets.stop(actor, reset, why)
