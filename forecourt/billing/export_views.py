"""The door for people: a year of invoices in one file."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.billing import actions, exports
from forecourt.billing.forms import ExportForm
from forecourt.core import exports as files
from forecourt.core.models import Export
from forecourt.core.pages import dialog, progress, see_other
from forecourt.core.refusals import Refused
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
    export, slug = _export(request, export_id), request.member.organization.slug
    return progress(
        request,
        export,
        title=_("Invoices of %(year)s") % export.wanted,
        counted=_("%(done)s of %(total)s invoices") % vars(export),
        here=reverse("invoice_export", args=[slug, export_id]),
        back=(_("Billing"), reverse("billing", args=[slug])),
    )


@page(Permission.VIEW_BILLING)
def export_file(request: MemberRequest, export_id: int) -> HttpResponse:
    """The file."""
    export = _export(request, export_id)
    return files.answer(export, exports.file_name(export))


def _export(request: MemberRequest, export_id: int) -> Export:
    return files.find(request.member.organization_id, exports.KIND, export_id)
