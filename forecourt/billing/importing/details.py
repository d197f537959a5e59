"""Who an organization was on paper, and is."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import addresses, details, tax_ids
from forecourt.billing.events import Event
from forecourt.billing.models import BillingAccount, BillingDetails, StripeCustomer
from forecourt.billing.stripe import port as stripe
from forecourt.core import audit
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization

UNKNOWN = BillingAccount.TaxIdState.UNKNOWN
#: Of a customer at Stripe, by the names of the columns.
AT_STRIPE = {
    "stripe_method": "method_id",
    "stripe_method_kind": "method_kind",
    "stripe_method_brand": "method_brand",
    "stripe_method_last4": "method_last4",
    "stripe_method_expires": "method_expires_on",
}


def paper_of(values: dict[str, Any], *, is_former: bool = False) -> dict[str, str]:
    """Billing details in their one form; raises Refused. What stood on invoices is not judged any
    more, nor what says nothing of a place yet, as an organization's first details do."""
    given = {name: values.get(name) or "" for name in details.NAMES}
    given["language"] = given["language"] or BillingDetails._meta.get_field("language").default
    says_where = any(given[name] for name in ("country", "tax_id", *addresses.FIELDS))
    judge = details.checked if says_where and not is_former else details.legible
    found, wrong = judge(given)
    for field, sentence in wrong.items():
        raise Refused(sentence, field=field)
    return found


def take_former(
    organization: Organization, paper: dict[str, str], created: dt.datetime | None
) -> int:
    """A version of the details that invoices go on to point to."""
    found = _same(organization, paper, created)
    return (found or _version(organization, paper, created)).pk


def take_details(
    actor: Any, organization: Organization, paper: dict[str, str], values: dict[str, Any]
) -> int:
    """The present details, with the terms and what is known of the tax id, as far as `values` say;
    the version's id."""
    account = BillingAccount.objects.select_related("details").filter(pk=organization.pk).first()
    before = _said(account) if account else {}
    if account is None:
        version = _same(organization, paper, values.get("created"))
        version = version or _version(organization, paper, values.get("created"))
        account = BillingAccount(organization=organization, details=version)
    elif details.said(account.details) != paper:
        if {"country", "tax_id"} & {*_changed(details.said(account.details), paper)}:
            account.tax_id_state, account.tax_id_checked_at = UNKNOWN, None
        account.details = _version(organization, paper, None)
        stripe.details_changed(organization.pk)
    _set_terms(account, values)
    _take_customer(organization, values)
    after = _said(account)
    if changed := _changed(before, after):
        account.save()
        old, new = ({name: of.get(name) for name in changed} for of in (before, after))
        audit.record(actor, Event.DETAILS_CHANGED, account, before=old, after=new)
        if account.tax_id_state == UNKNOWN and tax_ids.is_asked(account.details.tax_id):
            later("billing.check_tax_id", organization_id=organization.pk)
    return account.details_id


def _same(
    organization: Organization, paper: dict[str, str], created: dt.datetime | None
) -> BillingDetails | None:
    """The version that is there already: exported from here, it comes back."""
    if created is None:
        return None
    rows = BillingDetails.objects.filter(organization=organization, created_at=created)
    return rows.filter(**paper).first()


def _version(
    organization: Organization, paper: dict[str, str], created: dt.datetime | None
) -> BillingDetails:
    more = {"created_at": created} if created else {}
    return BillingDetails.objects.create(organization=organization, **paper, **more)


def _set_terms(account: BillingAccount, values: dict[str, Any]) -> None:
    if values.get("net_days") is not None:
        account.net_days = values["net_days"]
    if values.get("tax_id_state"):
        account.tax_id_state = values["tax_id_state"]
        account.tax_id_checked_at = values.get("tax_id_checked")


def _take_customer(organization: Organization, values: dict[str, Any]) -> None:
    """Who the organization is at Stripe. How it pays there is looked up there from then on."""
    customer_id = values.get("stripe_customer")
    if not customer_id:
        return
    found = StripeCustomer.objects.filter(pk=organization.pk).first()
    if found is None:
        method = {field: values[name] for name, field in AT_STRIPE.items() if values.get(name)}
        StripeCustomer.objects.create(organization=organization, customer_id=customer_id, **method)
    elif found.customer_id != customer_id:
        raise Refused(_("It is another customer of Stripe here already."), field="stripe_customer")


def _said(account: BillingAccount) -> dict[str, Any]:
    """As the audit log keeps it."""
    checked_at = account.tax_id_checked_at
    return {
        **details.said(account.details),
        "net_days": account.net_days,
        "tax_id_state": str(account.tax_id_state),
        "tax_id_checked_at": checked_at.isoformat() if checked_at else None,
    }


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in after.items() if before.get(name, "") != value]
