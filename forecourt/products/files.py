"""The file store: artifacts' bytes, each under its own SHA-256, so that what is there never
changes. A file is there wholly or not at all.

FILES_STORE says where: in a folder, or in a bucket of S3.
"""

import contextlib
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
#: Seconds after which an upload that nobody finished is nobody's any more.
OLD = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """What was stored: its SHA-256 (64 hexadecimal digits) and size in bytes."""

    sha256: str
    size: int


def keep(chunks: Iterable[bytes]) -> Kept:
    """Store bytes as they come in, hashing them on the way. Raises Refused where the portal has
    no file store."""
    if not settings.FILES_STORE:
        raise Refused(_("This portal keeps no files yet: set FILES_STORE."))
    if is_bucket():
        # Its name in the bucket is known when all of it was read, so it waits on the disk.
        with tempfile.TemporaryFile() as file:
            kept = _write(chunks, file)
            file.seek(0)
            bucket.put(settings.FILES_STORE, name_of(kept.sha256), file)
        return kept
    folder = Path(settings.FILES_STORE)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with _unfinished(folder) as (file, name):
        kept = _write(chunks, file)
        os.fsync(file.fileno())
        # The proxy may read it, and nobody change it.
        os.fchmod(file.fileno(), 0o444)
        path = path_of(kept.sha256)
        path.parent.mkdir(exist_ok=True)
        name.replace(path)
    for changed in (path.parent, folder):
        _remember(changed)
    return kept


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


def _write(chunks: Iterable[bytes], file: IO[bytes]) -> Kept:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += file.write(chunk)
    file.flush()
    return Kept(digest.hexdigest(), size)


@contextlib.contextmanager
def _unfinished(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file that is gone when the block ends, unless it got another name by then."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


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
