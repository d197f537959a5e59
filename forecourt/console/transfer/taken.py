"""What only one organization can have: a slug, a license key, an invoice's number. Two lines cannot have
the same, nor one what another organization has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forecourt.billing.models import Invoice, Payment, StripeCustomer, Subscription
from forecourt.console.transfer.lines import Line
from forecourt.orgs.models import FormerSlug, Organization
from forecourt.products.models import License, LicenseKey

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Customer

AT_ONCE = 1_000
#: (organization or None, what it has, the line that says so)
Claim = tuple[int | None, str, Line]


def check(customers: Iterable[Customer]) -> None:
    """Say it in the lines that claim what is taken. Sees all organizations."""
    them = list(customers)
    _settle(list(_slugs(them)), owners_of, _("slug: Another organization has it, or had it."))
    keys = (*_said(them, "licenses", "key"), *_said(them, "former_keys", "key"))
    _settle(list(keys), _among(LicenseKey, "key"), _("key: This license key is in use already."))
    for table, column, model, field, said in (
        ("licenses", "handle", License, "handle", _("handle: Another license has it.")),
        ("invoices", "number", Invoice, "number", _("number: Another invoice has it.")),
        *(
            (table, name, model, field, _("%s: It is somebody else's already.") % name)
            for table, name, model, field in (
                ("billing_details", "stripe_customer", StripeCustomer, "customer_id"),
                ("subscriptions", "external_id", Subscription, "external_id"),
                ("invoices", "external_id", Invoice, "external_id"),
                ("payments", "external_id", Payment, "external_id"),
            )
        ),
    ):
        _settle(list(_said(them, table, column)), _among(model, field), said)


def _settle(
    claims: list[Claim], owners: Callable[[list[str]], Iterable[tuple[str, int]]], said: str
) -> None:
    first: dict[str, Line] = {}
    for start in range(0, len(claims), AT_ONCE):
        some = claims[start : start + AT_ONCE]
        owned = dict(owners([what for _pk, what, _line in some]))
        for pk, what, line in some:
            is_taken = what in owned and owned[what] != pk
            if not line.problem and (is_taken or first.setdefault(what, line) is not line):
                line.problem = said


def _slugs(customers: list[Customer]) -> Iterator[Claim]:
    for customer in customers:
        for line in customer.lines["organizations"]:
            for slug in (line.values.get("slug"), *line.values.get("former_slugs", [])):
                if slug:
                    yield customer.pk, slug, line


def _said(customers: list[Customer], table: str, column: str) -> Iterator[Claim]:
    for customer in customers:
        for line in customer.lines[table]:
            if what := line.values.get(column):
                yield customer.pk, str(what), line


def owners_of(slugs: list[str]) -> Iterable[tuple[Any, int]]:
    """Whose each of these slugs is, or was."""
    yield from FormerSlug.objects.filter(slug__in=slugs).values_list("slug", "organization_id")
    yield from Organization.objects.filter(slug__in=slugs).values_list("slug", "pk")


def _among(model: Any, field: str) -> Callable[[list[str]], Iterable[tuple[Any, int]]]:
    """Who has which of these values of a field."""

    def owners(values: list[str]) -> Iterable[tuple[Any, int]]:
        rows = model.objects.filter(**{f"{field}__in": values})
        return [(str(value), owner) for value, owner in rows.values_list(field, "organization_id")]

    return owners
