"""Who did what in an organization: the audit log, filtered, newest first, a page at a time.

A page costs the same however long the log is: where it is narrowed down, it looks through so many
events and no further, and says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.account.activity_words import Change, changes, one_line
from forecourt.core import happenings, lists
from forecourt.core.lists import PER_PAGE
from forecourt.core.models import AuditEvent

#: Events that one page looks through for those that are wanted.
LOOKED = 20_000
#: What can be asked for: its words, and the names of its events or how they begin.
GROUPS = {
    "people": (gettext_lazy("People"), ("member", "invitation", "staff")),
    "settings": (gettext_lazy("Sign-in and settings"), ("organization", "person", "job")),
    "products": (
        gettext_lazy("Products and keys"),
        ("product", "release", "license", "seat", "launch", "client"),
    ),
    "billing": (gettext_lazy("Billing"), ("plan", "billing", "subscription", "invoice")),
    "contacts": (
        gettext_lazy("Contacts and mail"),
        (
            "contact",
            "mail",
            "organization.primary_contact_changed",
            "organization.primary_contact_restored",
        ),
    ),
}
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2999, 12, 31)


@dataclass(frozen=True)
class Asked:
    """What an address asks for; whatever cannot be read counts as not asked. Days are those of the
    `zone`."""

    what: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    zone: str = "UTC"

    @classmethod
    def from_query(cls, query: Any, zone: dt.tzinfo) -> Asked:
        what = query.get("what", "")
        return cls(
            what=what if what in GROUPS else "",
            who=lists.words(query.get("who", "")),
            since=_day(query.get("from", "")),
            until=_day(query.get("to", "")),
            zone=str(zone),
        )

    @property
    def query(self) -> dict[str, str]:
        """The filters as an address has them."""
        all_of_them = {"what": self.what, "who": self.who, "from": self.since, "to": self.until}
        return {name: value for name, value in all_of_them.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether it asks for something that no index finds."""
        return bool(self.what or self.who)


def _day(text: str) -> str:
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return ""
    return min(max(day, FIRST_DAY), LAST_DAY).isoformat()


def events(organization_id: int, asked: Asked) -> QuerySet[AuditEvent]:
    """The organization's events that are asked for, in no order."""
    rows = AuditEvent.objects.filter(organization_id=organization_id)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since, asked.zone))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until, asked.zone, days=1))
    if asked.what:
        begins = GROUPS[asked.what][1]
        named = {name for name in happenings.events() if name.partition(".")[0] in begins}
        rows = rows.filter(event__in=sorted({*begins, *named}))
    if asked.who:
        rows = rows.filter(actor_label__icontains=asked.who)
    return rows


def _midnight(day: str, zone: str, days: int = 0) -> dt.datetime:
    date = dt.date.fromisoformat(day) + dt.timedelta(days=days)
    return dt.datetime.combine(date, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def older(rows: QuerySet[AuditEvent], at: dt.datetime, pk: int) -> QuerySet[AuditEvent]:
    """Those before the event with this time and id, newest first."""
    return rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk)).order_by("-at", "-pk")


def newer(rows: QuerySet[AuditEvent], at: dt.datetime, pk: int) -> QuerySet[AuditEvent]:
    """Those after it, oldest first."""
    return rows.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk)).order_by("at", "pk")


@dataclass
class Entry:
    """An event as the page shows it."""

    event: AuditEvent
    what: str = field(init=False)
    thing: str = field(init=False)
    who: str = field(init=False)
    kind: str = field(init=False)
    changes: list[Change] = field(init=False)

    def __post_init__(self) -> None:
        self.what = happenings.said(self.event.event)
        self.who, self.kind = one_line(self.event.actor_label), self.event.actor_kind
        self.thing = one_line(self.event.object_label)
        if self.thing == self.who:
            self.thing = ""
        self.changes = changes(self.event.before, self.event.after)


@dataclass
class Page:
    """A page of the log. `looked_to`: how far back it looked, where it did not look at all of it."""

    asked: Asked
    entries: list[Entry] = field(default_factory=list)
    looked_to: dt.datetime | None = None
    next: str | None = None
    previous: str | None = None

    @property
    def groups(self) -> list[tuple[str, str]]:
        """What can be asked for, as a choice."""
        return [("", _("Everything")), *((name, str(said)) for name, (said, _x) in GROUPS.items())]


def read(organization_id: int, asked: Asked, *, before: str | None, after: str | None) -> Page:
    """The page of events older than `before` or newer than `after` (ids; else the newest), in at
    most three queries and a setting."""
    places = lists.number(before), lists.number(after)
    if not asked.narrows:
        return _read(organization_id, asked, *places)
    with transaction.atomic():
        in_order()
        return _read(organization_id, asked, *places)


def in_order() -> None:
    """Until the transaction ends, have the database read the log in its order and stop where it has
    enough. Left to itself it takes row-level security for hiding nearly all, and sorts the whole."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_sort = off")


def _read(organization_id: int, asked: Asked, before: int | None, after: int | None) -> Page:
    page, backwards = Page(asked), bool(after)
    edge = _place(organization_id, after or before)
    # Of a day alone the index knows: what else is asked is looked for in so many events.
    days = Asked(since=asked.since, until=asked.until, zone=asked.zone)
    rows, all_rows = events(organization_id, asked), events(organization_id, days)
    end = _end(_from(all_rows, edge, backwards)) if asked.narrows else None
    rows = _from(rows, edge, backwards)
    found = list((_up_to(rows, end, backwards) if end else rows)[: PER_PAGE + 1])
    further, shown = len(found) > PER_PAGE, found[:PER_PAGE]
    last = shown[-1].pk if further else end and end[1]
    first = shown[0].pk if shown else (edge and edge[1])
    if backwards:
        shown.reverse()
        page.previous = _link(asked, after=last)
        page.next = _link(asked, before=first if shown else last)
    else:
        page.next = _link(asked, before=last)
        page.previous = _link(asked, after=first) if edge else None
        page.looked_to = end[0] if end and not further else None
    page.entries = [Entry(event) for event in shown]
    return page


Place = tuple[dt.datetime, int]


def _place(organization_id: int, pk: int | None) -> Place | None:
    """Where an event stands."""
    if pk is None:
        return None
    rows = AuditEvent.objects.filter(organization_id=organization_id, pk=pk)
    return rows.values_list("at", "pk").first()


def _from(rows: QuerySet[AuditEvent], edge: Place | None, backwards: bool) -> QuerySet[AuditEvent]:
    if edge is None:
        return rows.order_by("-at", "-pk")
    return newer(rows, *edge) if backwards else older(rows, *edge)


def _up_to(rows: QuerySet[AuditEvent], end: Place, backwards: bool) -> QuerySet[AuditEvent]:
    at, pk = end
    if backwards:
        return rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lte=pk))
    return rows.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gte=pk))


def _end(rows: QuerySet[AuditEvent]) -> Place | None:
    """The last event that the page looks at; None where there are not so many."""
    return rows.values_list("at", "pk")[LOOKED - 1 : LOOKED].first()


def _link(asked: Asked, **where: int | None) -> str | None:
    if not all(where.values()):
        return None
    return "?" + urlencode({**asked.query, **where})
