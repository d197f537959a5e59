"""What a person waits for: Stripe is asked in the view, after what they want was written down."""

from typing import Any

from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import actions, calls, client, outcomes
from forecourt.billing.stripe.port import away, customer_of
from forecourt.core.actors import System
from forecourt.core.refusals import Refused


def method_page(member: Any) -> str:
    """The address of a page of Stripe's where a payment method is entered; raises Refused."""
    if customer_of(member.organization_id) is None:
        _now(actions.ask_for_customer(member))
    call = actions.ask_for_method_page(member)
    try:
        found = _now(call)
    except Refused:
        outcomes.give_up(System(call.organization_id, label="Stripe"), call_id=call.pk)
        raise
    if found is None:
        raise away()
    return str(found["url"])


def _now(call: ProviderCall) -> dict[str, Any] | None:
    try:
        return calls.settle(call.organization_id, call.pk, waits=True)
    except (client.Away, client.Unknown) as problem:
        raise away() from problem
