"""Writing down that Stripe is to do something, in the action that wants it."""

from typing import Any

from forecourt.billing.events import Event
from forecourt.billing.models import ProviderCall
from forecourt.core import audit
from forecourt.core.jobs import later, later_in

#: Seconds that a job leaves to the view that waits for an answer.
FIRST = 20


def ask(actor: Any, kind: str, about: str, *, waits: bool = False, **params: Any) -> ProviderCall:
    """Write down that Stripe is to do something, in the action that wants it; a job sees to it.
    `waits`: a person does, so the view has the first try."""
    call = ProviderCall.objects.create(
        organization_id=actor.organization_id, kind=kind, about=about, params=params
    )
    audit.record(actor, Event.PROVIDER_ASKED, call)
    ids = {"organization_id": actor.organization_id, "call_id": call.pk}
    later_in(FIRST, "billing.stripe_settle", **ids) if waits else later(
        "billing.stripe_settle", **ids
    )
    return call


def ask_once(actor: Any, kind: str, about: str, **params: Any) -> ProviderCall:
    """The same for what is done once for each thing: the call that there is, or a new one. Behind
    the lock on the organization."""
    known = ProviderCall.objects.filter(
        organization_id=actor.organization_id, kind=kind, about=about
    ).exclude(status=ProviderCall.Status.REFUSED)
    return known.first() or ask(actor, kind, about, **params)
