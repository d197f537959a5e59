"""What is told before its day or after it: an invoice that is due in 3 days, or overdue since 1, 14
or 30; a subscription that renews in 30 days (yearly ones) or 7.

A notice is known by the `about` of its mail; where there is one, it was given.
"""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from forecourt.billing import periods
from forecourt.billing.models import Invoice, Plan, Subscription
from forecourt.core.models import Mail

#: Days before an invoice is due.
SOON = 3
#: Days after it was, the last first; each is told within a week, or not at all.
OVERDUE = (30, 14, 1)
WITHIN = 7
#: Days before a renewal, the most urgent first.
RENEWS = (7, 30)


def of_invoice(invoice: Invoice) -> str | None:
    """The notice that is due now, "due:…" or "overdue:…"; None where none is."""
    if invoice.status != Invoice.Status.OPEN or invoice.due_on is None or not invoice.outstanding:
        return None
    over = (periods.today() - invoice.due_on).days
    if over <= 0:
        # What was issued with so few days to pay has said so a moment ago.
        is_told = (invoice.due_on - invoice.issued_on).days <= SOON or -over > SOON
        is_told |= _was_theirs(invoice, invoice.due_on - dt.timedelta(days=SOON))
        return None if is_told else f"due:{invoice.pk}"
    days = next((days for days in OVERDUE if over >= days), None)
    if days is None or over >= days + WITHIN:
        return None
    if _was_theirs(invoice, invoice.due_on + dt.timedelta(days=days)):
        return None
    return f"overdue:{invoice.pk}:{days}"


def _was_theirs(thing: Invoice | Subscription, day: dt.date) -> bool:
    """Whether something that came from another system had not come yet on that day."""
    return thing.imported_on is not None and day <= thing.imported_on


def _is_ours(day: str, days: int) -> Q:
    """The same, the other way round, in a query: so many days after a column's."""
    came = F("imported_on") - dt.timedelta(days=days)
    return Q(imported_on=None) | Q(**{f"{day}__gt": came})


def invoices() -> QuerySet[Invoice]:
    """The open invoices with a notice that was not given yet, of all organizations in scope."""
    today = periods.today()
    whens = [
        When(
            _is_ours("due_on", days),
            due_on__lte=today - dt.timedelta(days=days),
            due_on__gt=today - dt.timedelta(days=days + WITHIN),
            then=_about("overdue:", "pk", f":{days}"),
        )
        for days in OVERDUE
    ]
    soon = Q(due_on__gte=today, due_on__lte=today + dt.timedelta(days=SOON))
    early = Q(due_on__gt=F("issued_on") + dt.timedelta(days=SOON))
    whens.append(When(soon & early & _is_ours("due_on", -SOON), then=_about("due:", "pk")))
    rows = Invoice.objects.filter(
        status=Invoice.Status.OPEN,
        due_on__gt=today - dt.timedelta(days=OVERDUE[0] + WITHIN),
        due_on__lte=today + dt.timedelta(days=SOON),
    )
    return _not_given(rows.annotate(about=Case(*whens)))


def of_renewal(subscription: Subscription) -> str | None:
    """The notice that is due now, "renews:…"; None where none is."""
    if subscription.has_ended or subscription.cancels_at_period_end or not subscription.amount:
        return None
    left = subscription.days_left
    days = next((days for days in _days(subscription.plan) if 0 < left <= days), None)
    if days is None or _was_theirs(subscription, subscription.period_end - dt.timedelta(days=days)):
        return None
    return f"renews:{subscription.pk}:{subscription.period_end:%Y%m%d}:{days}"


def _days(plan: Plan) -> tuple[int, ...]:
    return RENEWS if plan.interval == Plan.Interval.YEAR else RENEWS[:1]


def renewals() -> QuerySet[Subscription]:
    """The subscriptions with a notice that was not given yet, of all organizations in scope."""
    today = periods.today()
    rows = Subscription.objects.filter(
        status=Subscription.Status.ACTIVE,
        provider="invoice",
        cancels_at_period_end=False,
        unit_amount__gt=0,
        period_end__gt=today,
        period_end__lte=today + dt.timedelta(days=RENEWS[-1]),
    )
    yearly = Q(plan__interval=Plan.Interval.YEAR)
    day = Func(F("period_end"), Value("YYYYMMDD"), function="to_char", output_field=CharField())
    whens = [
        When(
            Q(period_end__lte=today + dt.timedelta(days=days))
            & (yearly if days == RENEWS[-1] else Q())
            & _is_ours("period_end", -days),
            then=_about("renews:", "pk", ":", day, f":{days}"),
        )
        for days in RENEWS
    ]
    return _not_given(rows.annotate(about=Case(*whens)))


def _about(word: str, column: str, *more: Any) -> Concat:
    ends = [Value(part) if isinstance(part, str) else part for part in more]
    parts = (Value(word), Cast(column, CharField()), *ends)
    return Concat(*parts, output_field=CharField())


def _not_given(rows: QuerySet) -> QuerySet:
    given = Mail.objects.filter(
        organization_id=OuterRef("organization_id"), about=OuterRef("about")
    )
    return rows.filter(~Exists(given), about__isnull=False)
