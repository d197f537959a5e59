"""Who an organization is on paper, present and former: written, and read again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import details, importing
from forecourt.billing.importing.details import AT_STRIPE
from forecourt.billing.models import BillingAccount, BillingDetails, StripeCustomer
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import Refs, Row
from forecourt.console.transfer.work import Work
from forecourt.core.refusals import Refused

TABLES = ("billing_details", "former_details")


def write(work: Work, line: Line) -> int:
    """The present details."""
    return importing.take_details(work.actor, work.organization, line.made, line.values)


def write_former(work: Work, line: Line) -> int:
    """Details that invoices go on to point to; they never change."""
    if work.object_id("former_details", line.ref) is not None:
        raise Refused(_("What stood on invoices never changes. Give it another ref."), field="ref")
    return importing.take_former(work.organization, line.made, line.values.get("created"))


def named(work: Work, ref: str) -> int | None:
    """The version with this ref."""
    found = (work.object_id(table, ref) for table in TABLES)
    return next((pk for pk in found if pk is not None), None)


def ref_of(refs: Refs, pk: int) -> str:
    """A version's name in the files."""
    return refs.of("billing_details", pk, refs.of("former_details", pk))


def rows(pk: int, refs: Refs) -> dict[str, list[Row]]:
    """An organization's versions."""
    account = BillingAccount.objects.filter(pk=pk).first()
    if account is None:
        return {table: [] for table in TABLES}
    versions = BillingDetails.objects.filter(organization_id=pk).order_by("pk")
    papers = {each.pk: _paper(each, refs) for each in versions}
    present = papers.pop(account.details_id) | _terms(account)
    return {"billing_details": [present], "former_details": list(papers.values())}


def _paper(version: BillingDetails, refs: Refs) -> Row:
    said = details.said(version)
    return {**said, "ref": ref_of(refs, version.pk), "created": version.created_at}


def _terms(account: BillingAccount) -> Row:
    customer = StripeCustomer.objects.filter(pk=account.pk).first()
    method: dict[str, Any] = {name: getattr(customer, of, "") for name, of in AT_STRIPE.items()}
    return {
        "net_days": account.net_days,
        "tax_id_state": account.tax_id_state,
        "tax_id_checked": account.tax_id_checked_at,
        "stripe_customer": customer.customer_id if customer else "",
        **method,
    }
