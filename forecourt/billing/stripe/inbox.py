"""What Stripe tells: kept once, answered at once, applied by a job. An event is only a hint that
something is worth a look; so neither order, nor repetition, nor age matters."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from forecourt.billing.models import StripeEvent
from forecourt.billing.stripe import client, looking
from forecourt.core.jobs import all_later, later

log = logging.getLogger(__name__)
Status = StripeEvent.Status
#: How long events are remembered; Stripe sends one again for a month at most.
KEPT = dt.timedelta(days=60)
#: What an event's object is, and under which name it holds the id of what is to be looked at.
SUBJECTS = {
    "subscription": "id",
    "invoice": "id",
    "invoice_payment": "invoice",
    "charge": "payment_intent",
    "refund": "payment_intent",
    "dispute": "payment_intent",
    "customer": "id",
    "payment_method": "customer",
    "setup_intent": "id",
    "checkout.session": "setup_intent",
}


def take(event: dict[str, Any]) -> None:
    """Keep an event that Stripe signed, and ask for the job that applies it, unless it is known. Of
    what concerns nobody here nothing is kept."""
    thing = event["data"]["object"]
    subject = thing.get(SUBJECTS.get(thing.get("object"), "")) or ""
    if not subject or event.get("account"):
        return
    customer = thing["id"] if thing["object"] == "customer" else thing.get("customer") or ""
    with transaction.atomic(durable=True):
        _row, is_new = StripeEvent.objects.get_or_create(
            event_id=event["id"],
            defaults={
                "kind": event["type"][:80],
                "subject": subject,
                "customer_id": customer,
                "happened_at": dt.datetime.fromtimestamp(event["created"], dt.UTC),
            },
        )
        if is_new:
            later("billing.stripe_apply", event_id=event["id"])


def apply(event_id: str) -> None:
    """Look at what an event is about. With it all events are applied that waited for the same look."""
    event = StripeEvent.objects.filter(pk=event_id, status=Status.WAITING).first()
    if event is None:
        return
    same = StripeEvent.objects.filter(subject=event.subject, status=Status.WAITING)
    waiting = list(same.values_list("pk", flat=True))
    status = Status.APPLIED
    try:
        looking.refresh(event.subject, customer_id=event.customer_id)
    except looking.Nobodys as problem:
        log.warning("an event of Stripe (%s) is parked: %s", event, problem)
        status = Status.PARKED
    except client.Declined as problem:
        log.warning("an event of Stripe (%s) is about nothing: %s", event, problem.code)
    StripeEvent.objects.filter(pk__in=waiting).update(status=status)


def unpark(customer_id: str) -> None:
    """Somebody is this customer now: what was told of it meanwhile is applied."""
    with transaction.atomic():
        parked = StripeEvent.objects.filter(customer_id=customer_id, status=Status.PARKED)
        ids = list(parked.select_for_update().values_list("pk", flat=True))
        StripeEvent.objects.filter(pk__in=ids).update(status=Status.WAITING)
        all_later("billing.stripe_apply", [{"event_id": pk} for pk in ids])


def forget_old() -> None:
    """Forget what is long applied, or was parked for nobody."""
    StripeEvent.objects.filter(received_at__lt=timezone.now() - KEPT).exclude(
        status=Status.WAITING
    ).delete()
