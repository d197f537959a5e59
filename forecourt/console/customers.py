"""Customers as staff see them: the list, and everything about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from forecourt.billing.models import BillingAccount, Invoice, Subscription
from forecourt.console import merging
from forecourt.console.models import Note, PrimaryMove
from forecourt.core import lists, scope
from forecourt.core.lists import number, part, words
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Gone
from forecourt.members.models import Invitation
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.orgs.permissions import Role
from forecourt.products import seats
from forecourt.products.models import License

#: Of each kind on an organization's page.
SHOWN = 25


@dataclass
class Page:
    """A page of the list, the newest customers last."""

    q: str
    rows: list[Organization]
    previous: str | None
    next: str | None


def listed(query: Any) -> Page:
    """By customer number; `q`: how the name begins."""
    q = words(query.get("q", ""))
    with scope.across_organizations("the list of customers"):
        rows = Organization.objects.select_related("primary_contact")
        if q:
            rows = rows.filter(name__istartswith=q)
        asked = {"after": number(query.get("after")), "before": number(query.get("before"))}
        found, is_before, is_after = part(rows, **asked)
    return Page(
        q,
        found,
        _address(q, before=found[0].pk) if found and is_before else None,
        _address(q, after=found[-1].pk) if found and is_after else None,
    )


def _address(q: str, **place: int) -> str:
    return "?" + urlencode({**({"q": q} if q else {}), **place})


def called(slug: str, *, number: bool = False) -> Organization:
    """A customer by their slug, or by their customer number where that may be; raises Gone."""
    pk = lists.number(slug) if number else None
    with scope.across_organizations("a customer by their slug"):
        rows = Organization.objects.select_related("primary_contact", "merged__into")
        found = rows.filter(pk=pk).first() if pk else rows.filter(slug=slug).first()
    if found is None:
        raise Gone
    return found


def counts(organization: Organization) -> merging.Counts:
    """How much there is of everything."""
    with transaction.atomic(), scope.organization(organization.pk):
        return merging.counts(organization)


def one_of(organization: Organization, model: type[Any], pk: int, *related: str) -> Any:
    """One of a customer's things, read with what is `related`; raises Gone."""
    with transaction.atomic(), scope.organization(organization.pk):
        rows = model.objects.select_related(*related) if related else model.objects.all()
        found = rows.filter(organization_id=organization.pk, pk=pk).first()
    if found is None:
        raise Gone
    return found


@dataclass
class Customer:
    """Everything on the page of one."""

    organization: Organization
    members: list[Membership]
    invitations: list[Invitation]
    contacts: list[Contact]
    licenses: list[License]
    account: BillingAccount | None
    subscriptions: list[Subscription]
    invoices: list[Invoice]
    events: list[AuditEvent]
    notes: list[Note]
    move: PrimaryMove | None

    @property
    def admins(self) -> int:
        return sum(member.role == Role.ADMIN for member in self.members)


def read(organization: Organization) -> Customer:
    """Ten queries, in the organization's scope."""
    pk = organization.pk
    with transaction.atomic(), scope.organization(pk):
        members = Membership.objects.select_related("user").filter(organization_id=pk)
        licenses = License.objects.select_related("product").annotate(taken=seats.taken())
        subscriptions = Subscription.objects.select_related("plan__product")
        return Customer(
            organization,
            list(members.order_by("role", "pk")[:SHOWN]),
            list(Invitation.objects.filter(organization_id=pk, status="pending")[:SHOWN]),
            list(Contact.objects.filter(organization_id=pk).order_by("pk")[: SHOWN * 2]),
            list(licenses.filter(organization_id=pk).order_by("-pk")[:SHOWN]),
            BillingAccount.objects.select_related("details").filter(pk=pk).first(),
            list(subscriptions.filter(organization_id=pk).order_by("-pk")[:SHOWN]),
            list(Invoice.objects.filter(organization_id=pk).order_by("-pk")[:SHOWN]),
            list(AuditEvent.objects.filter(organization_id=pk).order_by("-pk")[:SHOWN]),
            list(Note.objects.filter(organization_id=pk).order_by("-pk")[:SHOWN]),
            PrimaryMove.objects.filter(organization_id=pk, closed_at=None).first(),
        )
