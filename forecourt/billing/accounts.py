"""How an organization is billed, found or begun."""

import hashlib
import json

from django.conf import settings
from django.utils.translation import gettext as _

from forecourt.billing.models import BillingAccount, BillingDetails, Seller
from forecourt.billing.tax import Treatment, treatment
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization


def account_of(organization: Organization) -> BillingAccount:
    """The organization's billing account; the first time it is begun with the organization's name
    and the primary contact's address. In its scope, behind the lock on it."""
    found = BillingAccount.objects.select_related("details").filter(pk=organization.pk).first()
    if found is not None:
        return found
    details = BillingDetails.objects.create(
        organization=organization,
        company=organization.name,
        email=organization.primary_contact.email,
    )
    return BillingAccount.objects.create(
        organization=organization, details=details, net_days=settings.INVOICE_NET_DAYS
    )


def treatment_of(account: BillingAccount, details: BillingDetails | None = None) -> Treatment:
    """The tax that an invoice bears now; with other details than the account's, with those."""
    paper = details or account.details
    return treatment(paper.country, paper.tax_id, account.tax_id_state)


def present_seller() -> Seller:
    """The version of the vendor's paper that the settings have now; raises Refused where they have
    none."""
    content = settings.SELLER
    if not content["name"]:
        raise Refused(_("Set SELLER first: an invoice has to say who issues it."))
    return seller_version(content)


def seller_version(content: dict[str, str]) -> Seller:
    """The row of what a seller's paper says."""
    return Seller.objects.get_or_create(mark=mark_of(content), defaults={"content": content})[0]


def mark_of(content: dict[str, str]) -> str:
    """What tells one seller's paper from another."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
