"""The door for people: the organization's own page."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.account import contact_list
from forecourt.account.actions import change_settings, change_sign_in_rules
from forecourt.account.forms import WHO, SettingsForm, SignInRulesForm
from forecourt.core.pages import render, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import Permission
from forecourt.orgs.sign_in_policy import today
from forecourt.people.profile import password_choice
from forecourt.people.proof import is_strong

#: How long people usually get to set up a second factor.
USUAL_NOTICE = dt.timedelta(days=14)


def _page(
    request: MemberRequest,
    form: SettingsForm | None = None,
    rules: SignInRulesForm | None = None,
) -> HttpResponse:
    """The page, with the form that has errors, if one has."""
    organization = request.member.organization
    sent = form or rules
    context = {
        "organization": organization,
        "form": form or SettingsForm(initial=_settings(organization)),
        "rules": rules or SignInRulesForm(initial=_rules(organization)),
        "may_edit": request.member.may(Permission.EDIT_SETTINGS),
        "contacts": contact_list.read(organization),
        "of_admins": contact_list.of_admins(),
        "may_edit_contacts": request.member.may(Permission.EDIT_CONTACTS),
        "may_edit_primary": request.member.may(Permission.EDIT_PRIMARY),
        "password": password_choice(request, request.user),
        "vendor_days": settings.SESSION_COOKIE_AGE // 86_400,
    }
    return render(request, "account/account.html", context, status=422 if sent else 200)


def _settings(organization: Organization) -> dict[str, Any]:
    return {
        "who_may_invite": organization.who_may_invite,
        "invitation_days": organization.invitation_days,
        "who_sees_keys": WHO[organization.keys_hidden][0],
    }


def _rules(organization: Organization) -> dict[str, Any]:
    day = organization.second_factor_from
    return {
        "second_factor": "on" if day else "off",
        "second_factor_from": day or today() + USUAL_NOTICE,
        "session_hours": organization.session_hours,
    }


@page(Permission.VIEW_ACCOUNT)
def account(request: MemberRequest) -> HttpResponse:
    """The organization's name and settings; everybody may look, Admins may change."""
    return _page(request)


@page(Permission.EDIT_SETTINGS, "POST")
def account_settings(request: MemberRequest) -> HttpResponse:
    """Save the settings."""
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            change_settings(
                request.member,
                who_may_invite=form.cleaned_data["who_may_invite"],
                invitation_days=form.cleaned_data["invitation_days"],
                keys_hidden=form.cleaned_data["who_sees_keys"] == "admins",
            )
            return _saved(request)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
    return _page(request, form)


@page(Permission.EDIT_SETTINGS, "POST")
def sign_in_rules(request: MemberRequest) -> HttpResponse:
    """Save what the organization demands of sessions."""
    rules = SignInRulesForm(request.POST)
    if rules.is_valid():
        try:
            change_sign_in_rules(
                request.member,
                second_factor_from=rules.cleaned_data["second_factor_from"],
                session_hours=rules.cleaned_data["session_hours"],
                strong=is_strong(request),
            )
            return _saved(request)
        except Refused as refusal:
            rules.add_error(refusal.field, refusal.sentence)
    return _page(request, rules=rules)


def _saved(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("The settings are saved."))
    return see_other(request, "account", slug=request.member.organization.slug)
