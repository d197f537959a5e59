"""What every list of the console does: it is narrowed, read a page at a time by key, the newest first,
and exported whole. What is listed, and by which columns, `console.listed` says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from forecourt.core import scope
from forecourt.core.exports import safe
from forecourt.core.lists import PER_PAGE, number

#: Rows of an export that are read in one transaction.
AT_ONCE = 1_000
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Column:
    """One column: `said` makes of a row what people read (text, or what a badge takes), `plain` what a
    file has, where that differs."""

    name: str
    label: str
    said: Callable[[Any], Any]
    plain: Callable[[Any], Any] | None = None
    is_number: bool = False

    def cell(self, row: Any) -> str:
        """What a file has."""
        found = (self.plain or self.said)(row)
        return "" if found is None else str(found)


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: its name in the address, and its choices (value, label, how)."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, Callable[[Any], Any]]]


@dataclass(frozen=True)
class Listing:
    """One list: `rows` of every customer; `finish` adds to rows what the role that reads across
    customers does not see; `owner` says whose a row is."""

    name: str
    title: str
    nothing: str
    icon: str
    rows: Callable[[], Rows]
    columns: list[Column]
    filters: list[Filter]
    finish: Callable[[list[Any]], None] = lambda rows: None
    owner: Callable[[Any], Any] = lambda row: row.organization

    def narrowed(self, asked: dict[str, str]) -> Rows:
        """Its rows as far as they are asked for; what is not a choice narrows nothing."""
        rows = self.rows()
        for each in self.filters:
            for value, _label, how in each.choices:
                if asked.get(each.name) == value:
                    rows = how(rows)
        return rows


@dataclass
class Page:
    """A part of a list, and how to go on."""

    listing: Listing
    asked: dict[str, str]
    rows: list[Any]
    previous: str | None
    next: str | None


def asked_of(found: Listing, query: Any) -> dict[str, str]:
    """The choices that an address, or a form, names."""
    given = {each.name: query.get(each.name, "") for each in found.filters}
    choices = {each.name: {value for value, *_ in each.choices} for each in found.filters}
    return {name: value for name, value in given.items() if value in choices[name]}


def page(found: Listing, query: Any) -> Page:
    """The newest, or those older than `before`, or newer than `after`."""
    asked = asked_of(found, query)
    before, after = number(query.get("before")), number(query.get("after"))
    with scope.across_organizations(f"the list of {found.name}"):
        rows = found.narrowed(asked)
        if after:
            some = list(rows.filter(pk__gt=after).order_by("pk")[: PER_PAGE + 1])[::-1]
            shown, is_newer, is_older = some[-PER_PAGE:], len(some) > PER_PAGE, True
        else:
            rows = rows.filter(pk__lt=before) if before else rows
            some = list(rows.order_by("-pk")[: PER_PAGE + 1])
            shown, is_newer, is_older = some[:PER_PAGE], bool(before), len(some) > PER_PAGE
    found.finish(shown)
    return Page(
        found,
        asked,
        shown,
        "?" + urlencode({**asked, "after": shown[0].pk}) if shown and is_newer else None,
        "?" + urlencode({**asked, "before": shown[-1].pk}) if shown and is_older else None,
    )


def export(found: Listing, asked: dict[str, str]) -> Iterator[bytes]:
    """The whole list as CSV, the newest first, so many rows at a time: no cell is a formula."""
    yield _lines([["customer_number", "customer", *(column.name for column in found.columns)]])
    last: int | None = None
    while True:
        with scope.across_organizations(f"the list of {found.name}, exported"):
            rows = found.narrowed(asked)
            rows = rows.filter(pk__lt=last) if last else rows
            some = list(rows.order_by("-pk")[:AT_ONCE])
        if not some:
            return
        found.finish(some)
        yield _lines([[safe(cell) for cell in _cells(found, row)] for row in some])
        last = some[-1].pk


def _cells(found: Listing, row: Any) -> list[str]:
    owner = found.owner(row)
    return [str(owner.pk), owner.name, *(column.cell(row) for column in found.columns)]


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
