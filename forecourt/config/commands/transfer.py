"""`import` and `export`: customers from CSV files, and the whole portal as such files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

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
    from forecourt.console.transfer import files, importing, plans, streams

    source = Path(asked.source)
    plan = plans.made(files.lines_of(source, with_secrets=asked.with_secrets), folder=source)
    if not asked.dry_run:
        _tell(importing.run(staff(), plan), f"of {len(plan.lines)} lines")
    if asked.with_secrets:
        steps = streams.take_in(staff(), plan, source, writes=not asked.dry_run)
        _tell(steps, "lines of mails and activity")
    _report(plan, each=asked.dry_run)
    if plan.problems:
        raise BadWord(f"Left out, as said above: {len(plan.problems)} lines.")


def _tell(steps: Iterator[int], of_what: str) -> None:
    told = 0
    for done in steps:
        if done - told >= OFTEN:
            told = done
            print(f"{done} {of_what}", file=sys.stderr, flush=True)


def _report(plan: Plan, *, each: bool) -> None:
    """What is wrong first, and what one should know; `each`: every line that says something new."""
    from django.utils.translation import gettext as _

    for line in plan.problems:
        say(f"{line.table}.csv, line {line.number}: {line.problem}")
    for line in plan.warnings:
        say(f"{line.table}.csv, line {line.number}: {line.outcome}. {line.warning}")
    if each:
        for line in plan.lines:
            if not (line.problem or line.warning) and line.outcome != _("Unchanged"):
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
    from forecourt.console.transfer import releases

    folder = Path(asked.folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadWord(f"{folder} is not empty.")
    folder.chmod(0o700)  # license keys are in it
    _write_tables(folder, with_secrets=asked.with_secrets)
    missing = _write_files(folder / releases.FOLDER)
    what = "Accounts and signing keys are" if asked.with_secrets else "License keys are"
    say(f"Everything is in {folder}. {what} in it: keep it safe.")
    if missing:
        raise BadWord(f"But not these files, which the store has not: {', '.join(missing)}.")


def _write_tables(folder: Path, *, with_secrets: bool) -> None:
    from forecourt.console.transfer import exporting

    heads = exporting.heads(with_secrets=with_secrets)
    with ExitStack() as stack:
        files = {table: stack.enter_context(_new(folder / f"{table}.csv")) for table in heads}
        for table, head in heads.items():
            files[table].write(head)
        for piece in exporting.pieces(with_secrets=with_secrets):
            for table, some in piece.items():
                files[table].write(some)


def _write_files(folder: Path) -> list[str]:
    """The files of releases, and the logos, by their hashes; those that are not in the store."""
    from forecourt.console.transfer import brand, releases
    from forecourt.products import files

    folder.mkdir(mode=0o700)
    missing = []
    for sha256, content in brand.pictures().items():
        with _new(folder / sha256) as file:
            file.write(content)
    for sha256, size in releases.kept():
        try:
            with _new(folder / sha256) as file:
                for piece in files.read(sha256, size):
                    file.write(piece)
        except FileNotFoundError:
            (folder / sha256).unlink()
            missing.append(sha256)
    return missing


def _new(path: Path) -> BinaryIO:
    """A new file, for its user's eyes alone."""
    return open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
