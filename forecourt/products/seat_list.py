"""The members of an organization and who of them has a seat of a license: searched, filtered, a
page at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from forecourt.core import lists
from forecourt.core.refusals import Gone
from forecourt.orgs.models import Membership
from forecourt.products.models import License, Seat
from forecourt.products.seats import taken

WITH, WITHOUT = "with", "without"


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; whatever cannot be read counts as not asked."""

    q: str = ""
    seat: str = ""
    after: int | None = None
    before: int | None = None
    first: int = 1

    @classmethod
    def from_query(cls, query: Any) -> Asked:
        seat = query.get("seat", "")
        return cls(
            q=lists.words(query.get("q", "")),
            seat=seat if seat in (WITH, WITHOUT) else "",
            after=lists.number(query.get("after")),
            before=lists.number(query.get("before")),
            first=lists.number(query.get("n")) or 1,
        )

    def query(self, **where: int) -> str:
        """As the query of an address; `where` is another page of the same list."""
        place = {"after": self.after, "before": self.before, "n": self.first if self.moved else 0}
        values = {"q": self.q, "seat": self.seat, **(where or place)}
        kept = {key: value for key, value in values.items() if value}
        return "?" + urlencode(kept) if kept else ""

    @property
    def moved(self) -> bool:
        """Whether it is another page than the first."""
        return bool(self.after or self.before)


@dataclass
class Row:
    """One member; `since`: when they got their seat, None without one."""

    id: int
    name: str
    email: str
    since: dt.datetime | None

    @property
    def label(self) -> str:
        return self.name or self.email


@dataclass
class Page:
    """Everything that the page shows: the license with its numbers, and a part of the list."""

    license: License
    taken: int
    asked: Asked
    members: list[Row] = field(default_factory=list)
    total: str = "0"
    first: int = 1
    last: int = 0
    next: str | None = None
    previous: str | None = None

    @property
    def left(self) -> int | None:
        """The seats that can still be given; None: any number."""
        if self.license.seats is None:
            return None
        return max(0, self.license.seats - self.taken)


def read(viewer: Membership, license_id: int, asked: Asked) -> Page:
    """The page that was asked for, in three queries; raises Gone for no license of theirs."""
    licenses = viewer.organization.licenses.select_related("product").annotate(taken=taken())
    license: Any = licenses.filter(pk=license_id).first()
    if license is None:
        raise Gone
    page = Page(license, license.taken, asked)
    wanted = _wanted(viewer, license, asked)
    found, earlier, later = lists.part(wanted, after=asked.after, before=asked.before)
    if not found and asked.moved:  # Nobody of the last page is on it any more.
        return read(viewer, license_id, Asked(q=asked.q, seat=asked.seat))
    page.members = [Row(x.pk, x.user.name, x.user.email, x.since) for x in found]
    page.first = asked.first if earlier else 1
    page.last = page.first + len(found) - 1
    page.total = lists.said(lists.counted(wanted)) if earlier or later else f"{len(found)}"
    if later:
        page.next = asked.query(after=found[-1].pk, n=page.last + 1)
    if earlier:
        page.previous = asked.query(before=found[0].pk, n=max(1, page.first - lists.PER_PAGE))
    return page


def _wanted(viewer: Membership, license: License, asked: Asked) -> QuerySet[Membership, Any]:
    seats = Seat.objects.filter(license=license, member=OuterRef("pk"))
    members = viewer.organization.memberships.select_related("user").only(
        "organization_id", "user__name", "user__email"
    )
    members = lists.matching(members, asked.q, "user__name", "user__email")
    if asked.seat == WITH:
        members = members.filter(seats__license=license)
    elif asked.seat == WITHOUT:
        members = members.filter(~Exists(seats))
    return members.annotate(since=Subquery(seats.values("assigned_at")))
