"""What the files are made of: columns and lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from forecourt.console.transfer import cells
from forecourt.console.transfer.cells import Reader
from forecourt.core.refusals import Refused

#: Tables whose lines have no `ref`, or need none, and the cells that name them together. (Hashed: they
#: can be longer together than a ref, and of a key nobody shall read it here.)
NAMED_BY = {
    "former_keys": ("key",),
    "seats": ("license", "email"),
    "invoice_revisions": ("invoice", "revision"),
    "payments": ("invoice", "received", "amount", "method", "reference"),
}
#: What people know lines by that are of no organization.
TITLES = {
    "products": ("slug",),
    "plans": ("slug",),
    "clients": ("name",),
    "figures": ("day", "name"),
    "keys": ("kid",),
    "accounts": ("email",),
    "releases": ("product", "version"),
    "release_files": ("product", "version", "name"),
}
#: How people know those.
SHOWN = ("license", "email", "invoice")


@dataclass(frozen=True)
class Column:
    """One column: how its cells are read, whether none of them may be empty, and whether blanks
    around a text belong to it."""

    name: str
    read: Reader
    is_needed: bool = False
    is_exact: bool = False


def columns(needed: str, **readers: Reader) -> list[Column]:
    """The columns of a file; those named in `needed` may not be empty."""
    return [Column(name, read, name in needed.split()) for name, read in readers.items()]


def exact(columns: list[Column], *names: str) -> list[Column]:
    """The same columns, of which these are kept with the blanks around them."""
    return [replace(each, is_exact=each.name in names) for each in columns]


@dataclass
class Line:
    """A line of a file: what it says, and what is wrong with it or became of it. Its `warning` is what
    whoever imports it should know beforehand, though nothing is wrong."""

    table: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    outcome: str = ""
    warning: str = ""
    #: Its address or `ref` as it was typed, where that cannot be read.
    typed: str = ""
    #: The lines of another file that are parts of this one, as an invoice has its own. They are new,
    #: changed and wrong together.
    parts: list[Line] = field(default_factory=list)
    #: The line that this one is a part of.
    whole: Line | None = None
    #: What it is, once it was looked at; for whoever writes it.
    made: Any = None

    @property
    def organization(self) -> str:
        """The `ref` of the organization that it is about."""
        column = "ref" if self.table == "organizations" else "organization"
        return str(self.values.get(column, ""))

    @property
    def ref(self) -> str:
        """What names it among those of its organization."""
        if self.table == "invoice_lines":
            return str(self.number)
        if self.table == "invoices":
            return str(self.values.get("number", ""))
        if self.table == "billing_details":
            return str(self.values.get("ref") or "present")
        if self.table in NAMED_BY and not self.values.get("ref"):
            said = (cells.written(self.values.get(name, "")) for name in NAMED_BY[self.table])
            return hashlib.sha256("\n".join(said).encode()).hexdigest()
        return str(self.values.get("ref") or self.values.get("email", ""))

    @property
    def label(self) -> str:
        """What people know it by: the organization, and who or what of it."""
        owner = "" if self.table == "organizations" else self.organization
        name = self.ref
        if self.table in NAMED_BY or self.table == "invoice_lines":
            name = ", ".join(str(self.values[each]) for each in SHOWN if self.values.get(each))
        if self.table in TITLES:
            names = TITLES[self.table]
            name = " ".join(str(self.values[each]) for each in names if self.values.get(each))
        return ", ".join(filter(None, (owner, name or self.typed)))[:254]

    @cached_property
    def fingerprint(self) -> str:
        """The same for lines that say the same, and no others."""
        said: dict[str, Any] = {name: cells.written(value) for name, value in self.values.items()}
        if self.parts:
            said["\n"] = [part.fingerprint for part in self.parts]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def said(self, *names: str) -> dict[str, Any]:
        """What it says in these columns, as far as they are there and not left to the portal."""
        return {name: self.values[name] for name in names if self.values.get(name) is not None}

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Inside, what is refused is said in the line."""
        try:
            yield
        except Refused as refusal:
            self.problem = f"{refusal.field}: {refusal}" if refusal.field else str(refusal)
