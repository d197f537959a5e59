"""Imports as staff see them: the last ones, and the report of one, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from forecourt.console.models import Import, ImportLine
from forecourt.core.lists import number, part
from forecourt.core.refusals import Gone

SHOWN = 25


@dataclass(frozen=True)
class Page:
    """Some lines of a report: all of them, or those to look at. `warned`: how many have a warning."""

    is_all: bool
    warned: int
    lines: list[ImportLine]
    previous: str | None
    next: str | None


def recent() -> list[Import]:
    """The newest first."""
    return list(Import.objects.defer("content").order_by("-pk")[:SHOWN])


def found(import_id: int) -> Import:
    """One of them, without its files; raises Gone."""
    row = Import.objects.defer("content").filter(pk=import_id).first()
    if row is None:
        raise Gone
    return row


def report(of: Import, query: Any) -> Page:
    """What is wrong or has a warning, where something is wrong; `show=all`: every line, those first."""
    is_all = query.get("show") == "all" or not of.wrong
    rows = of.lines.all() if is_all else of.lines.exclude(problem="", warning="")
    asked = {"after": number(query.get("after")), "before": number(query.get("before"))}
    lines, is_before, is_after = part(rows, **asked)
    return Page(
        is_all,
        of.lines.exclude(warning="").count(),
        lines,
        _address(is_all, before=lines[0].pk) if lines and is_before else None,
        _address(is_all, after=lines[-1].pk) if lines and is_after else None,
    )


def _address(is_all: bool, **place: int) -> str:
    return "?" + urlencode({**({"show": "all"} if is_all else {}), **place})
