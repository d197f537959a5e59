"""The door for people: the Products page, releases, and license keys."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission
from forecourt.products import actions, platforms, releases, shelf
from forecourt.products.actions.keys import license_of
from forecourt.products.forms import RotationForm


@page(Permission.VIEW_PRODUCTS)
def products(request: MemberRequest) -> HttpResponse:
    """What the organization may use, by which keys, and the newest downloads."""
    member = request.member
    context = {
        "shelf": shelf.read(member.organization_id, platforms.of_browser(request)),
        "may_see_keys": member.may(Permission.SEE_KEYS),
        "may_rotate": member.may(Permission.ROTATE_KEYS),
        "label": platforms.label,
    }
    return render(request, "products/products.html", context)


@page(Permission.VIEW_PRODUCTS)
def versions(request: MemberRequest, product: str) -> HttpResponse:
    """Every release of a product, and which of them can be had."""
    found = releases.access(request.member, product)
    context = {
        "access": found,
        "page": releases.read(
            found,
            betas=request.GET.get("channel") == "beta",
            before=request.GET.get("before", ""),
            after=request.GET.get("after", ""),
            platform=platforms.of_browser(request),
        ),
        "label": platforms.label,
    }
    return render(request, "products/versions.html", context)


@page(Permission.VIEW_PRODUCTS)
def release(request: MemberRequest, product: str, version: str) -> HttpResponse:
    """A release: its notes and its files."""
    found = releases.access(request.member, product)
    row, artifacts = releases.release(found, version)
    context = {
        "access": found,
        "release": row,
        "covered": found.covers(row),
        "packages": [each for each in artifacts if each.package_id is None],
        "companions": [each for each in artifacts if each.package_id is not None],
        "label": platforms.label,
    }
    return render(request, "products/release.html", context)


@page(Permission.SEE_KEYS, "POST")
def reveal_key(request: MemberRequest, license_id: int) -> HttpResponse:
    """Show a license key."""
    key = actions.reveal_key(request.member, license_id=license_id)
    return dialog(request, "products/key.html", key=key)


@page(Permission.ROTATE_KEYS, "GET", "POST")
def rotate_key(request: MemberRequest, license_id: int) -> HttpResponse:
    """Replace a license key, after a question."""
    granted = license_of(request.member, license_id)
    form = RotationForm()
    if request.method == "POST":
        form = RotationForm(request.POST)
        if form.is_valid():
            try:
                actions.rotate_key(request.member, license_id=license_id, **form.cleaned_data)
                said = _("%s has a new license key.") % granted.product.name
                messages.success(request, said)
                return see_other(request, "products", slug=request.member.organization.slug)
            except Refused as refusal:
                form.add_error(refusal.field, refusal.sentence)
    return dialog(request, "products/rotate.html", granted=granted, form=form)
