"""The door for staff to publishing a release, with its files, in the browser."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console import catalog
from forecourt.console.catalog_forms import show
from forecourt.console.gate import StaffRequest, page
from forecourt.console.publish_forms import SPARE, ReleaseForm, by_hand, lines, targets
from forecourt.console.receiving import receiving, refusal_of
from forecourt.console.shell import render
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.products import actions, publishing
from forecourt.products.models import Product, Release
from forecourt.products.publishing import Upload

CATALOG = StaffPermission.MANAGE_CATALOG


@receiving(CATALOG, "GET", "POST")
def publish(request: StaffRequest, slug: str) -> HttpResponse:
    """A version of a product, its notes and files: once, and never changed."""
    product = catalog.product_called(slug)
    if request.method == "GET":
        return _form(request, product, ReleaseForm(product))
    form = ReleaseForm(product, request.POST, request.FILES, refusal=refusal_of(request))
    if form.is_valid():
        try:
            made = _publish(request, product, form)
        except Refused as refusal:
            show(form, refusal, files="uploads")
        else:
            messages.success(request, _("%s is published.") % made)
            return see_other(request, "console_product", slug=slug)
    return _form(request, product, form, status=422)


def _publish(request: StaffRequest, product: Product, form: ReleaseForm) -> Release:
    """Nothing is kept of what cannot be published."""
    given = form.cleaned_data
    publishing.check(product, given["version"], [each.name for each in given["uploads"]])
    publishing.check_words(given["notes"], timezone.now())
    words = {name: given[name] for name in ("version", "channel", "notes")}
    said = by_hand(request.POST)
    uploads = [_kept(each, said.get(each.name, "")) for each in given["uploads"]]
    return actions.publish_release(request.at_work, product=product.slug, **words, files=uploads)


def _kept(file: Any, target: str) -> Upload:
    platform, _slash, architecture = target.partition("/")
    return Upload(file.name, file.file.keep(), platform, architecture)


def _form(
    request: StaffRequest,
    product: Product,
    form: ReleaseForm,
    *,
    block: str = "form",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    names = [str(each.name) for each in request.FILES.getlist("uploads")]
    said = by_hand(request.POST)
    context = {
        "form": form,
        "product": product,
        "lines": lines(names or [*said], said),
        "targets": targets(),
        "spare": SPARE,
        "lost": bool(names),
        "has_store": bool(settings.FILES_STORE),
        **more,
    }
    return render(request, "console/publish.html", context, block=block, status=status)


@page(CATALOG, "POST")
def preview(request: StaffRequest, slug: str) -> HttpResponse:
    """How customers will see it; without script the whole form again, and that below it."""
    product = catalog.product_called(slug)
    typed = {name: request.POST.get(name, "") for name in ("version", "channel", "notes")}
    form = ReleaseForm(product, initial=typed)
    return _form(request, product, form, block="preview", typed=typed)


@page(CATALOG, "POST")
def name_files(request: StaffRequest, slug: str) -> HttpResponse:
    """For what the files are that were chosen, as their names tell."""
    product = catalog.product_called(slug)
    names = request.POST.get("names", "").splitlines()[:100]
    context = {"lines": lines(names, {}), "targets": targets(), "product": product}
    return render(request, "console/publish_lines.html", context)
