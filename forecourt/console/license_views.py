"""The door for staff to a customer's licenses."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing.finding import check_free
from forecourt.console import customers
from forecourt.console.actors import AtWork
from forecourt.console.forms import ChangeForm, GrantForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, sent
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.products import actions
from forecourt.products.models import License

LAST = dt.time(23, 59, 59)


@page(StaffPermission.HELP_CUSTOMERS, "GET", "POST")
def grant(request: StaffRequest, slug: str) -> HttpResponse:
    """Let a customer use a product."""
    organization = customers.called(slug)
    form = GrantForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.grant_license(_for(request, organization), **_granted(form.cleaned_data))
        except Refused as refusal:
            _show(form, refusal)
        else:
            said = _("%(organization)s has %(license)s.")
            messages.success(request, said % {"organization": organization.name, "license": made})
            return see_other(request, "console_organization", slug=slug)
    return dialog(request, "console/grant.html", form=form, organization=organization)


@page(StaffPermission.HELP_CUSTOMERS, "GET", "POST")
def change(request: StaffRequest, slug: str, license_id: int) -> HttpResponse:
    """Seats, end and state of a license."""
    organization = customers.called(slug)
    found = customers.one_of(organization, License, license_id, "product")
    form = ChangeForm(sent(request), initial=ChangeForm.initial_of(found, _day(found)))
    if request.method == "POST" and form.is_valid():
        try:
            check_free(found)
            actor = _for(request, organization)
            actions.change_license(actor, **_changed(found, form.cleaned_data))
        except Refused as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The license is changed."))
            return see_other(request, "console_organization", slug=slug)
    context = {"form": form, "organization": organization, "license": found}
    return dialog(request, "console/change_license.html", **context)


def _for(request: StaffRequest, organization: Organization) -> AtWork:
    return replace(request.at_work, organization_id=organization.pk)


def _granted(given: dict[str, Any]) -> dict[str, Any]:
    """As the action takes it."""
    words = {name: given[name] for name in ("product", "plan", "seats", "renews", "key")}
    return {
        **words,
        "starts_at": _moment(given["starts_on"], dt.time()),
        "ends_at": _moment(given["ends_on"], LAST),
    }


def _moment(day: dt.date | None, time: dt.time) -> dt.datetime | None:
    """A day's first or last second in the portal's zone, whoever looks."""
    zone = timezone.get_default_timezone()
    return timezone.make_aware(dt.datetime.combine(day, time), zone) if day else None


def _day(license: License) -> dt.date | None:
    zone = timezone.get_default_timezone()
    return license.ends_at.astimezone(zone).date() if license.ends_at else None


def _changed(found: License, given: dict[str, Any]) -> dict[str, Any]:
    """As the action takes it; a day that stays keeps its moment."""
    same = given["ends_on"] == _day(found)
    ends_at = found.ends_at if same else _moment(given["ends_on"], LAST)
    words = {name: given[name] for name in ("seats", "renews", "state")}
    return {**words, "handle": found.handle, "ends_at": ends_at}


def _show(form: Any, refusal: Refused) -> None:
    """The sentence at its field, or above where this form has none of that name."""
    names = {"ends_at": "ends_on", "starts_at": "starts_on"}
    field = names.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, refusal.sentence)
