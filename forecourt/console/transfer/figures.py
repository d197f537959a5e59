"""The vendor's figures of former days, which nobody can count again. A day that was counted here stays as it
was."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.console.events import Event
from forecourt.console.figures import is_one
from forecourt.console.models import Figure
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import Row
from forecourt.core import audit
from forecourt.core.actions import action


def rows() -> list[Row]:
    """Those of every day, the oldest first."""
    found = Figure.objects.order_by("day", "name")
    return [{"day": each.day, "name": each.name, "value": each.value} for each in found]


def check(lines: list[Line]) -> None:
    """Say what would become of each, and which are wrong."""
    days = {line.values["day"] for line in lines if not line.problem}
    there = set(Figure.objects.filter(day__in=days).values_list("day", "name"))
    for line in lines:
        if line.problem:
            continue
        said = line.values["day"], line.values["name"]
        line.outcome = _("Unchanged") if said in there else _("New")
        if not is_one(said[1]):
            line.problem = _("name: There is no such figure.")
        elif said[0] >= periods.today():
            line.problem = _("day: It is not over yet.")
        there.add(said)


def write(actor: Any, lines: list[Line]) -> None:
    """All that are right and new at once."""
    said = [line.values for line in lines if not line.problem and line.outcome != _("Unchanged")]
    if said:
        import_figures(actor, said=said)


@action("import_customer")
def import_figures(actor, *, said: list[Row]) -> None:
    """Keep figures of days that nobody counted here."""
    made = [Figure(**values) for values in said]
    Figure.objects.bulk_create(made, ignore_conflicts=True)
    audit.record(actor, Event.FIGURES_IMPORTED, made[-1], after={"lines": len(made)})
