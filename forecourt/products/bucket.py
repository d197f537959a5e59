"""Files in a bucket of S3, or of what speaks its language. boto is loaded when it is first used:
a portal with a folder need not have it."""

import functools
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

from django.core.files import File

#: Seconds that an address lives which leads to the bucket itself.
LIFE = 60


def put(store: str, name: str, file: IO[bytes]) -> None:
    """Store a file, unless it is there; the bucket shows it when it has all of it. `store` is
    FILES_STORE."""
    storage = _storage(store)
    if not storage.exists(name):
        storage.save(name, File(file))


def has(store: str, name: str) -> bool:
    """Whether a file is there."""
    return bool(_storage(store).exists(name))


def read(store: str, name: str, size: int) -> Iterator[bytes]:
    """A file's bytes, so many at once. Raises OSError where it is not there."""
    from botocore.exceptions import ClientError  # type: ignore[import-untyped]

    storage = _storage(store)
    key = f"{storage.location}/{name}" if storage.location else name
    try:
        body = storage.bucket.Object(key).get()["Body"]
    except ClientError as problem:
        raise FileNotFoundError(2, "not in the bucket", name) from problem
    yield from body.iter_chunks(size)


def address(store: str, name: str, *, file_name: str, content_type: str) -> str:
    """Where the file can be fetched for a minute, by whoever has this address, with the name and
    type that the bucket shall give it."""
    parameters = {
        "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        "ResponseContentType": content_type,
        "ResponseCacheControl": "private, no-store",
    }
    return str(_storage(store).url(name, parameters=parameters, expire=LIFE))


@functools.cache
def _storage(store: str) -> Any:
    from storages.backends.s3 import S3Storage

    parts = urlsplit(store)
    options = dict(parse_qsl(parts.query))
    endpoint = options.get("endpoint")
    return S3Storage(
        bucket_name=parts.netloc,
        location=parts.path.strip("/"),
        endpoint_url=endpoint,
        region_name=options.get("region"),
        signature_version="s3v4",
        # Others than Amazon rarely give each bucket a host name; and with "auto" an address would
        # lead to Amazon's first region, which only redirects.
        addressing_style="path" if endpoint else "virtual",
    )
