"""Files that forms bring, kept in memory: what a request sends is nowhere written to the disk, so no
request can fill one. (Files of releases go another way: `console.receiving`.)"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemory(FileUploadHandler):
    """Of more than `most` bytes together no more is kept. A file of which something is missing says
    that it is larger than that, so every form that takes files looks at their size first."""

    most = 3_000_000

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._left = self.most
        self._file = BytesIO()

    def new_file(self, *arguments: Any, **keywords: Any) -> None:
        """The next file begins."""
        super().new_file(*arguments, **keywords)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some more of it."""
        self._left -= self._file.write(raw_data[: self._left])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """All of it was here."""
        is_whole = self._file.tell() == file_size
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size if is_whole else max(file_size, self.most + 1),
            self.charset,
            self.content_type_extra,
        )

    def close(self) -> None:
        """Nothing is left of it."""
