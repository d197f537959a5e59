"""What the Products page shows: a card for each product that the organization has, with its
licenses and its newest release, and below them the products that it does not have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Least, Now
from django.utils import timezone

from forecourt.core.prepared import Prepared
from forecourt.products import platforms, seats
from forecourt.products.keys import mask
from forecourt.products.models import Artifact, License, LicenseKey, Product, Release

#: Days before its end from which a license is marked.
SOON = 30


@dataclass
class Held:
    """A license as the page shows it. `state`: "active", "soon", "ended", "upcoming", "suspended"."""

    license: License
    key: str
    former_until: dt.datetime | None
    taken: int
    state: str = field(init=False)
    days: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.days = self.license.days_left()
        self.state = _state(self.license, self.days)

    @property
    def is_current(self) -> bool:
        return self.state in ("active", "soon")

    @property
    def masked(self) -> str:
        return mask(self.key)


@dataclass
class Card:
    """A product, the organization's licenses of it, and the newest release that they entitle to."""

    product: Product
    held: list[Held] = field(default_factory=list)
    release: Release | None = None
    packages: list[Artifact] = field(default_factory=list)
    mine: Artifact | None = None

    @property
    def ended_at(self) -> dt.datetime | None:
        """When the last of the licenses ended, if none is in force: what was published until then
        can be had."""
        ends = [each.license.ends_at for each in self.held]
        if any(each.state != "ended" for each in self.held):
            return None
        return max(end for end in ends if end is not None)


@dataclass
class Shelf:
    """Everything on the page."""

    cards: list[Card]
    others: list[Product]


def _state(held: License, days: int | None) -> str:
    if held.is_suspended:
        return "suspended"
    if held.is_upcoming:
        return "upcoming"
    if held.has_ended:
        return "ended"
    return "soon" if days is not None and days <= SOON and not held.renews else "active"


def to_be_had(until: Any) -> QuerySet[Release]:
    """The releases that were published by then and were not withdrawn; as part of another query,
    of its product."""
    return Release.objects.filter(withdrawn_at=None, published_at__lte=Least(Now(), until))


def _held(organization_id: int) -> QuerySet[License]:
    theirs = LicenseKey.objects.filter(license_id=OuterRef("pk"))
    present = theirs.filter(works_until=None).values("key")[:1]
    former = theirs.filter(works_until__gt=Now()).order_by("-works_until").values("works_until")[:1]
    newest = to_be_had(Coalesce(OuterRef("ends_at"), Now())).filter(
        product_id=OuterRef("product_id"), channel=Release.Channel.STABLE
    )
    return (
        License.objects.select_related("product")
        .filter(organization_id=organization_id)
        .annotate(
            present=Subquery(present),
            former=Subquery(former),
            taken=seats.taken(),
            newest=Subquery(newest.order_by("-order").values("pk")[:1]),
        )
        .order_by("product__position", "product__name", F("ends_at").desc(nulls_first=True), "pk")
    )


def _packages(ids: str) -> QuerySet[Artifact]:
    """The packages of the releases whose ids stand in the text, with commas between: their number
    differs, and the query is to be one and the same."""
    wanted = RawSQL("select unnest(string_to_array(%s, ',')::bigint[])", [ids])
    packages = Artifact.objects.filter(release_id__in=wanted, kind=Artifact.Kind.PACKAGE)
    return packages.select_related("release")


def _listed() -> QuerySet[Product]:
    return Product.objects.filter(is_listed=True)


#: Asked whenever the page is opened, so compiled once.
held = Prepared(_held, organization_id=-1)
packages = Prepared(_packages, ids="the releases' ids")
listed = Prepared(_listed)


def read(organization_id: int, platform: tuple[str, str]) -> Shelf:
    """The page, in three queries however many releases there are."""
    cards: dict[int, Card] = {}
    newest: dict[int, int] = {}
    for row in held(organization_id=organization_id):
        card = cards.setdefault(row.product_id, Card(row.product))
        shown: Any = row  # with the annotations of `_held`
        card.held.append(Held(row, shown.present or "", shown.former, shown.taken))
        if shown.newest and not (row.is_suspended or row.is_upcoming):
            # Of several licenses the one that reaches furthest decides, and it comes first.
            newest.setdefault(row.product_id, shown.newest)
    _put_releases(cards, newest, platform)
    return Shelf([*cards.values()], [product for product in listed() if product.pk not in cards])


def _put_releases(
    cards: dict[int, Card], newest: dict[int, int], platform: tuple[str, str]
) -> None:
    ids = ",".join(map(str, newest.values()))
    for artifact in packages(ids=ids) if newest else ():
        card = cards[artifact.release.product_id]
        card.release = artifact.release
        card.packages.append(artifact)
    for card in cards.values():
        card.mine = platforms.best(card.packages, *platform)


def entitled_until(licenses: Sequence[License]) -> dt.datetime | None:
    """Up to when releases had to be published to be had by one of these licenses; None: nothing
    can be had."""
    now = timezone.now()
    ends = [each.ends_at or now for each in licenses if not (each.is_suspended or each.is_upcoming)]
    return min(now, max(ends)) if ends else None
