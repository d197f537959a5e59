"""The lists of the console: of all customers together, what staff look through and take home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.models import Invoice, Subscription
from forecourt.console.attention import SOON
from forecourt.console.lists import Column, Filter, Listing
from forecourt.core import money
from forecourt.core.jinja import day
from forecourt.members.models import Invitation
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.orgs.permissions import Role
from forecourt.products.models import License, Product

GOOD, BAD, WAITS = ("good", "check"), ("danger", "circle-alert"), ("warning", "clock")


def licenses() -> Listing:
    """What customers may use."""
    now = timezone.now()
    lasting, active = Q(ends_at=None) | Q(ends_at__gt=now), License.not_stopped()
    states = [
        ("active", _("Active"), lambda rows: rows.filter(active, lasting, starts_at__lte=now)),
        (
            "ending",
            _("Ends within 30 days"),
            lambda rows: rows.filter(active, ends_at__gt=now, ends_at__lt=now + SOON, renews=False),
        ),
        ("suspended", _("Suspended"), lambda rows: rows.filter(pk__in=_suspended(lasting))),
        ("ended", _("Ended"), lambda rows: rows.filter(ends_at__lte=now)),
    ]
    products = [
        (product.slug, product.name, lambda rows, pk=product.pk: rows.filter(product_id=pk))
        for product in Product.objects.order_by("position", "pk")
    ]
    return Listing(
        "licenses",
        _("Licenses"),
        _("There is no such license."),
        "key-round",
        lambda: License.objects.select_related("organization"),
        [
            Column("product", _("Product"), lambda row: row.product.name),
            Column("plan", _("Plan"), lambda row: row.plan),
            Column("seats", _("Seats"), _seats, lambda row: row.seats, is_number=True),
            Column("starts", _("Starts"), lambda row: _day(row.starts_at), _iso("starts_at")),
            Column("ends", _("Ends"), lambda row: _day(row.ends_at) or _("Never"), _iso("ends_at")),
            Column("state", _("State"), _license_state, lambda row: _license_state(row)[0]),
        ],
        [Filter("state", _("State"), states), Filter("product", _("Product"), products)],
        _with_products,
    )


def _suspended(lasting: Q) -> Any:
    """Those that are so by themselves, and with their organization what else would go on. Two indexes
    find them, one each: an `or` would read every license."""
    alone = License.objects.filter(status=License.Status.SUSPENDED)
    shut = Organization.objects.filter(suspended_at__isnull=False)
    with_it = License.objects.filter(lasting, organization__in=shut)
    return alone.values("pk").union(with_it.values("pk"))


def _seats(row: License) -> str:
    return _("Any number") if row.seats is None else f"{row.seats:,}"


def _license_state(row: License) -> tuple[str, str, str]:
    # One that was suspended for itself says so after its end, too.
    if row.is_suspended or (row.is_stopped and not row.has_ended):
        return _("Suspended"), "danger", "ban"
    if row.has_ended:
        return _("Ended"), "", ""
    if row.is_upcoming:
        return _("Upcoming"), "accent", "clock"
    return _("Active"), *GOOD


def _with_products(rows: list[Any]) -> None:
    found = Product.objects.in_bulk({row.product_id for row in rows})
    for row in rows:
        row.product = found[row.product_id]


def subscriptions() -> Listing:
    """What customers pay for."""
    status = Subscription.Status
    states = [
        ("active", _("Active"), lambda rows: rows.filter(status=status.ACTIVE)),
        ("past-due", _("Past due"), lambda rows: rows.filter(status=status.PAST_DUE)),
        (
            "canceled",
            _("Ends with its period"),
            lambda rows: rows.filter(~Q(status=status.ENDED), cancels_at_period_end=True),
        ),
        ("ended", _("Ended"), lambda rows: rows.filter(status=status.ENDED)),
    ]
    return Listing(
        "subscriptions",
        _("Subscriptions"),
        _("There is no such subscription."),
        "credit-card",
        lambda: Subscription.objects.select_related("organization", "plan"),
        [
            Column("plan", _("Plan"), lambda row: row.plan.name, lambda row: row.plan.slug),
            Column("seats", _("Seats"), lambda row: f"{row.seats:,}", lambda row: row.seats, True),
            Column("amount", _("A period"), *_amount("amount", "plan.currency"), is_number=True),
            Column("currency", "", lambda row: None, lambda row: row.plan.currency),
            Column(
                "period_end", _("Term ends"), lambda row: day(row.period_end), _plain("period_end")
            ),
            Column(
                "state", _("State"), _subscription_state, lambda row: _subscription_state(row)[0]
            ),
        ],
        [Filter("state", _("State"), states)],
    )


def _subscription_state(row: Subscription) -> tuple[str, str, str]:
    if row.has_ended:
        return _("Ended"), "", ""
    if row.status == Subscription.Status.PAST_DUE:
        return _("Past due"), *BAD
    if row.cancels_at_period_end:
        return _("Ends with its period"), *WAITS
    return _("Active"), *GOOD


def invoices() -> Listing:
    """What customers were billed."""
    status, today = Invoice.Status, periods.today()
    states = [
        ("open", _("Open"), lambda rows: rows.filter(status=status.OPEN)),
        ("overdue", _("Overdue"), lambda rows: rows.filter(status=status.OPEN, due_on__lt=today)),
        ("paid", _("Paid"), lambda rows: rows.filter(status=status.PAID)),
        ("credit-notes", _("Credit notes"), lambda rows: rows.filter(credits__isnull=False)),
        ("void", _("Void"), lambda rows: rows.filter(status=status.VOID)),
        (
            "uncollectible",
            _("Uncollectible"),
            lambda rows: rows.filter(status=status.UNCOLLECTIBLE),
        ),
    ]
    return Listing(
        "invoices",
        _("Invoices"),
        _("There is no such invoice."),
        "credit-card",
        lambda: Invoice.objects.select_related("organization"),
        [
            Column("number", _("Number"), lambda row: row.number),
            Column("issued_on", _("Date"), lambda row: day(row.issued_on), _plain("issued_on")),
            Column(
                "due_on",
                _("Due"),
                lambda row: day(row.due_on) if row.due_on else "",
                _plain("due_on"),
            ),
            Column("total", _("Total"), *_amount("total", "currency"), is_number=True),
            Column("paid", "", lambda row: None, _amount("paid", "currency")[1]),
            Column("currency", "", lambda row: None, _plain("currency")),
            Column("status", _("State"), lambda row: row.state, _plain("status")),
        ],
        [Filter("state", _("State"), states)],
    )


def contacts() -> Listing:
    """Who gets customers' mail."""
    states = [
        ("bounced", _("Mail comes back"), lambda rows: rows.filter(bounced_at__isnull=False)),
        ("primary", _("Primary"), lambda rows: rows.filter(primary_of__isnull=False)),
    ]
    return Listing(
        "contacts",
        _("Contacts"),
        _("There is no such contact."),
        "mail",
        lambda: Contact.objects.select_related("organization").filter(organization__merged=None),
        [
            Column("email", _("Email"), lambda row: row.email),
            Column("name", _("Name"), lambda row: row.name),
            Column("phone", _("Phone"), lambda row: row.phone),
            Column("language", "", lambda row: None, lambda row: row.language),
            Column("kinds", "", lambda row: None, lambda row: " ".join(row.kinds)),
            Column("bounced", _("Mail"), _bounced, _iso("bounced_at")),
        ],
        [Filter("state", _("Show"), states)],
    )


