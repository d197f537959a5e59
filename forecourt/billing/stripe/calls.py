"""Having Stripe do something exactly once, whatever breaks in between.

A call is written down first. Then it is sent, under its key. Where it is not known what came of it,
Stripe is looked at: what was done is noted, what was not is sent again, under the same key as long as
that is good. A key is bad when it is old (Stripe forgets it after a day) or when Stripe has a broken
answer under it, which it would only repeat; a new one is taken when no request under the old one can
be under way any more.
"""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import client, outcomes
from forecourt.billing.stripe.kinds import HOW
from forecourt.core import scope
from forecourt.core.actors import System

log = logging.getLogger(__name__)
#: How long a key is used. Stripe keeps it for at least 24 hours.
KEY_LIFE = dt.timedelta(hours=20)
#: After so long nothing that was sent is under way any more.
QUIET = dt.timedelta(seconds=60)


def settle(organization_id: int, call_id: int, *, waits: bool = False) -> dict[str, Any] | None:
    """Go on with a call until it is known what came of it; Stripe's object, where it was done now.
    `waits`: a person does. Raises Away or Unknown where it has to be tried again later."""
    call = _read(organization_id, call_id)
    if not call.is_open:
        return None
    for earlier in _before(call):  # Of two wishes the later one counts.
        settle(organization_id, earlier, waits=waits)
    if call.sent_at is not None:
        with client.asking(waits=waits) as api:
            found = HOW[call.kind].look(api, call)
        if found is not None:
            return _done(call, found)
        call = _with_good_key(call)
        if not call.is_open:
            return None
    return _send(call, waits=waits)


def _send(call: ProviderCall, *, waits: bool) -> dict[str, Any] | None:
    call = _note(call, sent_at=Coalesce("sent_at", timezone.now()), tried_at=timezone.now())
    try:
        with client.asking(waits=waits) as api:
            return _done(call, HOW[call.kind].send(api, call))
    except client.Declined as problem:
        with client.asking(waits=waits) as api:  # "Already paid" is no refusal.
            found = HOW[call.kind].look(api, call)
        if found is not None:
            return _done(call, found)
        log.warning("Stripe refused %s (%s): %s", call, call.pk, problem.code)
        outcomes.note_refusal(_system(call), call_id=call.pk, sentence=problem.sentence)
        return None
    except client.Unknown as problem:
        if problem.answered:
            _note(call, is_spent=True)
        raise


def _with_good_key(call: ProviderCall) -> ProviderCall:
    """The call with a key that Stripe will act on or answer by what it did; raises Unknown where it
    is too early to say."""
    now = timezone.now()
    is_old = call.sent_at is not None and now - call.sent_at >= KEY_LIFE
    if not (is_old or call.is_spent):
        return call
    if call.tried_at is not None and now - call.tried_at < QUIET:
        raise client.Unknown("a request may still be under way")
    if is_old and not HOW[call.kind].keeps:
        outcomes.give_up(_system(call), call_id=call.pk)
        return _read(call.organization_id, call.pk)
    return _note(call, generation=call.generation + 1, sent_at=None, is_spent=False)


def _note(call: ProviderCall, **values: Any) -> ProviderCall:
    """Keep something about a call, at once, unless somebody else has gone on with it."""
    with transaction.atomic(durable=True), scope.organization(call.organization_id):
        same = ProviderCall.objects.filter(
            pk=call.pk, status=ProviderCall.Status.OPEN, generation=call.generation
        )
        if not same.update(**values):
            raise client.Unknown("somebody else has gone on with it")
        return ProviderCall.objects.get(pk=call.pk)


def _done(call: ProviderCall, found: dict[str, Any]) -> dict[str, Any]:
    outcomes.note_outcome(_system(call), call_id=call.pk, found=found)
    return found


def _read(organization_id: int, call_id: int) -> ProviderCall:
    with transaction.atomic(), scope.organization(organization_id):
        return ProviderCall.objects.get(pk=call_id)


def _before(call: ProviderCall) -> list[int]:
    """The open calls about the same thing that were asked for earlier."""
    with transaction.atomic(), scope.organization(call.organization_id):
        rows = ProviderCall.objects.filter(
            about=call.about, status=ProviderCall.Status.OPEN, pk__lt=call.pk
        )
        return list(rows.order_by("pk").values_list("pk", flat=True))


def _system(call: ProviderCall) -> System:
    return System(call.organization_id, label="Stripe")


def open_calls() -> list[tuple[int, int]]:
    """(organization, call) of what is not settled and should be, for the nightly look."""
    with scope.across_organizations("calls that are not settled"):
        rows = ProviderCall.objects.filter(status=ProviderCall.Status.OPEN)
        return list(rows.order_by("pk").values_list("organization_id", "pk"))
