"""The door for people: a year of invoices in one file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from forecourt.billing import actions, exports
from forecourt.billing.forms import ExportForm
from forecourt.billing.models import InvoiceExport
from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.VIEW_BILLING, "GET", "POST")
def invoice_exports(request: MemberRequest) -> HttpResponse:
    """Choose the year and the form, and have it made."""
    years = exports.years(request.member.organization_id)
    form = ExportForm(years)
    if request.method == "POST":
        form = ExportForm(years, request.POST)
        if form.is_valid():
            try:
                year, wanted = form.cleaned_data["year"], form.cleaned_data["file_type"]
                export = actions.request_export(request.member, year=year, form=wanted)
                slug = request.member.organization.slug
                return see_other(request, "invoice_export", slug=slug, export_id=export.pk)
            except Refused as refusal:
                form.add_error(refusal.field, refusal.sentence)
    return dialog(request, "billing/exports.html", form=form)


@page(Permission.VIEW_BILLING)
def invoice_export(request: MemberRequest, export_id: int) -> HttpResponse:
    """How far it is, and where it can be had."""
    context = {"export": _export(request, export_id)}
    return render(request, "billing/export.html", context, block="progress")


@page(Permission.VIEW_BILLING)
def export_file(request: MemberRequest, export_id: int) -> HttpResponse:
    """The file."""
    export = _export(request, export_id)
    if export.status != InvoiceExport.Status.READY:
        raise Gone
    answer = StreamingHttpResponse(exports.read(export), content_type=TYPES[export.form])
    answer["Content-Length"] = str(export.size)
    answer["Content-Disposition"] = content_disposition_header(True, exports.file_name(export))
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8"}


def _export(request: MemberRequest, export_id: int) -> InvoiceExport:
    rows = InvoiceExport.objects.filter(organization_id=request.member.organization_id)
    found = rows.filter(pk=export_id).first()
    if found is None:
        raise Gone
    return found
