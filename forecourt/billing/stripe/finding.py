"""Finding our rows for Stripe's objects, and reading its times."""

import datetime as dt
import logging
from typing import Any

from django.utils import timezone

from forecourt.billing.accounts import account_of
from forecourt.billing.models import StripeCustomer, Subscription
from forecourt.core import scope
from forecourt.orgs.models import Organization

log = logging.getLogger(__name__)


def owner_of(customer_id: str) -> int | None:
    """The organization that is this customer of Stripe; by what we stored alone."""
    with scope.across_organizations("who a customer of Stripe is"):
        rows = StripeCustomer.objects.filter(customer_id=customer_id)
        return rows.values_list("organization_id", flat=True).first()


def details_of(organization: Organization) -> dict[str, Any]:
    """Who an organization is on paper, as Stripe wants it. Behind the lock on it."""
    details = account_of(organization).details
    lines = details.street.splitlines()
    return {
        "name": details.company,
        "email": details.email,
        "address": {
            "line1": lines[0] if lines else "",
            "line2": ", ".join(lines[1:]),
            "postal_code": details.postal_code,
            "city": details.city,
            "state": details.region,
            "country": details.country,
        },
    }


def ours(actor: Any, external_id: str, metadata: dict[str, str]) -> Subscription | None:
    """Our row of a subscription at Stripe; one that was started a moment ago is known by the number
    that we gave it, within the organization whose customer it is of."""
    rows = Subscription.objects.select_related("plan__product", "license__product")
    mine = rows.filter(organization_id=actor.organization_id, provider="stripe")
    found = mine.filter(external_id=external_id).first()
    if found is not None:
        return found
    number = metadata.get("subscription", "")
    if number.isascii() and number.isdigit():
        found = mine.filter(external_id="", pk=int(number[:18])).first()
        if found is not None:
            found.external_id = external_id
            found.save(update_fields=["external_id"])
            return found
    log.error("Stripe has a subscription %s that nobody here asked for", external_id)
    return None


def moment(seconds: int) -> dt.datetime:
    """A time of Stripe's."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def day(seconds: int) -> dt.date:
    """Its day, in the portal's time zone."""
    return timezone.localdate(moment(seconds), timezone.get_default_timezone())
