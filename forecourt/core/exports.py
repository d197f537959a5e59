"""Files that are asked for and made by a job: piece by piece, so that their size does not matter.
What is cut off begins anew, and a file is there to be had only when it is whole."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from forecourt.core import scope
from forecourt.core.models import Export, ExportPiece
from forecourt.core.refusals import Gone, Refused

#: Bytes of a piece, about.
PIECE = 1_000_000
#: How long a file is kept.
KEPT = dt.timedelta(days=7)
#: Files that an organization may have made at the same time.
MOST_WAITING = 5
#: A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}


class Pieces(io.RawIOBase):
    """A file that is written into the database."""

    def __init__(self, export: Export) -> None:
        super().__init__()
        self.export, self.position, self.size, self.kept = export, 0, 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.kept += data
        if len(self.kept) >= PIECE:
            self.put()
        return len(data)

    def put(self) -> None:
        """Make a piece of what is there. In the scope of the export's organization."""
        if self.kept:
            ExportPiece.objects.create(
                organization_id=self.export.organization_id,
                export=self.export,
                position=self.position,
                content=bytes(self.kept),
            )
            self.position, self.size = self.position + 1, self.size + len(self.kept)
            self.kept.clear()


@contextmanager
def inside(organization_id: int | None) -> Iterator[None]:
    """A transaction in the scope of one organization (None: of the house)."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        yield


def ask(organization_id: int, kind: str, form: str, wanted: dict[str, Any]) -> tuple[Export, bool]:
    """A file of this kind and form of what is wanted, and whether it is a new one: the same that
    is being made already is it. Within an action; raises Refused where too many are being made."""
    waiting = list(
        Export.objects.filter(organization_id=organization_id, status=Export.Status.WAITING)
    )
    for export in waiting:
        if (export.kind, export.form, export.wanted) == (kind, form, wanted):
            return export, False
    if len(waiting) >= MOST_WAITING:
        raise Refused(_("Several files are being made. Wait until they are ready."))
    made = {"organization_id": organization_id, "kind": kind, "form": form, "wanted": wanted}
    return Export.objects.create(**made), True


def begin(organization_id: int, export_id: int) -> Export | None:
    """An export that waits, emptied: run again it begins anew. None where it is ready or gone. In
    the scope of its organization."""
    waiting = Export.objects.filter(
        organization_id=organization_id, pk=export_id, status=Export.Status.WAITING
    )
    export = waiting.first()
    if export is not None:
        export.pieces.all().delete()
        waiting.update(done=0, total=0)
    return export


def tell(export: Export, **progress: int) -> None:
    """Say how far it is: `done` of `total`. In the scope of its organization."""
    Export.objects.filter(pk=export.pk).update(**progress)


def finish(file: Pieces) -> None:
    """The file is whole. In the scope of its organization."""
    file.put()
    Export.objects.filter(pk=file.export.pk).update(status=Export.Status.READY, size=file.size)


def safe(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def find(organization_id: int, kind: str, export_id: int) -> Export:
    """An export of this kind; raises Gone."""
    rows = Export.objects.filter(organization_id=organization_id, kind=kind)
    found = rows.filter(pk=export_id).first()
    if found is None:
        raise Gone
    return found


def read(export: Export) -> Iterator[bytes]:
    """Its bytes, a piece at a time. In the scope of its organization."""
    for position in export.pieces.order_by("position").values_list("position", flat=True):
        piece = export.pieces.only("content").get(position=position)
        yield bytes(piece.content)


def answer(export: Export, name: str) -> HttpResponse:
    """The file as a download called `name`; raises Gone where it is not ready."""
    if export.status != Export.Status.READY:
        raise Gone
    found = StreamingHttpResponse(read(export), content_type=TYPES[export.form])
    found["Content-Length"] = str(export.size)
    found["Content-Disposition"] = content_disposition_header(True, name)
    found["Cache-Control"] = "private, no-store"
    return found  # type: ignore[return-value]


def sweep() -> None:
    """Forget what was made a week ago."""
    with scope.across_organizations("old exports"):
        old = Export.objects.filter(created_at__lt=timezone.now() - KEPT)
        owners = list(old.values_list("organization_id", flat=True).distinct())
    for organization_id in owners:
        with inside(organization_id):
            theirs = Export.objects.filter(organization_id=organization_id)
            theirs.filter(created_at__lt=timezone.now() - KEPT).delete()
