"""Who is told what about money, after it: so that nobody waits for it. Each of them run again finds
what it has queued."""

import logging
from typing import Any

from django.db import transaction

from forecourt.billing import notices
from forecourt.billing.models import BillingAccount, Invoice, Payment, Subscription
from forecourt.core import scope
from forecourt.core.jobs import later
from forecourt.orgs.models import Organization, lock
from forecourt.orgs.recipients import MailKind, queue_once, recipients

log = logging.getLogger(__name__)
#: Invoices or notices in one job.
AT_ONCE = 500


def addresses(organization: Organization, kind: MailKind) -> list[str]:
    """Who gets this kind, and the invoicing address with them (S46)."""
    account = BillingAccount.objects.select_related("details").filter(pk=organization.pk).first()
    invoicing = [account.details.email] if account else []
    return list(dict.fromkeys([*invoicing, *recipients(organization, kind)]))


def _queue(
    organization: Organization, kind: MailKind, name: str, about: str, **values: Any
) -> None:
    queue_once(organization, f"billing.{name}", addresses(organization, kind), about, **values)


def invoice(organization_id: int, invoice_id: int) -> None:
    """Send an invoice or a credit note."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        if Invoice.objects.filter(pk=invoice_id, provider="invoice").exists():
            about = f"invoice:{invoice_id}"
            _queue(organization, MailKind.INVOICES, "invoice", about, invoice_id=invoice_id)


def invoices(after: int, upto: int) -> None:
    """Send those of a run of the clock, some hundred at a time, in the order of their ids."""
    with scope.across_organizations("invoices of a run"):
        found = Invoice.objects.filter(pk__gt=after, pk__lte=upto, provider="invoice")
        some = list(found.order_by("pk").values_list("organization_id", "pk")[:AT_ONCE])
    for organization_id, pk in some:
        invoice(organization_id, pk)
    if len(some) == AT_ONCE:
        later("billing.tell_invoices", after=some[-1][1], upto=upto)


def paid(organization_id: int, payment_id: int) -> None:
    """Say that money came."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        if Payment.objects.filter(pk=payment_id, amount__gt=0).exists():
            about = f"paid:{payment_id}"
            _queue(organization, MailKind.INVOICES, "paid", about, payment_id=payment_id)


def failed(organization_id: int, invoice_id: int, tries: int) -> None:
    """Say that a payment did not go through, once for each try, unless it was paid meanwhile."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        if Invoice.objects.filter(pk=invoice_id, status=Invoice.Status.OPEN).exists():
            about, ids = f"failed:{invoice_id}:{tries}", {"invoice_id": invoice_id}
            _queue(organization, MailKind.PAYMENT_PROBLEMS, "payment_failed", about, **ids)


def changed(organization_id: int, subscription_id: int, event_id: int, name: str) -> None:
    """Confirm that a subscription was "canceled" or "resumed"."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        if Subscription.objects.filter(pk=subscription_id).exists():
            about = f"{name}:{event_id}"
            ids = {"subscription_id": subscription_id}
            _queue(organization, MailKind.RENEWALS, name, about, **ids)


def due(after: int) -> None:
    """Give the notices of invoices that are due soon or overdue."""
    with scope.across_organizations("invoices that are due"):
        rows = notices.invoices().filter(pk__gt=after).order_by("pk")
        some = list(rows.values_list("organization_id", "pk")[:AT_ONCE])
    for organization_id, pk in some:
        try:
            _due(organization_id, pk)
        except Exception:  # The others shall not wait for it.
            log.exception("that invoice %s is due could not be told", pk)
    if len(some) == AT_ONCE:
        later("billing.tell_due", after=some[-1][1])


def _due(organization_id: int, invoice_id: int) -> None:
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        found = Invoice.objects.filter(pk=invoice_id).first()
        about = notices.of_invoice(found) if found else None
        if about is not None:
            kind = MailKind.INVOICES if about.startswith("due:") else MailKind.PAYMENT_PROBLEMS
            name = about.partition(":")[0]
            _queue(organization, kind, name, about, invoice_id=invoice_id)


def renewals(after: int) -> None:
    """Give the notices of subscriptions that renew in 30 or 7 days."""
    with scope.across_organizations("subscriptions that renew soon"):
        rows = notices.renewals().filter(pk__gt=after).order_by("pk")
        some = list(rows.values_list("organization_id", "pk")[:AT_ONCE])
    for organization_id, pk in some:
        try:
            _renewal(organization_id, pk)
        except Exception:
            log.exception("that subscription %s renews could not be told", pk)
    if len(some) == AT_ONCE:
        later("billing.tell_renewals", after=some[-1][1])


def _renewal(organization_id: int, subscription_id: int) -> None:
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        found = Subscription.objects.select_related("plan").filter(pk=subscription_id).first()
        about = notices.of_renewal(found) if found else None
        if about is not None:
            ids = {"subscription_id": subscription_id}
            _queue(organization, MailKind.RENEWALS, "renews", about, **ids)
