"""A provider's word about a mail, as django-anymail understands it: its only way to tell is a signal
(decision 0029)."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver

from forecourt.account import fates
from forecourt.core.fates import Told
from forecourt.core.models import Mail

FATES = {
    EventType.DELIVERED: Mail.Status.DELIVERED,
    EventType.BOUNCED: Mail.Status.BOUNCED,
    EventType.COMPLAINED: Mail.Status.COMPLAINED,
    EventType.REJECTED: Mail.Status.FAILED,
    EventType.FAILED: Mail.Status.FAILED,
}
#: Why a provider takes no mail for an address that are of the address.
OF_THE_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}
#: What providers call a bounce that says nothing about the address.
SOFT = {"SoftBounce", "soft_bounce"}


@receiver(tracking)
def mail_tracked(event: AnymailTrackingEvent, **_more: Any) -> None:
    """Note what became of a mail; whatever else providers tell (opened, clicked, deferred) is not
    looked at."""
    fate = FATES.get(event.event_type)
    token = (event.metadata or {}).get("forecourt")
    if fate is None or not isinstance(token, str):
        return
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    is_soft = bool({str(said.get("Type")), str(said.get("event"))} & SOFT)
    is_bad = event.event_type == EventType.BOUNCED or event.reject_reason in OF_THE_ADDRESS
    fates.believe(
        Told(
            token,
            fate,
            reason=str(event.mta_response or event.description or event.reject_reason or ""),
            at=event.timestamp,
            is_for_good=is_bad and not is_soft,
        )
    )
