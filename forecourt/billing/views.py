"""The door for people: the Billing page, and invoices."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from forecourt.billing import actions, ledger, papers
from forecourt.billing.finding import invoice_of
from forecourt.billing.models import Invoice, InvoiceRevision
from forecourt.billing.stripe import port as stripe
from forecourt.core import money
from forecourt.core.lists import number
from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.VIEW_BILLING)
def billing(request: MemberRequest) -> HttpResponse:
    """Subscriptions, invoices, and how they are billed."""
    found = ledger.read(
        request.member.organization_id,
        only_open=request.GET.get("show") == "open",
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context = {
        "ledger": found,
        "may_edit": request.member.may(Permission.EDIT_BILLING),
        "money": money.said,
        "pays": stripe.method(request.member.organization_id),
    }
    return render(request, "billing/billing.html", context)


@page(Permission.VIEW_BILLING)
def invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """An invoice: what it says, what came of it, and how to pay it."""
    found = invoice_of(request.member, invoice_id, locked=False)
    context = {
        "invoice": found,
        "paper": papers.document(found),
        "seller_said": found.seller.content,
        "money": money.said,
        "payments": ledger.payments(found),
        "revisions": list(found.revisions.order_by("revision")),
        "credit_note": found.credit_notes.first(),
        "may_correct": request.member.may(Permission.EDIT_BILLING),
    }
    return render(request, "billing/invoice.html", context)


@page(Permission.VIEW_BILLING)
def invoice_pdf(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """Its PDF."""
    return _file(*_paper(request, invoice_id), "pdf")


@page(Permission.VIEW_BILLING)
def invoice_xml(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """The same as data."""
    return _file(*_paper(request, invoice_id), "xml")


def _paper(request: MemberRequest, invoice_id: int) -> tuple[Invoice, InvoiceRevision | None]:
    """An invoice of ours, and the corrected copy that is asked for by `?copy=2`."""
    found = invoice_of(request.member, invoice_id, locked=False)
    if "copy" not in request.GET:
        return found, None
    copies = found.revisions.select_related("buyer", "invoice")
    copy = copies.filter(revision=number(request.GET["copy"]) or 0).first()
    if copy is None:
        raise Gone
    return found, copy


def _file(found: Invoice, copy: InvoiceRevision | None, form: str) -> HttpResponse:
    content = papers.file(found, copy, form)
    if content is None:
        raise Gone
    name = papers.file_name(found, copy, form)
    headers = {
        "Content-Disposition": content_disposition_header(True, name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=f"application/{form}", headers=headers)


@page(Permission.EDIT_BILLING, "GET", "POST")
def correct_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """Issue a corrected copy, after a question."""
    found = invoice_of(request.member, invoice_id, locked=False)
    slug, form = request.member.organization.slug, forms.Form()
    if request.method == "POST":
        form = forms.Form(request.POST)
        try:
            copy = actions.correct_invoice(request.member, invoice_id=invoice_id)
            number_now = papers.number_of(found, copy)
            messages.success(request, _("%s is the corrected copy.") % number_now)
            return see_other(request, "invoice", slug=slug, invoice_id=invoice_id)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return dialog(request, "billing/correct.html", invoice=found, form=form)
