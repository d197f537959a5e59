"""What came of a call: noted once, with what follows from it. Actions of the house itself."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing.events import Event
from forecourt.billing.models import Invoice, ProviderCall, StripeCustomer, Subscription
from forecourt.billing.stripe import asking
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.orgs.models import lock

Kind = ProviderCall.Kind


@action("note_outcome")
def note_outcome(actor, *, call_id: int, found: dict[str, Any]) -> None:
    """Stripe did what it was asked."""
    call = _settled(actor, call_id, ProviderCall.Status.DONE, result=found["id"])
    if call is None:
        return
    if call.kind == Kind.CUSTOMER:
        StripeCustomer.objects.create(
            organization_id=actor.organization_id, customer_id=found["id"]
        )
        later("billing.stripe_unpark", customer_id=found["id"])
    elif call.kind == Kind.START:
        Subscription.objects.filter(pk=call.params["subscription"]).update(external_id=found["id"])
    elif call.kind == Kind.METHOD:
        _pay_what_is_open(actor)
    _look_again(actor, call, found["id"])


@action("note_refusal")
def note_refusal(actor, *, call_id: int, sentence: str) -> None:
    """Stripe said no: what we hold may be wrong, so it is looked at."""
    call = _settled(actor, call_id, ProviderCall.Status.REFUSED, sentence=sentence[:300])
    if call is not None:
        _after_refusal(actor, call)


@action("give_up")
def give_up(actor, *, call_id: int) -> None:
    """It was not done in time, and to do it now would surprise people."""
    sentence = _("The payment provider could not be reached. Nothing was changed. Try again.")
    call = _settled(actor, call_id, ProviderCall.Status.REFUSED, sentence=sentence)
    if call is not None:
        _after_refusal(actor, call)


def _settled(actor: Any, call_id: int, status: str, **values: str) -> ProviderCall | None:
    """The call, settled now; None where it was before."""
    lock(actor.organization_id)
    call = ProviderCall.objects.get(pk=call_id)
    if not call.is_open:
        audit.unchanged()
        return None
    call.status, call.settled_at = status, timezone.now()
    for name, value in values.items():
        setattr(call, name, value)
    if call.kind in (Kind.CUSTOMER, Kind.DETAILS):  # Who pays stands in the billing details alone.
        call.params = {}
    call.save(update_fields=["status", "settled_at", "params", *values])
    after = {"status": call.status, **values}
    audit.record(actor, Event.PROVIDER_ANSWERED, call, after=after)
    return call


def _after_refusal(actor: Any, call: ProviderCall) -> None:
    if call.kind == Kind.START:  # It never began.
        row = Subscription.objects.get(pk=call.params["subscription"])
        row.status, row.ended_at = Subscription.Status.ENDED, timezone.now()
        row.save(update_fields=["status", "ended_at"])
        audit.record(actor, Event.SUBSCRIPTION_ENDED, row)
        return
    _look_again(actor, call, "")


def _look_again(actor: Any, call: ProviderCall, made: str) -> None:
    """Ask for a look at what the call was about."""
    subject = {
        Kind.START: made,
        Kind.RENEWS: call.params.get("subscription"),
        Kind.SEATS: call.params.get("subscription"),
        Kind.END: call.params.get("subscription"),
        Kind.METHOD: call.params.get("customer"),
        Kind.PAY: call.params.get("invoice"),
        Kind.REFUND: call.params.get("invoice"),
    }.get(Kind(call.kind))
    if subject:
        later("billing.stripe_look", organization_id=actor.organization_id, subject=subject)


def _pay_what_is_open(actor: Any) -> None:
    """With another payment method, what could not be paid is tried again at once."""
    rows = Invoice.objects.filter(
        organization_id=actor.organization_id,
        provider="stripe",
        status=Invoice.Status.OPEN,
        subscription__status=Subscription.Status.PAST_DUE,
    )
    waiting = ProviderCall.objects.filter(kind=Kind.PAY, status=ProviderCall.Status.OPEN)
    known = set(waiting.values_list("about", flat=True))
    for invoice in rows:
        if (about := f"invoice:{invoice.pk}") not in known:
            asking.ask(actor, Kind.PAY, about, invoice=invoice.external_id)
