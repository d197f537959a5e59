"""The door to files: the page's button, the link to copy, and the link itself."""

from functools import partial
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from forecourt.core.pages import dialog, operation
from forecourt.core.refusals import Gone
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission
from forecourt.products import actions, downloads, sending
from forecourt.products.actors import Holder
from forecourt.products.models import Artifact

HOLDER = "whoever holds the link"


def _mine(request: MemberRequest, artifact_id: int) -> Artifact:
    """An artifact that the member's organization may have; raises Gone."""
    found = downloads.entitled(request.member.organization_id).filter(pk=artifact_id).first()
    if found is None:
        raise Gone
    return found


@page(Permission.VIEW_PRODUCTS)
def download_file(request: MemberRequest, artifact_id: int) -> HttpResponse:
    """To a fresh link, which the browser follows at once."""
    artifact = _mine(request, artifact_id)
    response = redirect(downloads.link(request.member, artifact).address(artifact))
    response["Cache-Control"] = "private, no-store"
    return response


@page(Permission.VIEW_PRODUCTS)
def download_link(request: MemberRequest, artifact_id: int) -> HttpResponse:
    """A fresh link to be taken elsewhere, with what is needed to fetch and to check the file."""
    artifact = _mine(request, artifact_id)
    link = downloads.link(request.member, artifact)
    address = settings.PUBLIC_URL + link.address(artifact)
    context = {
        "artifact": artifact,
        "address": address,
        "command": f"curl -fLO -C - '{address}'",
        "dies": link.dies,
    }
    return dialog(request, "products/download_link.html", **context)


@page(Permission.VIEW_PRODUCTS)
def checksums(request: MemberRequest, product: str, version: str) -> HttpResponse:
    """The SHA-256 of each file of a version, as `sha256sum --check` reads them."""
    found = downloads.entitled(request.member.organization_id).filter(
        release__product__slug=product, release__version=version
    )
    lines = [f"{each.sha256}  {each.file_name}\n" for each in found.order_by("file_name")]
    if not lines:
        raise Gone
    return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")


@operation("GET", who=HOLDER)
def download(request: HttpRequest, token: str, file_name: str) -> HttpResponse:
    """The file, or the part of it that is asked for; every request is checked."""
    holder = Holder(downloads.read(token))
    sends = partial(sending.sends, request)
    artifact = actions.download(holder, file_name=file_name, sends=sends)
    return cast(HttpResponse, sending.answer(request, artifact))
