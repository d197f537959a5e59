"""Files that are served from memory at an address with a hash of their content, so that browsers may
keep them for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property

import brotli  # type: ignore[import-untyped]

BASE = "/static/"


@dataclass(frozen=True)
class File:
    """A file as it is sent: its hashed name and its body, plain and, where that helps, compressed."""

    name: str
    kind: str
    body: bytes
    #: Whether to compress it, once, when it is first asked for so.
    squeeze: bool = True

    @cached_property
    def gzip(self) -> bytes:
        """Compressed, a little; b"": only plain."""
        return gzip.compress(self.body, 9, mtime=0) if self.squeeze else b""

    @cached_property
    def brotli(self) -> bytes:
        """Compressed, better; b"": only plain."""
        return brotli.compress(self.body) if self.squeeze else b""

    @property
    def address(self) -> str:
        """Where it is."""
        return BASE + self.name


def hashed(name: str, kind: str, body: bytes, *, squeeze: bool = True) -> File:
    """The file "forecourt.css", say, as "forecourt.<hash>.css"."""
    stem, _, ending = name.rpartition(".")
    made = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    return File(made, kind, body, squeeze)
