"""The billing clock: renews what is due, exactly once a period.

It goes through the organizations, some thousand subscriptions at a time. Each round is one transaction, in which one
statement locks those organizations (leaving out what another worker has) and renews all that is due
in them (`billing_renew`, in the migrations). Cut off, a round leaves nothing; the next begins where
the one before ended, for what was renewed is no longer due.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.accounts import present_seller, treatment_of
from forecourt.billing.issuing import series
from forecourt.billing.models import BillingAccount, Provider, Subscription
from forecourt.core import scope
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused

log = logging.getLogger(__name__)
#: Due subscriptions that one round looks at, and the most of their organizations, in which it renews
#: all that is due. It takes half a second, for which nobody else can number an invoice.
AT_ONCE, ORGANIZATIONS = 5_000, 1_000
#: A license lapses at midnight; so what begins tomorrow is renewed shortly before.
LEAD = dt.timedelta(hours=2)
#: Seconds between looks at what another worker has locked, and how often.
WAIT, PATIENCE = 0.1, 100


@dataclass
class Run:
    """What was done: subscriptions renewed and ended, invoices issued; and the organizations (ids)
    in which something was wrong, where nothing was done."""

    renewed: int = 0
    issued: int = 0
    ended: int = 0
    failed: list[int] = field(default_factory=list)


def renew(until: dt.date | None = None) -> Run:
    """Renew every subscription whose next period begins by that day (None: within two hours). An
    invoice bears the day of today, or the period's first day where that is to come."""
    until = until or periods.today(LEAD)
    tomorrow = periods.today() + dt.timedelta(days=1)
    if until > tomorrow and not settings.DEMO:
        raise Refused(_("Only the demo turns its clock ahead."))
    run, waits = Run(), 0
    while (first := _first_due(until, run)) is not None and waits < PATIENCE:
        day = max(first, periods.today())
        if _round(min(day, until), day, run):
            waits = 0
        else:
            waits += 1
            time.sleep(WAIT)
    if run.failed:
        log.error("organizations %s could not be renewed", run.failed)
    return run


def _due(until: dt.date, run: Run) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(provider=Provider.INVOICE, period_end__lte=until)
    return rows.exclude(status=Subscription.Status.ENDED).exclude(organization__in=run.failed)


def _first_due(until: dt.date, run: Run) -> dt.date | None:
    with scope.across_organizations("the first subscription that is due"):
        return _due(until, run).aggregate(first=Min("period_end"))["first"]


def _round(until: dt.date, dated: dt.date, run: Run) -> bool:
    """Renew some of what is due by that day; whether there was something to do."""
    with scope.across_organizations("organizations with due subscriptions"):
        rows = _due(until, run).order_by("period_end", "pk")
        due_now = rows.values_list("organization_id", flat=True)[:AT_ONCE]
        owners = sorted(set(due_now))[:ORGANIZATIONS]
    with scope.across_organizations("how organizations are taxed"):
        found = BillingAccount.objects.select_related("details").filter(pk__in=owners)
        accounts = list(found.order_by("pk"))
    with transaction.atomic():
        renewed, issued, ended, first, last, failed = _renew(accounts, until, dated)
        if issued:
            later("billing.tell_invoices", after=first - 1, upto=last)
    # Whoever has a subscription has an account, too; one that has none is not renewed.
    failed += set(owners) - {account.pk for account in accounts}
    run.renewed, run.issued, run.ended = (
        run.renewed + renewed,
        run.issued + issued,
        run.ended + ended,
    )
    run.failed += failed
    return bool(renewed or ended or failed)


def _renew(
    accounts: list[BillingAccount], until: dt.date, dated: dt.date
) -> tuple[int, int, int, int, int, list[int]]:
    """Renew what is due in these organizations, but for those that somebody else has locked."""
    taxes = [treatment_of(account) for account in accounts]
    with connection.cursor() as cursor:
        cursor.execute(
            "select renewed, issued, ended, first_id, last_id, failed"
            " from billing_renew(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                [account.pk for account in accounts],
                [account.details_id for account in accounts],
                [account.tax_id_state for account in accounts],
                [tax.category for tax in taxes],
                [tax.rate for tax in taxes],
                until,
                dated,
                series(dated),
                present_seller().pk,
                settings.TIME_ZONE,
            ],
        )
        return cursor.fetchone()
