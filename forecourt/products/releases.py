"""A product's releases, as an organization that has the product sees them: newest first, a page at
a time, each with whether its license entitles to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.models import Membership
from forecourt.products import platforms
from forecourt.products.models import Artifact, License, Product, Release
from forecourt.products.shelf import entitled_until
from forecourt.products.versions import order_of

PER_PAGE = 25


@dataclass
class Access:
    """A product that an organization has or had, and up to when releases of it had to be published
    to be had (None: none can be had)."""

    product: Product
    until: dt.datetime | None
    has_ended: bool

    def covers(self, release: Release) -> bool:
        """Whether the release can be downloaded."""
        return (
            self.until is not None
            and release.withdrawn_at is None
            and release.published_at <= self.until
        )


@dataclass
class Line:
    """A release in the list. `mine`: the package for the reader's platform, where there is one."""

    release: Release
    covered: bool
    mine: Artifact | None


@dataclass
class Page:
    """A page of the list; `betas`: whether those are shown, too."""

    lines: list[Line]
    betas: bool
    next: str | None
    previous: str | None


def access(viewer: Membership, slug: str) -> Access:
    """The product with this slug; raises Gone where the organization never had it."""
    licenses = list(
        License.objects.select_related("product").filter(
            organization_id=viewer.organization_id, product__slug=slug
        )
    )
    if not licenses:
        raise Gone
    ended = all(each.has_ended for each in licenses)
    return Access(licenses[0].product, entitled_until(licenses), ended)


def read(found: Access, *, betas: bool, before: str, after: str, platform: tuple[str, str]) -> Page:
    """The releases older than `before`, or newer than `after` (versions; "": from the newest)."""
    releases = _published(found.product)
    if not betas:
        releases = releases.filter(channel=Release.Channel.STABLE)
    shown, has_newer, has_older = part(releases, before=before, after=after)
    return Page(
        lines=_lines(found, shown, platform),
        betas=betas,
        next=_link(betas, before=shown[-1].version) if shown and has_older else None,
        previous=_link(betas, after=shown[0].version) if shown and has_newer else None,
    )


def part(
    releases: QuerySet[Release], *, before: str, after: str
) -> tuple[list[Release], bool, bool]:
    """The releases of one page, newest first, and whether there are newer and older ones."""
    if after and (order := _order(after)):
        newer = list(releases.filter(order__gt=order).order_by("order")[: PER_PAGE + 1])
        return newer[:PER_PAGE][::-1], len(newer) > PER_PAGE, True
    order = _order(before) if before else ""
    older = releases.filter(order__lt=order) if order else releases
    rows = list(older.order_by("-order")[: PER_PAGE + 1])
    return rows[:PER_PAGE], bool(order), len(rows) > PER_PAGE


def release(found: Access, version: str) -> tuple[Release, list[Artifact]]:
    """A published release by its version, with its files; raises Gone."""
    row = _published(found.product).filter(version=version).first()
    if row is None:
        raise Gone
    row.product = found.product
    return row, list(row.artifacts.all())


def _published(product: Product) -> QuerySet[Release]:
    return Release.objects.filter(product=product, published_at__lte=timezone.now())


def _lines(found: Access, releases: list[Release], platform: tuple[str, str]) -> list[Line]:
    packages: dict[int, list[Artifact]] = {}
    for artifact in Artifact.objects.filter(release__in=releases, kind=Artifact.Kind.PACKAGE):
        packages.setdefault(artifact.release_id, []).append(artifact)
    return [
        Line(row, found.covers(row), platforms.best(packages.get(row.pk, ()), *platform))
        for row in releases
    ]


def _order(version: str) -> str:
    """The precedence of a version from an address; "" where it is none."""
    try:
        return order_of(version)
    except Refused:
        return ""


def _link(betas: bool, **where: str) -> str:
    return "?" + urlencode({**({"channel": "beta"} if betas else {}), **where})
