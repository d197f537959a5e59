"""Subscriptions that began in another system, and go on here: their next period is the one that would
have come there."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.accounts import account_of
from forecourt.billing.clock import LEAD
from forecourt.billing.events import Event
from forecourt.billing.importing.amounts import minor
from forecourt.billing.models import Plan, Provider, Subscription
from forecourt.core import audit
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization
from forecourt.products import licenses
from forecourt.products.models import License

Status = Subscription.Status


@dataclass
class Terms:
    """What another system says of a subscription: the columns of ours."""

    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self.columns["status"] != Status.ENDED

    @property
    def is_ours(self) -> bool:
        """Whether the clock renews it, and not Stripe."""
        return self.columns["provider"] == Provider.INVOICE


def terms_of(plan: Plan, values: dict[str, Any]) -> Terms:
    """The terms, in our columns; raises Refused."""
    price = values.get("price")
    terms = Terms(
        {
            "seats": values["seats"],
            "next_seats": values.get("next_seats"),
            "unit_amount": plan.unit_amount
            if price is None
            else minor(price, plan.currency, "price"),
            "status": values.get("status") or Status.ACTIVE,
            "provider": values.get("provider") or Provider.INVOICE,
            "external_id": values.get("external_id") or "",
        }
    )
    if terms.columns["unit_amount"] < 0:
        raise Refused(_("That is no price of this plan."), field="price")
    if terms.columns["next_seats"] is not None and terms.columns["next_seats"] >= values["seats"]:
        raise Refused(_("Only fewer seats hold later. More hold at once."), field="next_seats")
    if terms.is_ours and terms.columns["external_id"]:
        raise Refused(_("Only a provider has its own name for it."), field="external_id")
    if terms.is_ours and terms.is_running and not values.get("license"):
        raise Refused(_("Say what it pays for."), field="license")
    terms.columns |= _period(plan, terms, values) | _ending(terms, values)
    if values.get("created"):
        terms.columns["created_at"] = values["created"]
    return terms


def what_is_due(terms: Terms) -> str:
    """What the clock does as soon as they are here, since their period is over; "": nothing."""
    end = terms.columns["period_end"]
    if not (terms.is_ours and terms.is_running) or end > periods.today(LEAD):
        return ""
    said = _(
        "Its period ended on %(day)s: it is renewed, and invoiced up to today, within ten minutes."
    )
    if terms.columns["cancels_at_period_end"]:
        said = _(
            "Its period ended on %(day)s: it ends, and its license with it, within ten minutes."
        )
    return said % {"day": end}


def _period(plan: Plan, terms: Terms, values: dict[str, Any]) -> dict[str, Any]:
    """The present period. The clock counts those to come from the first day of all, so what it is to
    renew has to be one of these."""
    start, end = values["period_start"], values.get("period_end")
    anchor = values.get("started") or start
    number = _number(plan, anchor, start)
    if terms.is_ours and terms.is_running:
        if number is None:
            raise Refused(
                _("No period of this plan begins on that day, counted from `started`."),
                field="period_start",
            )
        its_end = periods.first_day(anchor, plan.months, number + 1)
        if end not in (None, its_end):
            raise Refused(
                _("By its plan the next period begins on %(day)s.") % {"day": its_end},
                field="period_end",
            )
        end = its_end
    end = end or periods.first_day(start, plan.months, 1)
    if end <= start:
        raise Refused(_("A period ends after it begins."), field="period_end")
    period = number if terms.is_ours and number is not None else 0
    return {"anchor_date": anchor, "period": period, "period_start": start, "period_end": end}


def _number(plan: Plan, anchor: dt.date, start: dt.date) -> int | None:
    months = (start.year - anchor.year) * 12 + start.month - anchor.month
    number = months // plan.months
    is_one = number >= 0 and periods.first_day(anchor, plan.months, number) == start
    return number if is_one else None


def _ending(terms: Terms, values: dict[str, Any]) -> dict[str, Any]:
    cancels, canceled, ended = (values.get(name) for name in ("cancels", "canceled", "ended"))
    if terms.is_running and ended:
        raise Refused(_("Only what has the status “ended” has ended."), field="ended")
    if not terms.is_running and not ended:
        raise Refused(_("Say when it ended."), field="ended")
    if cancels and not canceled:
        canceled = timezone.now()
    return {
        "cancels_at_period_end": bool(cancels),
        "canceled_at": canceled,
        "cancel_reason": values.get("reason") or "",
        "ended_at": ended,
    }


def take_subscription(
    actor: Any,
    organization: Organization,
    plan: Plan,
    license: License | None,
    terms: Terms,
    *,
    found: Subscription | None,
) -> Subscription:
    """A subscription that is new, or what is said of it now; raises Refused. One that is there is
    never set back: what was invoiced here would be invoiced again."""
    theirs = Subscription.objects.filter(organization=organization).select_related("plan")
    if found is None and "created_at" in terms.columns:
        found = theirs.filter(plan=plan, created_at=terms.columns["created_at"]).first()
    _check_license(plan, license, found)
    if found is None:
        account_of(organization)
        found = Subscription(organization=organization, plan=plan, license=license)
        return _save(actor, found, terms)
    if (found.plan_id, found.provider) != (plan.pk, terms.columns["provider"]):
        raise Refused(_("A subscription stays one to the same plan, by the same provider."))
    news = {name for name, value in terms.columns.items() if getattr(found, name) != value}
    if not news - {"canceled_at"} or not terms.is_ours:  # (Stripe says itself what is new there.)
        return found
    if found.has_ended:
        raise Refused(_("This subscription has ended."))
    if terms.columns["period_start"] < found.period_start:
        raise Refused(
            _("It went on here: its period began on %(day)s. Change it here.")
            % {"day": found.period_start},
            field="period_start",
        )
    return _save(actor, found, terms)


def _check_license(plan: Plan, license: License | None, found: Subscription | None) -> None:
    if license is None:
        return
    if license.product_id != plan.product_id:
        raise Refused(_("It is a license for another product than the plan's."), field="license")
    rows = Subscription.objects.filter(license=license)
    if rows.exclude(pk=found.pk if found else 0).exists():
        raise Refused(_("Another subscription pays for this license."), field="license")
    if found is not None and found.license_id not in (None, license.pk):
        raise Refused(_("It pays for another license already."), field="license")


def _save(actor: Any, subscription: Subscription, terms: Terms) -> Subscription:
    is_new = subscription.pk is None
    before = {} if is_new else _said(subscription)
    for name, value in terms.columns.items():
        setattr(subscription, name, value)
    subscription.imported_on = periods.today()
    subscription.save()
    after = _said(subscription)
    audit.record(actor, Event.SUBSCRIPTION_IMPORTED, subscription, before=before, after=after)
    if subscription.license and terms.is_ours:
        _have_license_follow(actor, subscription.license, subscription, is_new)
    return subscription


def _have_license_follow(
    actor: Any, paid: License, subscription: Subscription, is_new: bool
) -> None:
    """What it pays for ends with its period, and renews with it. (The license of one that had ended
    before it came here is as its own line says.)"""
    if subscription.has_ended and not is_new:
        licenses.end(actor, paid, at=subscription.ended_at)
    elif not subscription.has_ended:
        ends_at = periods.moment(subscription.period_end)
        renews = not subscription.cancels_at_period_end
        licenses.extend(actor, paid, ends_at=ends_at, renews=renews)
        if not is_new and paid.seats is not None and paid.seats != subscription.seats:
            licenses.change_seats(actor, paid, seats=subscription.seats)


def _said(subscription: Subscription) -> dict[str, Any]:
    """As the audit log keeps it."""
    return {
        "seats": subscription.seats,
        "unit_amount": subscription.unit_amount,
        "currency": subscription.plan.currency,
        "status": str(subscription.status),
        "until": subscription.period_end.isoformat(),
        "renews": not subscription.cancels_at_period_end,
    }
