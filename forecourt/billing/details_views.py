"""The door for people: what stands on invoices."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.billing import actions, details
from forecourt.billing.details_forms import DetailsForm
from forecourt.billing.models import BillingAccount
from forecourt.core.errors import when
from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Refused, TooMany
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.EDIT_BILLING, "GET", "POST")
def billing_details(request: MemberRequest) -> HttpResponse:
    """Manage billing details. A POST with `look` changes nothing: it shows what was typed with the
    fields of the country that was chosen (addresses belong in no log, so it is no GET)."""
    account, now = details.present(request.member.organization)
    form = DetailsForm(initial=now)
    if "look" in request.POST:
        typed = {name: request.POST[name] for name in details.NAMES if name in request.POST}
        form = DetailsForm(initial=now | typed)
    elif request.method == "POST":
        form = DetailsForm(request.POST, initial=now)
        if form.is_valid() and _is_changed(request, form, account):
            return see_other(request, "billing", slug=request.member.organization.slug)
    return dialog(request, "billing/details.html", form=form, account=account)


def _is_changed(request: MemberRequest, form: DetailsForm, account: BillingAccount | None) -> bool:
    """Whether the action took it; what it refuses is said in the form."""
    values: dict[str, Any] = form.cleaned_data
    try:
        changed = actions.change_billing_details(request.member, **values)
    except TooMany as refusal:
        form.add_error(None, ValidationError(when(refusal), code="too_many"))
        form.retry_after = refusal.seconds  # type: ignore[attr-defined]
        return False
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
        return False
    if account is None or changed.details_id != account.details_id:
        said = _(
            "The billing details are saved. Invoices that you have stay as they are; the page of"
            " each can issue a corrected copy."
        )
        messages.success(request, said)
    return True
