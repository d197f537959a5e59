"""What is read line by line, for it can be long: mails, and then what happened, which names them. On the
server alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.console.transfer import activity, files, mails
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.plans import Plan

#: Lines at once.
AT_ONCE = 1_000
#: Who writes them, each in an organization's scope, and answers how much was not there yet.
WRITERS = {"mails": mails.import_mails, "activity": activity.import_activity}
LEFT_OUT = {
    "mails": gettext_lazy("The organization “%s” is left out, and so are its mails."),
    "activity": gettext_lazy("The organization “%s” is left out, and so is its activity."),
}


def take_in(actor: Any, plan: Plan, source: Path, *, writes: bool) -> Iterator[int]:
    """Add what is not there yet, an organization after the other, once these are written; yields how
    many lines are done. What is wrong is added to the plan's lines."""
    done = 0
    for table in WRITERS:
        lines = files.stream(source, table)
        for ref, theirs in groupby(lines, key=lambda line: line.organization):
            for some in _at_once(theirs):
                _take(actor, plan, table, ref, some, writes=writes)
                done += len(some)
                yield done


def _take(actor: Any, plan: Plan, table: str, ref: str, some: list[Line], *, writes: bool) -> None:
    pk = plan.customers[ref].pk if ref in plan.customers else None
    right = [line for line in some if not line.problem]
    plan.lines += [line for line in some if line.problem]
    if ref and pk is None and (writes or ref not in plan.customers):
        _leave_out(plan, right)
    elif writes and right:
        added = WRITERS[table](replace(actor, organization_id=pk), lines=right)
        plan.streamed[_("New")] += added
        plan.streamed[_("Unchanged")] += len(right) - added


def _leave_out(plan: Plan, lines: list[Line]) -> None:
    """One sentence for many: they can be a million."""
    for line in lines[:1]:
        line.problem = LEFT_OUT[line.table] % line.organization[:60]
        plan.lines.append(line)


def _at_once(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Some hundred, those of one moment together."""
    some: list[Line] = []
    for _at, of_a_moment in groupby(lines, key=lambda line: line.values.get("at")):
        some += of_a_moment
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some
