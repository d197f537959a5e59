"""The door for staff to the brand: what the vendor looks like, with a preview that keeps nothing."""

import datetime as dt
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console.brand_actions import change_brand
from forecourt.console.brand_forms import BrandForm
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import render
from forecourt.core import accents, brand, mail, pages
from forecourt.core.brand_rules import sorted_out
from forecourt.core.models import Brand
from forecourt.core.pages import see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.people.forms import LoginForm

MANAGE = StaffPermission.MANAGE_STAFF
#: A mail brings its own styles, and must not bring anything else.
MAIL_POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
}
#: A page in a frame of ours, which does nothing.
FRAMED: dict[str, Any] = {
    "script-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


@csp_replace({"frame-src": [SELF]})
@page(MANAGE, "GET", "POST", fresh=True)
def change(request: StaffRequest) -> HttpResponse:
    """Everything that makes the brand; htmx asks for the tones of an accent alone."""
    chosen = brand.values(Brand.objects.first())
    form = BrandForm(chosen=chosen)
    if request.method == "POST":
        form = BrandForm(request.POST, request.FILES, chosen=chosen)
        if form.is_valid():
            try:
                changed = change_brand(
                    request.at_work, saw=form.marks, **form.cleaned_data["given"]
                )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                if changed:
                    said = _("The brand is changed. It is seen within seconds.")
                    messages.success(request, said)
                else:
                    messages.info(request, _("Nothing was changed."))
                return see_other(request, "console_brand")
    typed = request.GET.get("accent", form["accent"].value() or "")
    context = {"form": form, "lost": bool(request.FILES), "tones": _tones(typed)}
    status = 422 if form.errors else 200
    return render(request, "console/brand.html", context, block="tones", status=status)


def _tones(typed: str) -> accents.Tones | None:
    accent = sorted_out({"accent": typed})[0].get("accent")
    return accents.tones(accent) if accent else None


@page(MANAGE, "GET", "POST")
def preview(request: StaffRequest, what: str) -> HttpResponse:
    """A page or a mail, as it would be with what was typed so far; of what cannot be kept, as it is
    now. Nothing of it is kept."""
    if what not in ("light", "dark", "mail"):
        raise Gone
    chosen = brand.values(Brand.objects.first())
    if request.method == "POST":
        form = BrandForm(request.POST, request.FILES, chosen=chosen)
        form.is_valid()
        chosen |= form.cleaned_data.get("good", {})
    with brand.drafted(brand.face(chosen, inline=True)):
        made = _mail() if what == "mail" else _page(request, what)
    made["X-Frame-Options"] = "SAMEORIGIN"
    return made


def _page(request: StaffRequest, theme: str) -> HttpResponse:
    context = {
        "form": LoginForm(request=request),
        "theme": lambda: theme,
        "is_preview": True,
        "request_login_code_url": reverse("account_request_login_code"),
        "signup_url": reverse("account_signup"),
    }
    made = pages.render(request, "console/brand_page.html", context)
    made._csp_replace = FRAMED  # type: ignore[attr-defined]  # read by django-csp
    return made


def _mail() -> HttpResponse:
    values = {
        "inviter_name": _("Somebody"),
        "organization_name": _("A customer"),
        "role_label": _("Member"),
        "link": settings.PUBLIC_URL,
        "expires_at": timezone.now() + dt.timedelta(days=7),
    }
    html = mail.render("members.invitation", values)[2]
    made = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    made._csp_config = MAIL_POLICY  # type: ignore[attr-defined]  # read by django-csp
    return made
