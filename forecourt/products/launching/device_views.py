"""The door for devices without a browser (RFC 8628): a person types the code that the device shows,
and says for which organization it may sign in."""

from allauth.core.exceptions import ReauthenticationRequired
from allauth.idp.oidc.forms import ConfirmCodeForm
from allauth.idp.oidc.internal.oauthlib import device_codes
from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.utils import timezone

from forecourt.core.pages import render
from forecourt.core.refusals import Forbidden, Gone
from forecourt.orgs.sign_in_policy import demands
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.people.proof import proved_at
from forecourt.products.actions import start_launch
from forecourt.products.launching import marks, standing
from forecourt.products.launching.adapter import Adapter
from forecourt.products.launching.standing import Standing
from forecourt.products.models import Launch, ProductClient


@signed_in("GET", "POST", fresh=True)
def device(request: SignedInRequest) -> HttpResponse:
    """Type a device's code, look at who asks, and agree or not. What the device gets lasts for weeks,
    so it wants a fresh proof (O26)."""
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    if "code" not in given:
        return render(request, "products/device.html", {"form": ConfirmCodeForm()})
    form = ConfirmCodeForm(given)
    client = _client(form)
    if client is None:
        return render(request, "products/device.html", {"form": form}, status=422)
    if request.method == "POST":
        return _decide(request, client, form.device_code)
    return _ask(request, client, form.cleaned_data["code"])


def _client(form: ConfirmCodeForm) -> ProductClient | None:
    if not form.is_valid():
        return None
    rows = ProductClient.objects.select_related("client", "product")
    return rows.filter(client=form.client, disabled_at=None).first()


def _ask(
    request: SignedInRequest, client: ProductClient, code: str, **more: object
) -> HttpResponse:
    """Who asks, what they learn, and for which organization."""
    found = standing.of_person(request.user, client)
    usable = [each for each in found if each.is_good]
    if not usable:
        context = {"client": client, "places": found, "back": ""}
        return render(request, "products/no_access.html", context, status=403)
    words = Adapter.scope_display
    learns = [words[each] for each in client.client.get_scopes() if each in words]
    context = {"client": client, "places": usable, "code": code, "learns": learns, **more}
    return render(request, "products/device_ask.html", context, status=422 if more else 200)


def _decide(request: SignedInRequest, client: ProductClient, device_code: str) -> HttpResponse:
    if request.POST.get("cancel"):
        device_codes.confirm_or_deny_device_code(request.user, device_code, confirm=False)
        return render(request, "products/device_done.html", {"client": client, "agreed": False})
    chosen = request.POST.get("organization", "")
    places = standing.of_person(request.user, client)
    pick = next((each for each in places if str(each.member.organization_id) == chosen), None)
    if pick is None or not pick.is_good:
        return _ask(request, client, request.POST["code"], unchosen=True)
    if demands(request, pick.member.organization):
        raise ReauthenticationRequired
    try:
        launch = _launch(request, client, pick)
    except (Forbidden, Gone):
        return _ask(request, client, request.POST["code"], unchosen=True)
    _bind(device_code, launch)
    device_codes.confirm_or_deny_device_code(request.user, device_code, confirm=True)
    context = {"client": client, "agreed": True, "organization": pick.member.organization}
    return render(request, "products/device_done.html", context)


def _launch(request: SignedInRequest, client: ProductClient, pick: Standing) -> Launch:
    return start_launch(
        pick.member,
        client=client,
        session=None,
        proved_at=proved_at(request) or timezone.now(),
        scopes=client.client.get_scopes(),
    )


def _bind(device_code: str, launch: Launch) -> None:
    """Have the device's tokens carry the launch."""
    data = cache.get(device_codes.cache_device_code_key(device_code))
    if data is not None:
        device_codes.update_device_state(device_code, {**data, "resources": [marks.mark(launch)]})
