"""The nightly look at everything, for events that were lost while the portal was away."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from forecourt.billing.models import Invoice, StripeCustomer, Subscription
from forecourt.billing.stripe import calls, client, inbox, looking
from forecourt.core import scope
from forecourt.core.jobs import all_later

log = logging.getLogger(__name__)
#: How far back invoices are looked at; older ones only where they are still open here.
BACK = dt.timedelta(days=40)


def everybody() -> None:
    """Ask for a look at each customer, and for what is not settled yet."""
    if not client.is_on():
        return
    with scope.across_organizations("customers of Stripe"):
        owners = list(StripeCustomer.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        all_later("billing.stripe_compare_one", [{"organization_id": pk} for pk in owners])
        each = [{"organization_id": owner, "call_id": pk} for owner, pk in calls.open_calls()]
        all_later("billing.stripe_settle", each)
    inbox.forget_old()


def one(organization_id: int) -> None:
    """Look at a customer, its subscriptions and its newer invoices."""
    with transaction.atomic(), scope.organization(organization_id):
        customer = StripeCustomer.objects.get(pk=organization_id).customer_id
        rows = Subscription.objects.filter(provider="stripe").exclude(external_id="")
        running = rows.exclude(status=Subscription.Status.ENDED)
        subjects = set(running.values_list("external_id", flat=True))
        opened = Invoice.objects.filter(provider="stripe", status=Invoice.Status.OPEN)
        subjects |= set(opened.values_list("external_id", flat=True))
    since = int((timezone.now() - BACK).timestamp())
    with client.asking(waits=False) as api:
        asked = {"customer": customer, "created": {"gte": since}, "limit": 100}
        subjects |= {each.id for each in api.v1.invoices.list(asked).auto_paging_iter()}
        asked = {"customer": customer, "limit": 100}  # Without those that were canceled.
        subjects |= {each.id for each in api.v1.subscriptions.list(asked).auto_paging_iter()}
    for subject in [customer, *sorted(subjects, reverse=True)]:  # Subscriptions before invoices.
        looking.refresh_if_there(subject, organization_id)
