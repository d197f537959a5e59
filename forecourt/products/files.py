"""The file store: artifacts' bytes, each under its own SHA-256, so that what is there never
changes. A file is there wholly or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Kept:
    """What was stored: its SHA-256 (64 hexadecimal digits) and size in bytes."""

    sha256: str
    size: int


def keep(chunks: Iterable[bytes]) -> Kept:
    """Store bytes as they come in, hashing them on the way."""
    folder = Path(settings.FILES_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix=".upload-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        kept = Kept(digest.hexdigest(), size)
        path_of(kept.sha256).parent.mkdir(exist_ok=True)
        Path(name).replace(path_of(kept.sha256))
    finally:
        Path(name).unlink(missing_ok=True)
    return kept


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies, or would."""
    return Path(settings.FILES_FOLDER) / sha256[:2] / sha256
