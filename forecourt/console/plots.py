"""The figures as plots: lines in SVG, drawn here, with the same numbers as a table for whoever does not
see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecourt.console import figures
from forecourt.core import money

#: The size of a drawing, in its own units: a line of 2 units stays inside.
WIDTH, HEIGHT, EDGE = 300, 80, 2
#: Rows of the table: one a week.
STEP = 7


@dataclass(frozen=True)
class Plot:
    """One kind of figure over the days: `points` as SVG takes them, `rows` (day, figure) as people
    read them, the newest first."""

    name: str
    title: str
    latest: str
    points: str
    top: str
    bottom: str
    first: dt.date
    last: dt.date
    rows: list[tuple[dt.date, str]]


def read() -> list[Plot]:
    """Those of which there are two days at least; the largest revenue first."""
    found = figures.read()
    return [
        _plot(name, title, found[name], name.removeprefix(figures.REVENUE))
        for name, title in _titles(found)
        if len(found.get(name, [])) > 1
    ]


def _titles(found: dict[str, list[tuple[dt.date, int]]]) -> Iterator[tuple[str, str]]:
    yield figures.ORGANIZATIONS, _("Organizations")
    yield figures.LICENSES, _("Active licenses")
    revenues = [name for name in found if name.startswith(figures.REVENUE)]
    for name in sorted(revenues, key=lambda each: -found[each][-1][1]):
        yield name, _("Recurring revenue a month")
    yield figures.SIGN_INS, _("Sign-ins a day")


def _plot(name: str, title: str, series: list[tuple[dt.date, int]], currency: str) -> Plot:
    def said(value: int) -> str:
        return money.said(value, currency) if currency != name else f"{value:,}"

    values = [value for _day, value in series]
    first, last = series[0][0], series[-1][0]
    low, high = min(values), max(values)
    whole = (last - first).days

    def place(day: dt.date, value: int) -> str:
        x = EDGE + (day - first).days / whole * (WIDTH - 2 * EDGE)
        part = (value - low) / (high - low) if high > low else 0.5
        return f"{x:.1f},{HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE):.1f}"

    return Plot(
        name=name.replace(" ", "-"),
        title=title,
        latest=said(values[-1]),
        points=" ".join(place(*each) for each in series),
        top=said(high),
        bottom=said(low),
        first=first,
        last=last,
        rows=[(day, said(value)) for day, value in series[::-1][::STEP]],
    )