def _bounced(row: Contact) -> Any:
    return (_("Comes back"), *BAD) if row.bounced_at else ""


def organizations() -> Listing:
    """Customers themselves."""
    states = [
        ("suspended", _("Suspended"), lambda rows: rows.filter(suspended_at__isnull=False)),
        (
            "waiting",
            _("Waits for its first Admin"),
            lambda rows: rows.filter(Exists(ASKED), ~Exists(ADMINS)),
        ),
        ("merged", _("Merged"), lambda rows: rows.filter(merged__isnull=False)),
    ]
    return Listing(
        "organizations",
        _("Organizations"),
        _("There is no such customer."),
        "building-2",
        lambda: Organization.objects.select_related("primary_contact", "merged"),
        [
            Column("slug", _("Slug"), lambda row: row.slug),
            Column("primary_contact", _("Primary billing contact"), _primary),
            Column("since", _("Since"), lambda row: _day(row.created_at), _iso("created_at")),
            Column("state", _("State"), _organization_state, _organization_words),
        ],
        [Filter("state", _("State"), states)],
        owner=lambda row: row,
    )


#: Those of the organization in the query around it, and who shall be one.
ADMINS = Membership.objects.filter(organization=OuterRef("pk"), role=Role.ADMIN)
ASKED = Invitation.objects.filter(organization=OuterRef("pk"), status="pending", role=Role.ADMIN)


def _primary(row: Organization) -> str:
    return row.primary_contact.email


def _organization_state(row: Organization) -> Any:
    if row.is_suspended:
        return _("Suspended"), "danger", "ban"
    return (_("Merged"), "", "info") if hasattr(row, "merged") else ""


def _organization_words(row: Organization) -> str:
    said = _organization_state(row)
    return said[0] if said else ""


LISTS = {
    each.__name__: each for each in (organizations, licenses, subscriptions, invoices, contacts)
}


def _day(moment: dt.datetime | None) -> str:
    return day(timezone.localtime(moment).date()) if moment else ""


def _plain(name: str):
    return lambda row: getattr(row, name)


def _iso(name: str):
    return lambda row: found.isoformat() if (found := getattr(row, name)) else ""


Reader = Callable[[Any], Any]


def _amount(name: str, currency: str) -> tuple[Reader, Reader]:
    """How people read an amount, and how a file has it."""

    def code(row: Any) -> str:
        for part in currency.split("."):
            row = getattr(row, part)
        return row

    return (
        lambda row: money.said(getattr(row, name), code(row)),
        lambda row: money.printed(getattr(row, name), code(row)),
    )
