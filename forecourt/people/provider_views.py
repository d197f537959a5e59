"""The door to the identity providers and back."""

from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, operation, render, see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.people import linking
from forecourt.people.actions import unlink_identity
from forecourt.people.actors import Person
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.people.models import User
from forecourt.people.proof import require_fresh
from forecourt.people.providers import name_of
from forecourt.people.travel import come_back_from, leave_for


@operation("POST", who="anyone")
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for a provider, to come back signed in."""
    if get_request_param(request, "process") == "connect":
        if not request.user.is_authenticated:
            return redirect("account_login")
        require_fresh(request)
    return leave_for(request, provider_id)


@operation("GET", who="anyone")
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from a provider."""
    return come_back_from(request, provider_id)


@operation("GET", who="anyone")
def cancelled(request: HttpRequest) -> HttpResponse:
    """The person turned back at the provider."""
    if request.user.is_authenticated:
        return redirect("profile")
    messages.info(request, _("You turned back; nothing was changed."))
    return redirect("account_login")


@operation("GET", "POST", who="anyone")
def link(request: HttpRequest) -> HttpResponse:
    """Link the identity that waits in this browser: sign in first, then say yes."""
    identity = linking.kept(request)
    if identity is None:
        return redirect("profile" if request.user.is_authenticated else "account_login")
    if request.method == "POST" and request.POST.get("answer") == "no":
        linking.forget(request)
        return see_other(request, identity.next or "home")
    if request.method == "POST" and request.user.is_authenticated:
        require_fresh(request)
        return linking.link_kept(request, identity)
    context = {"identity": identity, "here": reverse("account_link"), "sign_up": settings.SIGN_UP}
    return render(request, "people/link.html", context)


@signed_in("GET", "POST", fresh=True)
def unlink(request: SignedInRequest, identity_id: int) -> HttpResponse:
    """Ask, then take an identity off the account."""
    user: User = request.user
    found = next((x for x in linking.identities(user.pk) if x.pk == identity_id), None)
    if found is None:
        raise Gone
    context = {
        "provider_name": name_of(found.provider),
        "label": found.extra_data.get("email") or found.extra_data.get("name") or "",
        "identity_id": identity_id,
    }
    if request.method == "POST":
        try:
            unlink_identity(Person(user), identity_id=identity_id)
            messages.success(request, _("%s is unlinked.") % context["provider_name"])
            return see_other(request, "profile")
        except Refused as refusal:
            context["refusal"] = str(refusal)
            return render(request, "people/unlink.html", context, block="dialog", status=422)
    return dialog(request, "people/unlink.html", **context)
