"""The door for people: the organization's own page."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.account.actions import change_settings
from forecourt.account.forms import SettingsForm
from forecourt.core.pages import render, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


def _page(request: MemberRequest, form: SettingsForm) -> HttpResponse:
    context = {
        "organization": request.member.organization,
        "form": form,
        "may_edit": request.member.may(Permission.EDIT_SETTINGS),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "account/account.html", context, status=status)


@page(Permission.VIEW_ACCOUNT)
def account(request: MemberRequest) -> HttpResponse:
    """The organization's name and settings; everybody may look, Admins may change."""
    organization = request.member.organization
    initial = {
        "who_may_invite": organization.who_may_invite,
        "invitation_days": organization.invitation_days,
    }
    return _page(request, SettingsForm(initial=initial))


@page(Permission.EDIT_SETTINGS, "POST")
def account_settings(request: MemberRequest) -> HttpResponse:
    """Save the settings."""
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            change_settings(request.member, **form.cleaned_data)
            messages.success(request, _("The settings are saved."))
            return see_other(request, "account", slug=request.member.organization.slug)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
    return _page(request, form)
