"""The door for staff to a product's plans."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.billing import actions
from forecourt.console import catalog
from forecourt.console.catalog_forms import PlanForm, show
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import dialog, sent
from forecourt.core import money
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.MANAGE_MONEY, "GET", "POST")
def add_plan(request: StaffRequest, slug: str) -> HttpResponse:
    """A new price of a product."""
    product = catalog.product_called(slug)
    form = PlanForm(sent(request))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "price"}
        try:
            made = actions.add_plan(request.at_work, product=slug, **given)
        except Refused as refusal:
            show(form, refusal, unit_amount="price")
        else:
            messages.success(request, _("%s can be had.") % made.name)
            return see_other(request, "console_product", slug=slug)
    return dialog(request, "console/add_plan.html", form=form, product=product)


@page(StaffPermission.MANAGE_MONEY, "GET", "POST")
def withdraw_plan(request: StaffRequest, slug: str, plan: str) -> HttpResponse:
    """Offer a plan to nobody any more, once it was confirmed."""
    product = catalog.product_called(slug)
    found = catalog.plan_called(product, plan)
    if request.method == "POST":
        actions.withdraw_plan(request.at_work, plan=found.slug)
        messages.success(request, _("%s is offered no more.") % found.name)
        return see_other(request, "console_product", slug=slug)
    context = {"plan": found, "product": product, "money": money.said}
    return dialog(request, "console/withdraw_plan.html", **context)
