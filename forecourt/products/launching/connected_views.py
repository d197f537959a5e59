"""The door for a person's own list: which products they are signed in to through the portal."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Gone
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.products.launching import choosing, ending
from forecourt.products.models import Launch, ProductClient


@signed_in("GET")
def connected_products(request: SignedInRequest) -> HttpResponse:
    """Every product that one is signed in to, with organizations and since when."""
    groups: dict[ProductClient, list[Launch]] = {}
    for launch in choosing.of_person(request.user.pk):
        groups.setdefault(launch.client, []).append(launch)
    return render(request, "products/connected.html", {"groups": groups})


@signed_in("GET", "POST")
def disconnect_product(request: SignedInRequest, client_id: str) -> HttpResponse:
    """Cut a product off, after a question: everywhere, in every organization."""
    mine = [
        each for each in choosing.of_person(request.user.pk) if each.client.client_id == client_id
    ]
    if not mine:
        raise Gone
    client = mine[0].client
    if request.method == "POST":
        ending.of_person(request.user.pk, client_id, by=request.user.email)
        messages.success(request, _("%s is disconnected.") % client.name)
        return see_other(request, "connected_products")
    return dialog(request, "products/disconnect.html", client=client, launches=mine)
