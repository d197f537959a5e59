"""Files that are served from memory at an address with a hash of their content, so that browsers may
keep them for ever."""

import gzip
import hashlib
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

BASE = "/static/"


@dataclass(frozen=True)
class File:
    """A file as it is sent: its hashed name and its body, plain and compressed (b"": only plain)."""

    name: str
    kind: str
    body: bytes
    gzip: bytes = b""
    brotli: bytes = b""

    @property
    def address(self) -> str:
        """Where it is."""
        return BASE + self.name


def hashed(name: str, kind: str, body: bytes, *, squeeze: bool = True) -> File:
    """The file "forecourt.css", say, as "forecourt.<hash>.css"; `squeeze`: also compressed."""
    stem, _, ending = name.rpartition(".")
    made = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    if not squeeze:
        return File(made, kind, body)
    return File(made, kind, body, gzip.compress(body, 9, mtime=0), brotli.compress(body))
