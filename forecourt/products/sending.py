"""Sending a file: from the folder piece by piece, by the proxy, or by the bucket itself."""

import threading
import weakref
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase

from forecourt.core import errors
from forecourt.products import bucket, files, ranges
from forecourt.products.models import Artifact

#: Bytes read at once: few enough to stay in the processor's cache, so the quickest; the web server
#: holds some of them for each download.
PIECE = 64 * 1024
#: By the end of the name; what is not here is just bytes.
TYPES = {
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".tgz": "application/gzip",
    ".json": "application/json",
    ".xml": "application/xml",
    ".asc": "application/pgp-signature",
}
JUST_BYTES = "application/octet-stream"


class Body:
    """Some bytes of an open file, in pieces."""

    #: Those that are being sent. What nobody holds any more drops out by itself.
    living: "weakref.WeakSet[Body]" = weakref.WeakSet()
    lock = threading.Lock()

    def __init__(self, file: IO[bytes], part: ranges.Part) -> None:
        self.file, self.left = file, part.length
        file.seek(part.start)

    @classmethod
    def has_room(cls) -> bool:
        """Whether another one may be sent: each keeps a thread of the web server."""
        with cls.lock:
            return len(cls.living) < settings.WEB_DOWNLOADS

    def __iter__(self) -> "Body":
        return self

    def __next__(self) -> bytes:
        piece = self.file.read(min(PIECE, self.left))
        if not piece:
            self.close()
            raise StopIteration
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        """Let go of the file; the web server calls it also when the client has gone."""
        with self.lock:
            self.living.discard(self)
        self.file.close()


def sends(request: HttpRequest, artifact: Artifact) -> bool:
    """Whether the answer to this request has bytes of the file in it, or leads to them."""
    if request.method != "GET":
        return False
    if files.is_bucket() or settings.FILES_ACCEL:
        return True  # What is asked for in detail is answered there.
    return isinstance(ranges.wanted(request, _file(artifact)), ranges.Part)


def answer(request: HttpRequest, artifact: Artifact) -> HttpResponseBase:
    """The file to somebody who may have it: all of it, a part, or what HTTP says instead."""
    file = _file(artifact)
    if request.method == "GET" and files.is_bucket():
        return _at_the_bucket(artifact)
    if request.method == "GET" and settings.FILES_ACCEL:
        return _by_the_proxy(artifact)
    part = ranges.wanted(request, file)
    if isinstance(part, ranges.Part):
        response = _part(request, artifact, part)
    else:
        response = part
        del response["Content-Type"]
    if response.status_code != 503:
        response["ETag"], response["Last-Modified"] = file.tag, file.date
        response["Accept-Ranges"] = "bytes"
    return _private(response)


def _file(artifact: Artifact) -> ranges.File:
    return ranges.File(artifact.size, f'"{artifact.sha256}"', artifact.created_at)


def _part(request: HttpRequest, artifact: Artifact, part: ranges.Part) -> HttpResponseBase:
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    elif not Body.has_room():
        return errors.full(request)
    else:
        body = Body(files.open_file(artifact.sha256, artifact.size), part)
        with Body.lock:
            Body.living.add(body)
        response = StreamingHttpResponse(body, status=200 if part.is_whole else 206)
        # A download takes minutes, and its thread needs no database meanwhile. (A test's
        # transaction stays open.)
        if not connection.in_atomic_block:
            connection.close()
    response["Content-Length"] = str(part.length)
    if not part.is_whole:
        last = part.start + part.length - 1
        response["Content-Range"] = f"bytes {part.start}-{last}/{artifact.size}"
    return _named(response, artifact)


def _by_the_proxy(artifact: Artifact) -> HttpResponseBase:
    """nginx takes the file from here; ranges, tags and dates are its own."""
    response = _named(HttpResponse(), artifact)
    response["X-Accel-Redirect"] = settings.FILES_ACCEL + quote(files.name_of(artifact.sha256))
    return _private(response)


def _at_the_bucket(artifact: Artifact) -> HttpResponseBase:
    address = bucket.address(
        settings.FILES_STORE,
        files.name_of(artifact.sha256),
        file_name=artifact.file_name,
        content_type=_type(artifact),
    )
    return _private(HttpResponseRedirect(address))


def _named(response: HttpResponseBase, artifact: Artifact) -> HttpResponseBase:
    response["Content-Type"] = _type(artifact)
    # The name has no letter that would have to be quoted: the table sees to that.
    response["Content-Disposition"] = f'attachment; filename="{artifact.file_name}"'
    return response


def _private(response: HttpResponseBase) -> HttpResponseBase:
    # In no cache, since the next request may be refused. Resuming needs none: what a program has
    # of a broken download it keeps itself, and the tag tells it that the rest belongs to it.
    response["Cache-Control"] = "private, no-store, no-transform"
    return response


def _type(artifact: Artifact) -> str:
    ending = artifact.file_name[artifact.file_name.rfind(".") :].lower()
    return TYPES.get(ending, JUST_BYTES)
