"""What a customer does with their subscriptions: cancel, resume, another number of seats."""

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import periods, prices, providers
from forecourt.billing.accounts import account_of
from forecourt.billing.events import Event
from forecourt.billing.finding import subscription_of
from forecourt.billing.issuing import issue_for
from forecourt.billing.models import Subscription
from forecourt.billing.plan_rules import check_seats
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.models import lock
from forecourt.orgs.permissions import Permission
from forecourt.products import licenses


@action(Permission.EDIT_BILLING)
def cancel_subscription(actor, *, subscription_id: int, reason: str = "") -> Subscription:
    """Have a subscription end when what is paid for ends; until then it can be resumed (O18)."""
    subscription = _running(actor, subscription_id)
    if subscription.cancels_at_period_end:
        audit.unchanged()
        return subscription
    if len(reason) > 500:
        raise Refused(_("Say it in 500 letters."), field="reason")
    subscription.cancels_at_period_end = True
    subscription.canceled_at, subscription.cancel_reason = timezone.now(), reason.strip()
    subscription.save(update_fields=["cancels_at_period_end", "canceled_at", "cancel_reason"])
    after = {"ends_on": subscription.period_end.isoformat(), "reason": reason.strip()}
    event = audit.record(actor, Event.SUBSCRIPTION_CANCELED, subscription, after=after)
    _carry_on(actor, subscription, renews=False)
    _tell(subscription, event.pk, "canceled")
    return subscription


@action(Permission.EDIT_BILLING)
def resume_subscription(actor, *, subscription_id: int) -> Subscription:
    """Take a cancellation back."""
    subscription = _running(actor, subscription_id, wants_more=True)
    if not subscription.cancels_at_period_end:
        audit.unchanged()
        return subscription
    subscription.cancels_at_period_end = False
    subscription.canceled_at, subscription.cancel_reason = None, ""
    subscription.save(update_fields=["cancels_at_period_end", "canceled_at", "cancel_reason"])
    event = audit.record(actor, Event.SUBSCRIPTION_RESUMED, subscription)
    _carry_on(actor, subscription, renews=True)
    _tell(subscription, event.pk, "resumed")
    return subscription


def _running(actor, subscription_id: int, *, wants_more: bool = False) -> Subscription:
    """The subscription, if its period still runs: what is over is the clock's. `wants_more`: that
    one pays on, or more, which no member does while nothing of it can be used."""
    organization = lock(actor.organization_id)
    if wants_more and organization.is_suspended and actor.kind == "member":
        raise Refused(_("This cannot be changed while the organization is suspended."))
    subscription = subscription_of(actor, subscription_id)
    if subscription.has_ended or subscription.period_end <= periods.today():
        raise Refused(_("This subscription has ended."))
    return subscription


def _carry_on(actor, subscription: Subscription, *, renews: bool) -> None:
    """Whether the license goes on at the end of the period."""
    provider = providers.of(subscription)
    if subscription.license and provider.issues_invoices:
        ends_at = periods.moment(subscription.period_end)
        licenses.extend(actor, subscription.license, ends_at=ends_at, renews=renews)
    provider.renews(actor, subscription, renews)


def _tell(subscription: Subscription, event_id: int, name: str) -> None:
    owner = subscription.organization_id
    ids = {"organization_id": owner, "subscription_id": subscription.pk, "event_id": event_id}
    later("billing.tell_changed", **ids, name=name)


@action(Permission.EDIT_BILLING)
def change_seats(actor, *, subscription_id: int, seats: int) -> Subscription:
    """Have another number of seats: more at once, for the rest of the period by the day; fewer when
    it renews, at least as many as are taken."""
    check_seats(seats)
    subscription = _running(actor, subscription_id, wants_more=True)
    before = _seats(subscription)
    if seats == (subscription.next_seats or subscription.seats):
        audit.unchanged()
        return subscription
    _fits(subscription, seats)
    added = seats - subscription.seats
    subscription.seats = max(seats, subscription.seats)
    subscription.next_seats = seats if added < 0 else None
    subscription.save(update_fields=["seats", "next_seats"])
    after = _seats(subscription)
    audit.record(actor, Event.SEATS_CHANGED, subscription, before=before, after=after)
    if added > 0:
        _add(actor, subscription, added)
    providers.of(subscription).seats_changed(actor, subscription, max(added, 0))
    return subscription


def _seats(subscription: Subscription) -> dict[str, int | None]:
    return {"seats": subscription.seats, "next_seats": subscription.next_seats}


def _fits(subscription: Subscription, seats: int) -> None:
    if subscription.cancels_at_period_end:
        raise Refused(_("It is canceled. Resume it first."))
    taken = subscription.license.seats_taken.count() if subscription.license else 0
    if seats < taken:
        raise Refused(
            _("%(taken)d seats are taken. Free some of them first.") % {"taken": taken},
            field="seats",
        )


def _add(actor, subscription: Subscription, added: int) -> None:
    """Seats that hold from today on, and what they cost until the period ends."""
    if subscription.license:
        licenses.change_seats(actor, subscription.license, seats=subscription.seats)
    price = prices.added(subscription, added)
    if price and providers.of(subscription).issues_invoices:
        account, today = account_of(subscription.organization), periods.today()
        first = max(today, subscription.period_start)
        issue_for(actor, account, subscription, quantity=added, listed=price, starts_on=first)
