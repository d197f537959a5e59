"""Our rows follow Stripe: what it says of a subscription or a customer is written down. Plain
functions behind the lock on the organization; the one action is `follow_stripe`.

A license runs as long as Stripe has the subscription in a period: also while a payment is tried
again, until Stripe gives up and ends it. It begins with the first payment. A disputed payment
suspends it, until the dispute is won. Money that the vendor gives back changes no license.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from forecourt.billing.events import Event
from forecourt.billing.models import ProviderCall, StripeCustomer, Subscription
from forecourt.billing.stripe import asking, invoices
from forecourt.billing.stripe.finding import day, details_of, moment, ours
from forecourt.billing.stripe.kinds import says
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.orgs.models import lock
from forecourt.products import licenses

if TYPE_CHECKING:
    from forecourt.billing.stripe.looking import Look

Status, Kind = Subscription.Status, ProviderCall.Kind
#: How long a license that renews outlasts its period: Stripe may be late, or we.
SLACK = dt.timedelta(days=1)
STATUS = {
    "past_due": Status.PAST_DUE,
    "unpaid": Status.PAST_DUE,
    "paused": Status.PAST_DUE,
    "canceled": Status.ENDED,
    "incomplete_expired": Status.ENDED,
}


class Stale(Exception):
    """Something was written since this was looked at."""


@action("follow_stripe")
def follow_stripe(actor, *, version: int, look: "Look") -> None:
    """Write what was seen at Stripe into our rows; raises Stale where it is no longer the newest."""
    lock(actor.organization_id)
    customer = StripeCustomer.objects.get(pk=actor.organization_id)
    if customer.version != version:
        raise Stale
    audit.unchanged()  # What changes is noted where it does.
    customer.version += 1
    customer.save(update_fields=["version"])
    if look.subscription:
        _follow_subscription(actor, look.subscription)
    if look.invoice:
        invoices.follow(actor, look.invoice, look.money)
    if look.customer:
        _follow_method(actor, customer, look.customer)
        _tell_details(actor, customer, look.customer)
    if look.setup:
        method, about = look.setup["payment_method"], f"setup:{look.setup['id']}"
        asking.ask_once(actor, Kind.METHOD, about, customer=customer.customer_id, method=method)


def _follow_subscription(actor: Any, found: dict[str, Any]) -> None:
    row = ours(actor, found["id"], found["metadata"])
    if row is None:
        return
    about = {"about": f"subscription:{row.pk}", "status": ProviderCall.Status.OPEN}
    wished = set(ProviderCall.objects.filter(**about).values_list("kind", flat=True))
    values = _period(row, found)
    if Kind.END not in wished:
        values |= _status(row, found)
    if Kind.RENEWS not in wished:
        values |= _renewal(row, found)
    if Kind.SEATS not in wished:
        values |= _seats(row, found)
    _save(actor, row, values)
    _follow_license(actor, row, found)


def _save(actor: Any, row: Subscription, values: dict[str, Any]) -> None:
    before = {name: getattr(row, name) for name in values}
    if before == values:
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    changed = [name for name in values if before[name] != values[name]]
    event = Event.SUBSCRIPTION_FOLLOWED
    if "status" in changed and row.has_ended:
        event = Event.SUBSCRIPTION_ENDED
    elif "period_start" in changed:
        event = Event.SUBSCRIPTION_RENEWED
    said = [{name: str(each[name]) for name in changed} for each in (before, values)]
    audit.record(actor, event, row, before=said[0], after=said[1])


def _period(row: Subscription, found: dict[str, Any]) -> dict[str, Any]:
    item = found["items"]["data"][0]
    start, end = day(item["current_period_start"]), day(item["current_period_end"])
    return {"period_start": start, "period_end": end}


def _status(row: Subscription, found: dict[str, Any]) -> dict[str, Any]:
    status = STATUS.get(found["status"], Status.ACTIVE)
    ended_at = moment(found["ended_at"]) if status == Status.ENDED else None
    return {"status": status, "ended_at": ended_at}


def _renewal(row: Subscription, found: dict[str, Any]) -> dict[str, Any]:
    if not found["cancel_at_period_end"]:
        reason = row.cancel_reason if row.has_ended else ""
        return {"cancels_at_period_end": False, "canceled_at": None, "cancel_reason": reason}
    at = row.canceled_at or moment(found["canceled_at"])
    return {"cancels_at_period_end": True, "canceled_at": at}


def _seats(row: Subscription, found: dict[str, Any]) -> dict[str, Any]:
    """Fewer seats than are paid for hold from the next period on."""
    item = found["items"]["data"][0]
    seats, is_new = item["quantity"], day(item["current_period_start"]) != row.period_start
    if is_new or seats >= row.seats:
        return {"seats": seats, "next_seats": None}
    return {"seats": row.seats, "next_seats": seats}


def _follow_license(actor: Any, row: Subscription, found: dict[str, Any]) -> None:
    if row.has_ended:
        if row.license:
            licenses.end(actor, row.license, at=row.ended_at)
        return
    if found["status"] not in ("active", "trialing", "past_due"):
        return  # Not paid for yet, or no longer.
    renews = not row.cancels_at_period_end
    end = moment(found["items"]["data"][0]["current_period_end"])
    ends_at = end + SLACK if renews else end
    if row.license is None:
        row.license = licenses.grant(
            actor,
            row.plan.product,
            plan=row.plan.name,
            seats=row.seats,
            starts_at=moment(found["start_date"]),
            ends_at=ends_at,
            renews=renews,
        )
        row.save(update_fields=["license"])
        if invoices.is_disputed(row):
            licenses.suspend(actor, row.license)
        return
    licenses.extend(actor, row.license, ends_at=ends_at, renews=renews)
    taken = row.license.seats_taken.count()
    licenses.change_seats(actor, row.license, seats=max(row.seats, taken))


def _follow_method(actor: Any, customer: StripeCustomer, found: dict[str, Any]) -> None:
    method = (found.get("invoice_settings") or {}).get("default_payment_method") or {}
    kind = method.get("type", "")
    details = method.get(kind) or {}
    values = {
        "method_id": method.get("id", ""),
        "method_kind": kind,
        "method_brand": details.get("display_brand") or details.get("brand") or "",
        "method_last4": details.get("last4") or "",
        "method_expires_on": _last_day(details),
    }
    if {name: getattr(customer, name) for name in values} == values:
        return
    for name, value in values.items():
        setattr(customer, name, value)
    customer.save(update_fields=list(values))
    after = {"kind": kind, "last4": values["method_last4"]}
    audit.record(actor, Event.METHOD_CHANGED, customer, after=after)


def _tell_details(actor: Any, customer: StripeCustomer, found: dict[str, Any]) -> None:
    """Of who pays we know more than Stripe: it is told where it says something else."""
    wished = details_of(lock(actor.organization_id))
    open_calls = ProviderCall.objects.filter(kind=Kind.DETAILS, status=ProviderCall.Status.OPEN)
    if not says(found, wished) and not open_calls.exists():
        who = customer.customer_id
        asking.ask(actor, Kind.DETAILS, "details", customer=who, details=wished)


def _last_day(card: dict[str, Any]) -> dt.date | None:
    if not card.get("exp_year"):
        return None
    months = card["exp_year"] * 12 + card["exp_month"]
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
