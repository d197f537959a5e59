"""`import` and `export`: customers from CSV files, and the whole portal as such files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from forecourt.config.commands.staff import BadWord, as_staff, say, staff

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Plan

#: Lines after which it says how far it is.
OFTEN = 1_000


@as_staff
def take_in(asked: argparse.Namespace) -> None:
    """Import, or send what was imported."""
    if asked.source == "send":
        _send(asked.per_minute)
        return
    from forecourt.console.transfer import files, importing, plans

    plan = plans.made(files.lines_of(Path(asked.source)))
    if not asked.dry_run:
        told = 0
        for done in importing.run(staff(), plan):
            if done - told >= OFTEN:
                told = done
                print(f"{done} of {len(plan.lines)} lines", file=sys.stderr, flush=True)
    _report(plan, each=asked.dry_run)
    if plan.problems:
        raise BadWord(f"Left out, as said above: {len(plan.problems)} lines.")


def _report(plan: Plan, *, each: bool) -> None:
    """What is wrong first; `each`: then every line that says something new."""
    from django.utils.translation import gettext as _

    for line in plan.problems:
        say(f"{line.table}.csv, line {line.number}: {line.problem}")
    if each:
        for line in plan.lines:
            if not line.problem and line.outcome != _("Unchanged"):
                say(f"{line.table}.csv, line {line.number}: {line.outcome}.")
    for outcome, number in sorted(plan.counted().items()):
        say(f"{outcome}: {number} lines.")


def _send(per_minute: int | None) -> None:
    from forecourt.console.transfer import sending

    per_minute = sending.PER_MINUTE if per_minute is None else per_minute
    if not 1 <= per_minute <= sending.FASTEST:
        raise BadWord(f"From 1 to {sending.FASTEST} a minute.")
    number = sending.begin(per_minute=per_minute)
    say(f"{number} invitations go out, {per_minute} a minute.")


@as_staff
def give_out(asked: argparse.Namespace) -> None:
    """Export."""
    from forecourt.console.transfer import exporting

    folder = Path(asked.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadWord(f"{folder} is not empty.")
    folder.chmod(0o700)  # license keys are in it
    heads = exporting.heads()
    files = {table: (folder / f"{table}.csv").open("wb") for table in heads}
    try:
        for table, head in heads.items():
            files[table].write(head)
        for piece in exporting.pieces():
            for table, some in piece.items():
                files[table].write(some)
    finally:
        for file in files.values():
            file.close()
    say(f"Everything is in {folder}. License keys are in it: keep it safe.")
