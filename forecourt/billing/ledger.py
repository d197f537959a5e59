"""What the Billing page shows: subscriptions, what comes next, and the invoices, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from forecourt.billing import prices
from forecourt.billing.models import BillingAccount, Invoice, Payment, Subscription
from forecourt.billing.prices import Coming
from forecourt.core.lists import LARGEST_ID, PER_PAGE, number
from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Gone


@dataclass
class Held:
    """A subscription as the page shows it; `coming`: its next invoice."""

    subscription: Subscription
    coming: Coming | None


@dataclass
class Ledger:
    """Everything on the page. `account` is None where nothing was ever billed."""

    account: BillingAccount | None
    held: list[Held]
    next: Coming | None
    #: The open invoice that is due first.
    due: Invoice | None
    invoices: list[Invoice]
    only_open: bool
    previous_page: str | None
    next_page: str | None


def _account(organization_id: int) -> QuerySet[BillingAccount]:
    return BillingAccount.objects.select_related("details").filter(pk=organization_id)


def _held(organization_id: int) -> QuerySet[Subscription]:
    rows = Subscription.objects.select_related("plan__product")
    return rows.filter(organization_id=organization_id).order_by("ended_at", "pk")


def _newest(organization_id: int, before: int) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(organization_id=organization_id, pk__lt=before)
    return rows.order_by("-pk")[: PER_PAGE + 1]


def _newest_open(organization_id: int, before: int) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(organization_id=organization_id, pk__lt=before)
    return rows.filter(status=Invoice.Status.OPEN).order_by("-pk")[: PER_PAGE + 1]


def _first_due(organization_id: int) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(organization_id=organization_id, status=Invoice.Status.OPEN)
    return rows.order_by("due_on", "pk")[:1]


#: Asked whenever the page is opened, so compiled once.
account = Prepared(_account, organization_id=-1)
held = Prepared(_held, organization_id=-1)
newest = Prepared(_newest, organization_id=-1, before=-2)
newest_open = Prepared(_newest_open, organization_id=-1, before=-2)
first_due = Prepared(_first_due, organization_id=-1)


def account_of(member: Any) -> BillingAccount:
    """The billing account of a member's organization; raises Gone where there is none yet."""
    found = account(organization_id=member.organization_id)
    if not found:
        raise Gone
    return found[0]


def read(organization_id: int, *, only_open: bool, before: str, after: str) -> Ledger:
    """The page, with the invoices older than `before` or newer than `after` (ids; "": the newest)."""
    found = account(organization_id=organization_id)
    mine = found[0] if found else None
    subscriptions = [
        Held(each, prices.coming(mine, each) if mine else None)
        for each in held(organization_id=organization_id)
    ]
    due = first_due(organization_id=organization_id)
    rows, has_newer, has_older = _part(organization_id, only_open, before, after)
    coming = [each.coming for each in subscriptions if each.coming]
    return Ledger(
        account=mine,
        held=subscriptions,
        next=min(coming, key=lambda each: each.day, default=None),
        due=due[0] if due else None,
        invoices=rows,
        only_open=only_open,
        previous_page=_link(only_open, after=rows[0].pk) if rows and has_newer else None,
        next_page=_link(only_open, before=rows[-1].pk) if rows and has_older else None,
    )


def _part(
    organization_id: int, only_open: bool, before: str, after: str
) -> tuple[list[Invoice], bool, bool]:
    """The invoices of a page, and whether there are newer and older ones."""
    if pk := number(after):
        rows = Invoice.objects.filter(organization_id=organization_id, pk__gt=pk).order_by("pk")
        if only_open:
            rows = rows.filter(status=Invoice.Status.OPEN)
        found = list(rows[: PER_PAGE + 1])
        return found[:PER_PAGE][::-1], len(found) > PER_PAGE, True
    edge = number(before) or LARGEST_ID
    ask = newest_open if only_open else newest
    found = ask(organization_id=organization_id, before=edge)
    return found[:PER_PAGE], edge != LARGEST_ID, len(found) > PER_PAGE


def _link(only_open: bool, **where: int) -> str:
    return "?" + urlencode({**({"show": "open"} if only_open else {}), **where})


def payments(invoice: Invoice) -> list[Payment]:
    """What came for an invoice, oldest first."""
    return list(invoice.payments.order_by("pk"))
