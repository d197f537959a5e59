"""A year of invoices in one file: a ZIP with every paper as PDF and XML and a table of them, or the
table alone. A job makes it piece by piece, so that its size does not matter; what is cut off begins
anew, and is there to be had only when it is whole."""

import csv
import io
import zipfile

from django.utils.translation import gettext as _

from forecourt.billing import papers
from forecourt.billing.models import Invoice
from forecourt.core import exports, money
from forecourt.core.exports import inside
from forecourt.core.models import Export

#: What the cellar calls these exports.
KIND = "invoices"
#: Invoices that are made in one transaction.
AT_ONCE = 20
COLUMNS = (
    "number kind issued_on due_on status currency net tax total paid credited company country"
    " tax_id po_number"
).split()


def make(organization_id: int, export_id: int) -> None:
    """Make an export that waits; run again it begins anew, and what is ready stays."""
    with inside(organization_id):
        export = exports.begin(organization_id, export_id)
        if export is None:
            return
        ids = list(_invoices(export).values_list("pk", flat=True))
        exports.tell(export, total=len(ids))
    file, table = exports.Pieces(export), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    archive = None if export.form == "csv" else zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    for start in range(0, len(ids), AT_ONCE):
        with inside(organization_id):
            for invoice in _invoices(export).filter(pk__in=ids[start : start + AT_ONCE]):
                rows.writerow([exports.safe(cell) for cell in _row(invoice)])
                if archive:
                    _add(archive, invoice)
            exports.tell(export, done=min(start + AT_ONCE, len(ids)))
    with inside(organization_id):
        if archive:
            archive.writestr(f"{export.wanted['year']}.csv", table.getvalue())
            archive.close()
        else:
            file.write(table.getvalue().encode())
        exports.finish(file)


def _invoices(export: Export):
    rows = Invoice.objects.select_related("buyer", "seller", "credits")
    return rows.filter(
        organization_id=export.organization_id, issued_on__year=export.wanted["year"]
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


def _add(archive: zipfile.ZipFile, invoice: Invoice) -> None:
    """Its papers: the first, and every corrected copy. Of what a provider issued only the PDF."""
    copies = [None, *invoice.revisions.select_related("buyer", "invoice").order_by("revision")]
    for copy in copies:
        for form in ("pdf", "xml"):
            name, content = papers.file_name(invoice, copy, form), papers.file(invoice, copy, form)
            if content is not None:
                archive.writestr(name, content)


def file_name(export: Export) -> str:
    """What the file is called: "Invoices 2026.zip"."""
    return f"{_('Invoices')} {export.wanted['year']}.{export.form}"


def years(organization_id: int) -> list[int]:
    """The years that have invoices, the newest first."""
    rows = Invoice.objects.filter(organization_id=organization_id)
    return [day.year for day in rows.dates("issued_on", "year", order="DESC")]
