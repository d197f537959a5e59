"""A year of invoices in one file: a ZIP with every paper as PDF and XML and a table of them, or the
table alone. A job makes it piece by piece, so that its size does not matter; what is cut off begins
anew, and is there to be had only when it is whole."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import money, papers
from forecourt.billing.models import ExportPiece, Invoice, InvoiceExport
from forecourt.core import scope

#: Bytes of a piece, about, and invoices that are made in one transaction.
PIECE, AT_ONCE = 1_000_000, 20
#: How long an export is kept.
KEPT = dt.timedelta(days=7)
COLUMNS = (
    "number kind issued_on due_on status currency net tax total paid credited company country"
    " tax_id po_number"
).split()
#: A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Pieces(io.RawIOBase):
    """A file that is written into the database."""

    def __init__(self, export: InvoiceExport) -> None:
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
def _inside(organization_id: int) -> Iterator[None]:
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        yield


def make(organization_id: int, export_id: int) -> None:
    """Make an export that waits; run again it begins anew, and what is ready stays."""
    with _inside(organization_id):
        export = InvoiceExport.objects.filter(pk=export_id, status="waiting").first()
        if export is None:
            return
        export.pieces.all().delete()
        ids = list(_invoices(export).values_list("pk", flat=True))
        InvoiceExport.objects.filter(pk=export_id).update(done=0, total=len(ids))
    file, table = Pieces(export), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    archive = None if export.form == "csv" else zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    for start in range(0, len(ids), AT_ONCE):
        with _inside(organization_id):
            for invoice in _invoices(export).filter(pk__in=ids[start : start + AT_ONCE]):
                rows.writerow([safe(cell) for cell in _row(invoice)])
                if archive:
                    _add(archive, invoice)
            done = min(start + AT_ONCE, len(ids))
            InvoiceExport.objects.filter(pk=export_id).update(done=done)
    with _inside(organization_id):
        if archive:
            archive.writestr(f"{export.year}.csv", table.getvalue())
            archive.close()
        else:
            file.write(table.getvalue().encode())
        file.put()
        InvoiceExport.objects.filter(pk=export_id).update(status="ready", size=file.size)


def _invoices(export: InvoiceExport):
    rows = Invoice.objects.select_related("buyer", "seller", "credits")
    return rows.filter(
        organization_id=export.organization_id, issued_on__year=export.year
    ).order_by("pk")


def _row(invoice: Invoice) -> list[object]:
    buyer, amounts = invoice.buyer, ("net", "tax", "total", "paid", "credited")
    return [
        invoice.number,
        invoice.kind,
        invoice.issued_on,
        invoice.due_on or "",
        invoice.status,
        invoice.currency,
        *(money.printed(getattr(invoice, name), invoice.currency) for name in amounts),
        buyer.company,
        buyer.country,
        buyer.tax_id,
        buyer.po_number,
    ]


def safe(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _add(archive: zipfile.ZipFile, invoice: Invoice) -> None:
    """Its papers: the first, and every corrected copy. Of what a provider issued only the PDF."""
    copies = [None, *invoice.revisions.select_related("buyer", "invoice").order_by("revision")]
    for copy in copies:
        for form in ("pdf", "xml"):
            name, content = papers.file_name(invoice, copy, form), papers.file(invoice, copy, form)
            if content is not None:
                archive.writestr(name, content)


def file_name(export: InvoiceExport) -> str:
    """What the file is called: "Invoices 2026.zip"."""
    return f"{_('Invoices')} {export.year}.{export.form}"


def read(export: InvoiceExport) -> Iterator[bytes]:
    """Its bytes, a piece at a time. In the scope of its organization."""
    for position in export.pieces.order_by("position").values_list("position", flat=True):
        piece = export.pieces.only("content").get(position=position)
        yield bytes(piece.content)


def years(organization_id: int) -> list[int]:
    """The years that have invoices, the newest first."""
    rows = Invoice.objects.filter(organization_id=organization_id)
    return [day.year for day in rows.dates("issued_on", "year", order="DESC")]


def sweep() -> None:
    """Forget what was made a week ago."""
    with scope.across_organizations("old exports"):
        old = InvoiceExport.objects.filter(created_at__lt=timezone.now() - KEPT)
        owners = list(old.values_list("organization_id", flat=True).distinct())
    for organization_id in owners:
        with _inside(organization_id):
            theirs = InvoiceExport.objects.filter(organization_id=organization_id)
            theirs.filter(created_at__lt=timezone.now() - KEPT).delete()
