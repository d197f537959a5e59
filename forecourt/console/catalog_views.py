"""The door for staff to the catalog: products, their releases, taking one back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console import catalog
from forecourt.console.catalog_forms import NewProductForm, ProductForm, WithdrawForm, show
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, render, sent
from forecourt.core import money
from forecourt.core.pages import see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.products import actions, platforms

WAYS = {"up": True, "down": False}


def rights(request: StaffRequest) -> dict[str, Any]:
    """Which buttons a page of the catalog has for them."""
    may = request.at_work.may
    return {
        "may_change": may(StaffPermission.MANAGE_CATALOG),
        "may_price": may(StaffPermission.MANAGE_MONEY),
        "money": money.said,
    }


@page(StaffPermission.VIEW_CONSOLE)
def products(request: StaffRequest) -> HttpResponse:
    """Every product."""
    context = {"products": catalog.products(), **rights(request)}
    return render(request, "console/catalog.html", context)


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST")
def add_product(request: StaffRequest) -> HttpResponse:
    """A new product."""
    form = NewProductForm(sent(request), initial={"is_listed": True})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_product(request.at_work, **form.cleaned_data)
        except Refused as refusal:
            show(form, refusal)
        else:
            messages.success(request, _("%s is in the catalog.") % made.name)
            return see_other(request, "console_product", slug=made.slug)
    return dialog(request, "console/add_product.html", form=form)


@page(StaffPermission.VIEW_CONSOLE)
def product(request: StaffRequest, slug: str) -> HttpResponse:
    """Everything about a product."""
    found = catalog.product_called(slug)
    context = {
        "page": catalog.read(found, request.GET),
        "label": platforms.label,
        **rights(request),
    }
    return render(request, "console/product.html", context)


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST")
def change_product(request: StaffRequest, slug: str) -> HttpResponse:
    """Say otherwise what is said of a product."""
    found = catalog.product_called(slug)
    form = ProductForm(sent(request), initial=ProductForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(request.at_work, product=slug, **form.cleaned_data)
        except Refused as refusal:
            show(form, refusal)
        else:
            messages.success(request, _("The product is changed."))
            return see_other(request, "console_product", slug=slug)
    return dialog(request, "console/change_product.html", form=form, product=found)


@page(StaffPermission.MANAGE_CATALOG, "POST")
def move_product(request: StaffRequest, slug: str, way: str) -> HttpResponse:
    """One place up or down."""
    if way not in WAYS:
        raise Gone
    found = catalog.product_called(slug)
    actions.move_product(request.at_work, product=found.slug, up=WAYS[way])
    return see_other(request, "console_catalog")


@page(StaffPermission.MANAGE_CATALOG, "GET", "POST")
def withdraw_release(request: StaffRequest, slug: str, version: str) -> HttpResponse:
    """Take a release back, with a reason."""
    release = catalog.release_called(catalog.product_called(slug), version)
    form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        names = {"product": slug, "version": version}
        try:
            actions.withdraw_release(request.at_work, **names, **form.cleaned_data)
        except Refused as refusal:
            show(form, refusal)
        else:
            messages.success(request, _("%s is withdrawn.") % release)
            return see_other(request, "console_product", slug=slug)
    return dialog(request, "console/withdraw_release.html", form=form, release=release)
