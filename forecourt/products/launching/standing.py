"""Whether a member may use a product now, and what the product is told of them: the one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import prefetch_related_objects

from forecourt.core import scope
from forecourt.core.jobs import later
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from forecourt.products.models import License, ProductClient, Seat


class Lack(StrEnum):
    """What keeps a member from a product."""

    NOTHING = ""
    LICENSE = "license"
    SEAT = "seat"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Standing:
    """A member as a product sees them: the licenses by which they use it, or what they lack."""

    member: Membership
    licenses: tuple[License, ...]
    lack: Lack

    @property
    def is_good(self) -> bool:
        return self.lack is Lack.NOTHING

    def claims(self) -> dict[str, Any]:
        """What tokens say besides who it is. `org_id` is the customer number; `until` is a moment
        as RFC 3339 writes it, None for ever; `seats` None is any number."""
        organization = self.member.organization
        return {
            "org_id": str(organization.pk),
            "org_slug": organization.slug,
            "org_name": organization.name,
            "role": str(self.member.role),
            "entitlements": [
                {
                    "product": license.product.slug,
                    "license": str(license.handle),
                    "plan": license.plan,
                    "seats": license.seats,
                    "until": license.ends_at.isoformat(timespec="seconds")
                    if license.ends_at
                    else None,
                }
                for license in self.licenses
            ],
        }


def of(member: Membership, client: ProductClient) -> Standing:
    """The standing of one member, in their organization's scope: three queries."""
    return _each([member], client, *_read([member], client))[0]


def of_person(person: User, client: ProductClient) -> list[Standing]:
    """The standing of a person in each of their organizations, by the organizations' names."""
    with scope.across_organizations("where a person may use a product"):
        rows = Membership.objects.select_related("organization").filter(user_id=person.pk)
        members = list(rows.order_by("organization__name", "pk"))
        found = _read(members, client)
    for member in members:
        member.user = person
    return _each(members, client, *found)


def changed(organization_id: int) -> None:
    """Have it looked at, after this transaction, whose sign-in to a product has to end: for whoever
    takes a place, a role, a seat or a license away."""
    later("products.check_launches", organization_id=organization_id)


Found = tuple[list[License], set[tuple[int, int]]]


def _read(members: Sequence[Membership], client: ProductClient) -> Found:
    """The licenses in force of these members' organizations, and who of them has which one's seat."""
    organizations = [member.organization_id for member in members]
    licenses = License.in_force().filter(organization_id__in=organizations).order_by("pk")
    if client.product_id is not None:
        licenses = licenses.filter(product_id=client.product_id)
    found = list(licenses)
    seats = Seat.objects.filter(license__in=found, member__in=members)
    return found, set(seats.values_list("license_id", "member_id"))


def _each(
    members: Sequence[Membership],
    client: ProductClient,
    licenses: list[License],
    seats: set[tuple[int, int]],
) -> list[Standing]:
    prefetch_related_objects(licenses, "product")
    return [_standing(member, client, licenses, seats) for member in members]


def _standing(
    member: Membership,
    client: ProductClient,
    licenses: list[License],
    seats: set[tuple[int, int]],
) -> Standing:
    if member.organization.is_suspended:
        return Standing(member, (), Lack.SUSPENDED)
    theirs = [each for each in licenses if each.organization_id == member.organization_id]
    usable = tuple(each for each in theirs if each.seats is None or (each.pk, member.pk) in seats)
    if usable or client.product_id is None:
        return Standing(member, usable, Lack.NOTHING)
    return Standing(member, (), Lack.SEAT if theirs else Lack.LICENSE)
