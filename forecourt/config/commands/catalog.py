"""`product` and `release`: filling the catalog from the command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from forecourt.config.commands.staff import BadWord, as_staff, moment, say, staff

if TYPE_CHECKING:
    from forecourt.products.publishing import Upload

CHUNK = 1 << 20
#: A file that is smaller is there before anybody could read how far it is.
BIG = 20 * CHUNK
#: deploy.bin=linux/arm64
_GIVEN = re.compile(r"(.+)=(windows|macos|linux|any)(?:/(x86-64|arm64|any))?")


@as_staff
def product(asked: argparse.Namespace) -> None:
    """Add one."""
    from forecourt.products.actions import add_product

    added = add_product(
        staff(),
        name=asked.name,
        slug=asked.slug,
        key_prefix=asked.prefix,
        kind=asked.kind,
        url=asked.url,
        icon=asked.icon,
        description=asked.description,
        contact=asked.contact,
        is_listed=not asked.unlisted,
    )
    say(f"{added.name} is in the catalog as {added.slug}.")


@as_staff
def release(asked: argparse.Namespace) -> None:
    """Publish or withdraw one."""
    if asked.verb == "add":
        _add(asked)
        return
    from forecourt.products.actions import withdraw_release

    names = {"product": asked.product, "version": asked.version}
    withdrawn = withdraw_release(staff(), **names, reason=asked.reason)
    say(f"{withdrawn} is withdrawn.")


def _add(asked: argparse.Namespace) -> None:
    """Take in what can be published only."""
    from forecourt.products import publishing
    from forecourt.products.actions import publish_release

    found = publishing.product_called(asked.product)
    files = [_file(word) for word in asked.files]
    publishing.check(found, asked.version, [path.name for path, *_ in files])
    published_at = moment(asked.date) if asked.date else None
    notes = _notes(asked.notes) if asked.notes else ""
    made = publish_release(
        staff(),
        product=asked.product,
        version=asked.version,
        files=[_kept(*file) for file in files],
        channel=asked.channel,
        notes=notes,
        published_at=published_at,
    )
    say(f"{made} is published ({made.channel}).")


def _file(word: str) -> tuple[Path, str, str]:
    """The file that a word names, with platform and architecture where it says them."""
    given = None if Path(word).exists() else _GIVEN.fullmatch(word)
    path = Path(given[1] if given else word)
    if not path.is_file():
        raise BadWord(f"There is no file {path}.")
    return (path, given[2], given[3] or "any") if given else (path, "", "")


def _kept(path: Path, platform: str, architecture: str) -> Upload:
    from forecourt.products import files
    from forecourt.products.publishing import Upload

    return Upload(path.name, files.keep(_chunks(path)), platform, architecture)


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes; how far it is, on a terminal."""
    size, done = path.stat().st_size, 0
    tells = size >= BIG and sys.stderr.isatty()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            done += len(chunk)
            if tells:
                print(f"\r{path.name}  {min(99, 100 * done // size):2} %", end="", file=sys.stderr)
    if tells:
        print(f"\r{path.name}  100 %", file=sys.stderr)


def _notes(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadWord(f"The notes in {name} are no UTF-8 text.") from None
