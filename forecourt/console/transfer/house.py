"""What is of no customer: keys, programs, releases, accounts. Each is written for itself, and one that
is here already is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from forecourt.console.transfer import brand, clients, figures, keys, people, releases
from forecourt.console.transfer.lines import Line
from forecourt.core.refusals import Refused

#: Their files; products and plans come before.
NAMES = ("brand", "figures", "keys", "clients", "releases", "release_files", "accounts")
AT_ONCE = 1_000


def check(house: dict[str, list[Line]], products: set[str], folder: Path | None) -> None:
    """Say what would become of each line, and which are wrong. `products`: those that there will be."""
    for name, column in (
        ("keys", "kid"),
        ("clients", "client"),
        ("accounts", "account"),
        ("brand", "setting"),
    ):
        _check_once(house[name], column)
    brand.check(house["brand"], folder)
    figures.check(house["figures"])
    keys.check(house["keys"])
    clients.check(house["clients"], products)
    releases.check(house["releases"], house["release_files"], products, folder)
    for start in range(0, len(house["accounts"]), AT_ONCE):
        people.check(house["accounts"][start : start + AT_ONCE])


def _check_once(lines: list[Line], column: str) -> None:
    first: dict[Any, Line] = {}
    for line in lines:
        found = first.setdefault(line.values.get(column), line)
        if not line.problem and found is not line:
            line.problem = _("The same stands in line %(number)d.") % {"number": found.number}


def run(actor: Any, house: dict[str, list[Line]], folder: Path | None) -> Iterator[int]:
    """Write what is right, by an actor for no organization; yields how many lines are done."""
    if house["brand"]:
        brand.write(actor, house["brand"], folder)
        yield len(house["brand"])
    if house["figures"]:
        figures.write(actor, house["figures"])
        yield len(house["figures"])
    for line in house["keys"]:
        _one(line, partial(keys.import_key, actor, said=line.values))
        yield 1
    for line in house["clients"]:
        _one(line, partial(clients.import_client, actor, said=line.values))
        yield 1
    for line, its_files in releases.grouped(house["releases"], house["release_files"]):
        _one(line, partial(releases.write, actor, line, its_files, folder))
        releases.leave_out(line, its_files)
        yield 1 + len(its_files)
    for line in house["accounts"]:
        _one(line, partial(people.write, actor, line))
        yield 1


def _one(line: Line, write: Callable[[], Any]) -> None:
    if line.problem or line.outcome == _("Unchanged"):
        return
    try:
        write()
    except Refused as refusal:
        line.problem = f"{refusal.field}: {refusal}" if refusal.field else str(refusal)
    except IntegrityError:  # by a unique constraint
        line.problem = _("Something of it is somebody else's here already: it is left out.")
