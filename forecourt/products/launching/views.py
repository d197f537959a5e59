"""The door for products that sign people in, as far as a person sees it: signing in, choosing the
organization, agreeing."""

import datetime as dt
from typing import Any
from urllib.parse import quote

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749 import errors

from forecourt.core.pages import operation, render
from forecourt.core.refusals import Forbidden, Gone
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission
from forecourt.orgs.sign_in_policy import Demand, demands
from forecourt.people.proof import proved_at
from forecourt.products.actions import start_launch
from forecourt.products.launching import asking, choosing, handles, standing
from forecourt.products.launching.adapter import Adapter
from forecourt.products.launching.asking import Asking
from forecourt.products.launching.standing import Standing
from forecourt.products.models import Product, ProductClient


@csrf_exempt  # A product may send its people by POST (OpenID Connect Core 1.0, 3.1.2.1).
@operation("GET", "POST", who="anyone")
def authorize(request: HttpRequest) -> HttpResponse:
    """Sign a person in to the product that sends them."""
    if request.method == "POST":
        return redirect(f"{request.path}?{request.POST.urlencode()}")
    return _answer(request)


@operation("POST", who="anyone")
def choose(request: HttpRequest) -> HttpResponse:
    """Go on with the organization that a person chose, or with their consent; the product's request
    is in the address."""
    return _answer(request, chosen=request.POST)


@page(Permission.VIEW_PRODUCTS)
def open_product(request: MemberRequest, product: str) -> HttpResponse:
    """Open a product: send the person to where it begins signing in (OpenID Connect Core 1.0, 4),
    or, where it does not sign in through the portal, to its address."""
    clients = ProductClient.objects.select_related("client", "product").order_by("pk")
    client = clients.filter(product__slug=product, disabled_at=None).exclude(launch_url="").first()
    if client is None:
        return leave(request, get_object_or_404(Product, slug=product, kind="web").url)
    found = standing.of(request.member, client)
    if not found.is_good:
        return _no_access(request, client, [found])
    return redirect(choosing.launch_address(request.member, client))


def _answer(request: HttpRequest, chosen: Any = None) -> HttpResponse:
    try:
        asked = asking.read(request)
    except (errors.FatalClientError, ValidationError):
        return render(request, "products/launch_error.html", status=400)
    except errors.OAuth2Error as problem:
        return leave(request, asking.told(problem))
    return _proof(request, asked) or _go_on(request, asked, chosen or {})


def _proof(request: HttpRequest, asked: Asking) -> HttpResponse | None:
    """To where the person proves who they are, as recently as the product wants."""
    if not request.user.is_authenticated:
        silent = _silently(request, asked, asking.LOGIN_REQUIRED)
        return silent or redirect_to_login(asked.again("login"))
    proved = proved_at(request)
    age = dt.timedelta(seconds=asked.max_age) if asked.max_age is not None else None
    is_old = age is not None and (proved is None or timezone.now() - proved > age)
    if not is_old and "login" not in asked.prompts:
        return None
    back = quote(asked.again("login"))
    there = redirect(f"{reverse('account_reauthenticate')}?next={back}")
    return _silently(request, asked, asking.LOGIN_REQUIRED) or there


def _go_on(request: Any, asked: Asking, chosen: Any) -> HttpResponse:
    """Signed in: find the organization, and whether something is still to be asked."""
    if chosen.get("cancel"):
        return leave(request, asked.refusal(asking.DENIED))
    found = standing.of_person(request.user, asked.client)
    usable = [each for each in found if each.is_good]
    pick = choosing.pick(request, asked, found, chosen.get("organization", ""))
    if not usable or (pick is not None and not pick.is_good):
        silent = _silently(request, asked, asking.DENIED)
        return silent or _no_access(request, asked.client, [pick] if pick else found, asked)
    if pick is None:
        silent = _silently(request, asked, asking.CHOICE_REQUIRED)
        return silent or _question(request, asked, usable, "choose")
    if wanted := demands(request, pick.member.organization):
        return _silently(request, asked, asking.INTERACTION_REQUIRED) or _mend(wanted, pick)
    if not chosen.get("agreed") and choosing.wants_consent(request, asked):
        silent = _silently(request, asked, asking.CONSENT_REQUIRED)
        return silent or _question(request, asked, [pick], "agree")
    return _enter(request, asked, pick)


def _enter(request: HttpRequest, asked: Asking, pick: Standing) -> HttpResponse:
    try:
        launch = start_launch(
            pick.member,
            client=asked.client,
            session=request.session.session_key,
            proved_at=proved_at(request) or timezone.now(),
            scopes=asked.scopes,
        )
    except (Forbidden, Gone):  # taken away in this very moment
        return leave(request, asked.refusal(asking.DENIED))
    handles.use_up(asked.login_hint)
    return leave(request, asked.code(request.user, launch))


def _silently(request: HttpRequest, asked: Asking, error: str) -> HttpResponse | None:
    """The error for a product that wants nothing to be shown; None for any other."""
    return leave(request, asked.refusal(error)) if asked.is_silent else None


def _mend(wanted: Demand, pick: Standing) -> HttpResponse:
    if wanted is Demand.SECOND_FACTOR:
        return redirect("second_factor_required", slug=pick.member.organization.slug)
    raise ReauthenticationRequired


def _question(
    request: HttpRequest, asked: Asking, places: list[Standing], ask: str
) -> HttpResponse:
    words = Adapter.scope_display
    context = {
        "client": asked.client,
        "places": places,
        "ask": ask,
        "learns": [words[each] for each in asked.scopes if each in words],
        "action": f"{reverse('idp:oidc:choose')}?{asked.query}",
    }
    return render(request, "products/launch.html", context)


def _no_access(
    request: HttpRequest, client: ProductClient, places: list[Standing], asked: Asking | None = None
) -> HttpResponse:
    """Says what is lacking, and whom to ask; never a token."""
    back = asked.refusal(asking.DENIED) if asked else ""
    context = {"client": client, "places": places, "back": back}
    return render(request, "products/no_access.html", context, status=403)


def leave(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to a product. A person's browser gets a page that goes on by itself: after a
    form of ours Chromium holds the whole chain of redirects to `form-action`, which cannot name
    every product. Programs get the redirect."""
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return render(request, "products/onwards.html", {"address": address})
    answer = HttpResponse(status=302)  # (Django's own knows only the schemes of the web.)
    answer["Location"] = address
    return answer
