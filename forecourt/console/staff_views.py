"""The door to the staff themselves: who they are, and what each may do."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console.forms import DutyForm, NewStaffForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, render, sent
from forecourt.core.pages import see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs import staff as actions
from forecourt.orgs.models import Staff
from forecourt.orgs.staff_permissions import MEANINGS, StaffPermission, may

MANAGE = StaffPermission.MANAGE_STAFF


@page(MANAGE, "GET", "POST", fresh=True)
def staff(request: StaffRequest) -> HttpResponse:
    """Everybody, and a form for one more."""
    form = NewStaffForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_staff(request.at_work, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("%s is one of the staff.") % added.user.email)
            return see_other(request, "console_staff")
    context = {
        "people": Staff.objects.select_related("user").order_by("pk"),
        "form": form,
        "table": [
            (words, [may(duty, part) for duty in Staff.Duty]) for part, words in MEANINGS.items()
        ],
        "duties": Staff.Duty.labels,
    }
    return render(request, "console/staff.html", context, status=422 if form.errors else 200)


@page(MANAGE, "GET", "POST", fresh=True)
def change(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Another duty, or none any more."""
    found = Staff.objects.select_related("user").filter(pk=staff_id).first()
    if found is None:
        raise Gone
    form = DutyForm(sent(request), initial={"duty": found.duty})
    if request.method == "POST" and form.is_valid():
        duty = form.cleaned_data["duty"]
        try:
            if duty == "none":
                actions.remove_staff(request.at_work, staff_id=staff_id)
            else:
                actions.change_duty(request.at_work, staff_id=staff_id, duty=duty)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("%s is changed.") % found.user.email)
            return see_other(request, "console_staff")
    return dialog(request, "console/change_staff.html", form=form, person=found)
