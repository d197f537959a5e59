"""A second factor that was lost shall be taken off an account: its person can object."""

from django.utils import timezone

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone
from forecourt.people.events import Event
from forecourt.people.models import FactorReset
from forecourt.people.permissions import OwnPermission


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def cancel_factor_reset(actor) -> None:
    """Keep one's second factors: whoever asked to have them taken off shall not have it. Raises
    Gone where nobody asked, or it is done."""
    waiting = FactorReset.objects.filter(user=actor.user, cancelled_at=None, done_at=None)
    if not waiting.update(cancelled_at=timezone.now()):
        raise Gone
    audit.record(actor, Event.FACTOR_RESET_CANCELLED, actor.user, person_id=actor.user.pk)
