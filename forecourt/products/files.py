"""The file store: artifacts' bytes, each under its own SHA-256, so that what is there never
changes. A file is there wholly or not at all.

FILES_STORE says where: in a folder, or in a bucket of S3.
"""

import contextlib
import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from forecourt.core.refusals import Refused
from forecourt.products import bucket

UNFINISHED = ".upload-"
#: Bytes that are read at once.
PIECE = 1 << 20
#: What the system says of a disk that is full, or whose share for the portal is.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: Seconds after which an upload that nobody finished is nobody's any more.
OLD = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """What was stored: its SHA-256 (64 hexadecimal digits) and size in bytes."""

    sha256: str
    size: int


@contextlib.contextmanager
def _in_need_of_room() -> Iterator[None]:
    """Inside, a disk that is full is a sentence."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        raise Refused(
            _("There is no room for it on the server's disk. Tell whoever runs the server.")
        ) from problem


class Incoming:
    """A file on its way into the store, hashed as it comes: `write` its bytes, then `keep` them, and
    in the end `close`, after which nothing is left of one that was not kept. Raises Refused where
    the portal has no file store, or its disk no room."""

    @_in_need_of_room()
    def __init__(self) -> None:
        if not settings.FILES_STORE:
            raise Refused(_("This portal keeps no files yet: set FILES_STORE."))
        self._digest, self.size = hashlib.sha256(), 0
        self._name: Path | None = None
        if is_bucket():
            # Its name in the bucket is known when all of it was read, so it waits on the disk.
            self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - see `close`
            return
        folder = Path(settings.FILES_STORE)
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        handle, name = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
        self._file, self._name = os.fdopen(handle, "wb"), Path(name)

    @property
    def sha256(self) -> str:
        """That of the bytes so far."""
        return self._digest.hexdigest()

    @_in_need_of_room()
    def write(self, chunk: bytes) -> None:
        """Take in the next bytes."""
        self._digest.update(chunk)
        self.size += self._file.write(chunk)

    @_in_need_of_room()
    def keep(self) -> Kept:
        """Have the whole file in the store."""
        kept = Kept(self.sha256, self.size)
        self._file.flush()
        if self._name is None:
            self._file.seek(0)
            bucket.put(settings.FILES_STORE, name_of(kept.sha256), self._file)
            return kept
        os.fsync(self._file.fileno())
        # The proxy may read it, and nobody change it.
        os.fchmod(self._file.fileno(), 0o444)
        path = path_of(kept.sha256)
        path.parent.mkdir(exist_ok=True)
        self._name.replace(path)
        for changed in (path.parent, path.parent.parent):
            _remember(changed)
        return kept

    def close(self) -> None:
        """Let go of it, also after `keep`, also twice."""
        with contextlib.suppress(OSError):  # what was still to be written finds no room
            self._file.close()
        if self._name is not None:
            self._name.unlink(missing_ok=True)


def keep(chunks: Iterable[bytes]) -> Kept:
    """Store bytes as they come in. Raises Refused as `Incoming` does."""
    with contextlib.closing(Incoming()) as file:
        for chunk in chunks:
            file.write(chunk)
        return file.keep()


def open_file(sha256: str, size: int) -> IO[bytes]:
    """The file, from the folder, to be read piece by piece. Raises OSError when it is not there,
    or is not as long as it was."""
    # A symbolic link would lead out of the store.
    handle = os.open(path_of(sha256), os.O_RDONLY | os.O_NOFOLLOW)
    file = open(handle, "rb", buffering=0)  # noqa: SIM115 - whoever sends it closes it
    found = os.fstat(file.fileno()).st_size
    if found != size:
        file.close()
        raise OSError(f"the file {sha256} has {found} bytes instead of {size}")
    return file


def has(sha256: str, size: int) -> bool:
    """Whether the file lies in the store."""
    if not settings.FILES_STORE:
        return False
    if is_bucket():
        return bucket.has(settings.FILES_STORE, name_of(sha256))
    try:
        open_file(sha256, size).close()
    except OSError:
        return False
    return True


def read(sha256: str, size: int) -> Iterator[bytes]:
    """The bytes of a file, piece by piece, wherever the store is. Raises OSError when it is not there."""
    if is_bucket():
        yield from bucket.read(settings.FILES_STORE, name_of(sha256), PIECE)
        return
    with open_file(sha256, size) as file:
        while piece := file.read(PIECE):
            yield piece


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies in the folder, or would."""
    return Path(settings.FILES_STORE) / name_of(sha256)


def name_of(sha256: str) -> str:
    """Its path inside the store; ValueError for what is no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("no SHA-256")
    return f"{sha256[:2]}/{sha256}"


def is_bucket() -> bool:
    """Whether the files lie in S3."""
    return settings.FILES_STORE.startswith("s3://")


def _sweep(folder: Path) -> None:
    """Remove what a process left that was killed in the middle of an upload."""
    for path in folder.glob(f"{UNFINISHED}*"):
        # Another upload may end, or sweep, at the same time.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > OLD:
                path.unlink()


def _remember(folder: Path) -> None:
    """Have the disk know the names in a folder, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
