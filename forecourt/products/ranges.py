"""Which bytes of a file a request wants (RFC 9110, 13 and 14)."""

import datetime as dt
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file as HTTP knows it: its size in bytes, a strong tag, and since when it is so."""

    size: int
    tag: str
    modified: dt.datetime

    @property
    def date(self) -> str:
        return http_date(self.modified.timestamp())


@dataclass(frozen=True)
class Part:
    """The bytes from `start` on, so many; `is_whole`: nobody asked for a part."""

    start: int
    length: int
    is_whole: bool


def wanted(request: HttpRequest, file: File) -> Part | HttpResponse:
    """The part of the file that is wanted, or the answer that has none of it: 304 where it is
    known there, 412 where another one was meant, 416 where it has no such bytes."""
    modified = int(file.modified.timestamp())
    answer = get_conditional_response(request, etag=file.tag, last_modified=modified)
    if answer is not None:
        return answer
    whole = Part(0, file.size, is_whole=True)
    found = _ONE.fullmatch(request.headers.get("Range", ""))
    # Several ranges at once would be an answer in parts, which no program that downloads asks
    # for; a server may take no notice of the header (RFC 9110, 14.2), and the whole is right.
    if request.method != "GET" or found is None or not _is_same(request, file):
        return whole
    first, last = found.groups()
    if not (first or last) or (first and last and int(last) < int(first)):
        return whole  # No range at all.
    if not first:
        start, end = max(0, file.size - int(last)), file.size
    else:
        start, end = int(first), min(int(last or file.size) + 1, file.size)
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    return Part(start, end - start, is_whole=False)


def _is_same(request: HttpRequest, file: File) -> bool:
    """Whether what the client has the beginning of, if it says so, is this file."""
    given = request.headers.get("If-Range", "").strip()
    return given in ("", file.tag, file.date)
