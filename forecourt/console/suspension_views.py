"""The door for staff to shut an organization for a while, and to open it again."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console import customers
from forecourt.console.forms import SuspendForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, sent
from forecourt.console.suspending import reopen_organization, suspend_organization
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission

HELP = StaffPermission.HELP_CUSTOMERS


@page(HELP, "GET", "POST", fresh=True)
def suspend(request: StaffRequest, slug: str) -> HttpResponse:
    """Suspend an organization, after a question."""
    organization, form = customers.called(slug), SuspendForm(sent(request))
    if request.method == "POST" and form.is_valid():
        actor = replace(request.at_work, organization_id=organization.pk)
        try:
            suspend_organization(actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("%s is suspended.") % organization.name)
            return see_other(request, "console_organization", slug=slug)
    return dialog(request, "console/suspend.html", form=form, organization=organization)


@page(HELP, "GET", "POST", fresh=True)
def reopen(request: StaffRequest, slug: str) -> HttpResponse:
    """Open it again, after a question."""
    organization = customers.called(slug)
    if request.method == "POST":
        reopen_organization(replace(request.at_work, organization_id=organization.pk))
        messages.success(request, _("%s is open again.") % organization.name)
        return see_other(request, "console_organization", slug=slug)
    form = forms.Form()
    return dialog(request, "console/reopen.html", form=form, organization=organization)
