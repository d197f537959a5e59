"""What only one organization can have: a slug, a license key, a license's name. Two lines cannot have
the same, nor one what another organization has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forecourt.console.transfer.tables import Line
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
    _settle(list(_slugs(them)), _slugs_of, _("slug: Another organization has it, or had it."))
    _settle(list(_keys(them)), _keys_of, _("key: This license key is in use already."))
    _settle(list(_handles(them)), _handles_of, _("handle: Another license has it."))


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


def _keys(customers: list[Customer]) -> Iterator[Claim]:
    for customer in customers:
        for line in (*customer.lines["licenses"], *customer.lines["former_keys"]):
            if key := line.values.get("key"):
                yield customer.pk, key, line


def _handles(customers: list[Customer]) -> Iterator[Claim]:
    for customer in customers:
        for line in customer.lines["licenses"]:
            if handle := line.values.get("handle"):
                yield customer.pk, str(handle), line


def _slugs_of(slugs: list[str]) -> Iterable[tuple[Any, int]]:
    yield from FormerSlug.objects.filter(slug__in=slugs).values_list("slug", "organization_id")
    yield from Organization.objects.filter(slug__in=slugs).values_list("slug", "pk")


def _keys_of(keys: list[str]) -> Iterable[tuple[Any, int]]:
    return LicenseKey.objects.filter(key__in=keys).values_list("key", "organization_id")


def _handles_of(handles: list[str]) -> Iterable[tuple[Any, int]]:
    found = License.objects.filter(handle__in=handles).values_list("handle", "organization_id")
    return [(str(handle), owner) for handle, owner in found]
