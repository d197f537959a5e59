"""The door for staff to merging two customers."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console import customers, merging
from forecourt.console.forms import MergeForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, sent
from forecourt.core.pages import see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.models import Organization
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.IMPORT_CUSTOMERS, "GET", "POST", fresh=True)
def merge(request: StaffRequest, slug: str) -> HttpResponse:
    """Make one customer part of another: which, then what it means, then it is done."""
    merged, form, kept = customers.called(slug), MergeForm(sent(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            kept = _named(form.cleaned_data["into"])
            if kept and request.POST.get("confirmed") == str(kept.pk):
                actor = replace(request.at_work, organization_id=kept.pk)
                reason = form.cleaned_data["reason"]
                merging.merge_customer(actor, merged_id=merged.pk, reason=reason)
                messages.success(request, _("%s is part of this customer now.") % merged.name)
                return see_other(request, "console_organization", slug=kept.slug)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
            kept = None
    context = {"form": form, "merged": merged, "kept": kept, "counts": customers.counts(merged)}
    return dialog(request, "console/merge.html", **context)


def _named(text: str) -> Organization:
    """A customer by number or slug; raises Refused."""
    try:
        return customers.called(text.strip().lower(), number=True)
    except Gone:
        raise Refused(_("There is no such customer."), field="into") from None
