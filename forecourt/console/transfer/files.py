"""Reading the files: a folder or a ZIP of CSV files. Whatever is in them, what comes out is lines, each
with its values or with what is wrong with it."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from forecourt.console.transfer import cells
from forecourt.console.transfer.cells import BadCell
from forecourt.console.transfer.lines import Column, Line
from forecourt.console.transfer.tables import COLUMNS, ON_THE_SERVER, STREAMED
from forecourt.core.refusals import Refused

#: Of one file, unpacked.
MOST_BYTES = 200_000_000
#: Of all files together.
MOST_LINES = 500_000


def lines_of(source: Path | io.BytesIO, *, with_secrets: bool = False) -> list[Line]:
    """Every line of every file that is there, but of those that are streamed. Accounts and secrets
    only `with_secrets`. Raises Refused where there is none at all."""
    found: list[Line] = []
    with _opened(source) as files:
        if not files:
            raise Refused(_("There is none of the files, such as organizations.csv."))
        for line in _all(files, with_secrets):
            found.append(line)
            if len(found) > MOST_LINES:
                most = {"most": MOST_LINES}
                raise Refused(_("At most %(most)d lines at once; these are more.") % most)
    return found


def _all(files: dict[str, io.TextIOBase], with_secrets: bool) -> Iterator[Line]:
    for table, file in files.items():
        if table in ON_THE_SERVER and not with_secrets:
            yield Line(table, 1, problem=only_on_the_server(table))
        elif table not in STREAMED:
            yield from _read(table, file)


def stream(source: Path, table: str) -> Iterator[Line]:
    """The lines of one file, one after the other; none where it is not there."""
    with _opened(source) as files:
        if table in files:
            yield from _read(table, files[table])


def only_on_the_server(table: str) -> str:
    """Why a file is left out."""
    return _(
        "%(file)s has accounts, secrets or what happened. It is imported on the server alone, by"
        " `forecourt import --with-secrets`."
    ) % {"file": f"{table}.csv"}


@contextmanager
def _opened(source: Path | io.BytesIO) -> Iterator[dict[str, io.TextIOBase]]:
    """The text of each file that is there, in the order of the tables."""
    if isinstance(source, Path) and source.is_dir():
        paths = {table: source / f"{table}.csv" for table in COLUMNS}
        with ExitStack() as stack:
            there = {name: path for name, path in paths.items() if path.is_file()}
            raw = {name: stack.enter_context(path.open("rb")) for name, path in there.items()}
            yield {name: _text(file) for name, file in raw.items()}
        return
    try:
        with zipfile.ZipFile(source) as archive:
            yield {name: _text(archive.open(entry)) for name, entry in _entries(archive).items()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as problem:
        raise Refused(_("This is neither a folder nor a ZIP file.")) from problem


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By table; in whatever folder of the ZIP they are."""
    by_name = {entry.filename.rpartition("/")[2]: entry for entry in archive.infolist()}
    found = {name: by_name[f"{name}.csv"] for name in COLUMNS if f"{name}.csv" in by_name}
    if any(entry.file_size > MOST_BYTES for entry in found.values()):
        raise Refused(_("A file of at most 200 MB, please."))
    return found


def _text(raw: Any) -> io.TextIOBase:
    # What is no UTF-8 stays recognizable as such, so that one bad line does not hide the others.
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _read(table: str, file: io.TextIOBase) -> Iterator[Line]:
    rows = _rows(table, file)
    first = next(rows, None)
    if first is None or isinstance(first, Line):
        yield first or Line(table, 1, problem=_("The file is empty."))
        return
    head = [name.strip().lower() for name in first[1]]
    columns = {column.name: column for column in COLUMNS[table]}
    yield from (Line(table, 1, problem=said) for said in _wrong_with_head(head, columns))
    if any(column.is_needed and column.name not in head for column in COLUMNS[table]):
        return
    for row in rows:
        yield row if isinstance(row, Line) else _line(table, row[0], head, row[1], columns)


def _wrong_with_head(head: list[str], columns: dict[str, Column]) -> Iterator[str]:
    for name in dict.fromkeys(head):
        if name not in columns:
            yield _("There is no column “%s”; it is left out.") % cells.shown(name)
        elif head.count(name) > 1:
            yield _("The column “%s” is there twice; the last one counts.") % cells.shown(name)
    for column in columns.values():
        if column.is_needed and column.name not in head:
            yield _("The column “%s” is missing, so the whole file is left out.") % column.name


def _rows(table: str, file: io.TextIOBase) -> Iterator[tuple[int, list[str]] | Line]:
    """(number of its last line in the file, cells); what cannot be taken apart is a Line."""
    head = file.readline(100_000)
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(itertools.chain([head], file), delimiter=separator)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            said = _("This cannot be read: a quotation mark is open, or a cell is too long.")
            yield Line(table, reader.line_num, problem=said)
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


def _line(
    table: str, number: int, head: list[str], row: list[str], columns: dict[str, Column]
) -> Line:
    line = Line(table, number)
    if len(row) > len(head) and any(row[len(head) :]):
        line.problem = _("It has more cells than the first line has names.")
        return line
    row += [""] * (len(head) - len(row))
    for name, cell in zip(head, row, strict=False):
        if name in columns:
            try:
                line.values[name] = _value(columns[name], cell)
            except BadCell as problem:
                if name in ("email", "ref"):
                    line.typed = cells.shown(cell)
                line.problem = line.problem or f"{name}: {problem}"
    return line


def _value(column: Column, cell: str) -> Any:
    if not cell.isascii() and any("\udc80" <= sign <= "\udcff" for sign in cell):
        raise BadCell(_("It is no UTF-8. Save the file in this encoding."))
    value = column.read(cells.plain(cell if column.is_exact else cell.strip()))
    if column.is_needed and value in ("", None):
        raise BadCell(_("It must not be empty."))
    return value
