"""Taking in the files of a release: as they come, each flows into the file store, hashed on the way,
and is nowhere as a whole before it is kept."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from forecourt.console.gate import StaffRequest, page
from forecourt.core.pages import View
from forecourt.core.refusals import Refused
from forecourt.core.uploads import InMemory
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.products import files


class IntoStore(FileUploadHandler):
    """Has each file of the request written beside the store's; `UploadedFile.file` is its
    `files.Incoming`. In the end it is closed, and what was not kept is gone. From the first on that
    cannot be taken in all are dropped, and read to their end: before it no browser hears an answer."""

    chunk_size = 1 << 20

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.taken: list[files.Incoming] = []
        #: Why they were dropped.
        self.refusal: Refused | None = None

    @contextmanager
    def _taking(self) -> Iterator[None]:
        try:
            yield
        except Refused as refusal:
            self.refusal = refusal
            self.close()  # What it filled is free at once.

    def new_file(self, *arguments: Any, **keywords: Any) -> None:
        """The next file begins."""
        super().new_file(*arguments, **keywords)
        if self.refusal is None:
            with self._taking():
                self.taken.append(files.Incoming())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some more of it."""
        if self.refusal is None:
            with self._taking():
                _check_size(str(self.file_name), start + len(raw_data))
                self.taken[-1].write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """All of it is here."""
        incoming: Any = self.taken[-1] if self.refusal is None else io.BytesIO()
        return UploadedFile(incoming, self.file_name, self.content_type, file_size)

    def close(self) -> None:
        """Leave nothing of it."""
        for each in self.taken:
            each.close()


def _check_size(name: str, size: int) -> None:
    most = settings.RELEASE_FILE_MEGABYTES
    if size > most * 1_000_000:
        words = {"name": name, "most": f"{most:,}"}
        sentence = _("“%(name)s” is larger than %(most)s MB, the most that a file may have here.")
        raise Refused(sentence % words)


def refusal_of(request: StaffRequest) -> Refused | None:
    """Why the files of a request were dropped, once it was read."""
    return getattr(request.upload_handlers[0], "refusal", None)


def receiving(
    permission: StaffPermission,
    *methods: str,
    into: type[IntoStore] | type[InMemory] = IntoStore,
) -> Callable[[View], View]:
    """A view of the console that takes in large files. Elsewhere the form's token is looked for
    before everything, and for that the whole body is read; here the gate comes first, so that
    nobody else's bytes reach the store, and the token right after it."""

    def decorate(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt
        @page(permission, *methods)
        @wraps(view)
        def run(request: StaffRequest, **keywords: Any) -> HttpResponse:
            handler = into(request)
            request.upload_handlers = [handler]
            if not connection.in_atomic_block:
                # An upload takes minutes; others need the connection meanwhile.
                connection.close()
            try:
                return checked(request, **keywords)
            finally:
                # Not with the request: whom its sender has left, the web server does not end.
                handler.close()

        return run

    return decorate
