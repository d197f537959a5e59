"""Identities at other providers: what happens when somebody comes back from one.

A known identity signs in to its account, and that is allauth's. An unknown one never finds an
account by its e-mail address: it is kept in the browser's session until the person has signed in
the way they did before, and links it themselves.
"""

import time
from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.internal import flows as account_flows
from allauth.socialaccount.internal.flows import signup
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.core.pages import render
from forecourt.core.refusals import Refused
from forecourt.people import accounts
from forecourt.people.actions import link_identity
from forecourt.people.actors import Person
from forecourt.people.names import PersonName
from forecourt.people.proof import is_fresh
from forecourt.people.provider import configured

KEPT = 600  # seconds
_SESSION = "people_pending_identity"


@dataclass(frozen=True)
class Identity:
    """Somebody at a provider: `uid` is issuer and subject, `address` may be empty."""

    provider: str
    uid: str
    address: str
    extra: dict[str, str]
    next: str = ""

    @property
    def provider_name(self) -> str:
        return configured(self.provider).name

    @property
    def label(self) -> str:
        return self.address or self.extra.get("email") or self.extra.get("name") or self.uid


def answer(request: HttpRequest, login: SocialLogin) -> HttpResponse | None:
    """What to do with somebody whom a provider sends back; None where allauth signs them in."""
    process = login.state.get("process")
    if process in ("connect", "reauthenticate") and not request.user.is_authenticated:
        return redirect("account_login")
    if process == "connect":
        return _connect(request, login)
    if process == "reauthenticate":
        return _confirm(request, login)
    return None if login.is_existing else _first_time(request, login)


def _identity(login: SocialLogin) -> Identity:
    address = next(iter(login.email_addresses), None)
    return Identity(
        provider=login.account.provider,
        uid=login.account.uid,
        address=address.email if address else "",
        extra=login.account.extra_data,
        next=login.state.get("next") or "",
    )


def _connect(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Link it to the account that is signed in, from which the person left a moment ago."""
    identity = _identity(login)
    if not is_fresh(request):  # they stayed at the provider for long: asked once more
        return keep(request, identity)
    return _linked(request, identity, identity.next or reverse("profile"))


def _linked(request: HttpRequest, identity: Identity, back: str) -> HttpResponse:
    try:
        link_identity(
            Person(request.user),  # type: ignore[arg-type]
            provider=identity.provider,
            uid=identity.uid,
            extra=identity.extra,
        )
        messages.success(request, _("%s is linked.") % identity.provider_name)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


def _confirm(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Fresh proof: the same person, at a provider that is linked already."""
    back = login.state.get("next") or reverse("profile")
    if not login.is_existing or login.user != request.user:
        messages.error(
            request, _("That is another account at the provider than the one that is linked.")
        )
        return redirect(f"{reverse('account_reauthenticate')}?next={back}")
    account_flows.login.record_authentication(
        request,
        request.user,
        "socialaccount",
        provider=login.account.provider,
        uid=login.account.uid,
        reauthenticated=True,
    )
    # allauth looks there for the way on, and for whether what it kept belongs to it.
    asked: Any = request.GET.copy()
    asked["next"] = back
    request.GET = asked
    return account_flows.reauthentication.resume_request(request) or redirect(back)


def _first_time(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    identity = _identity(login)
    data = login.state.get("data") or {}
    only = data.get("only")
    if only and identity.address != only:
        context = {"identity": identity, "invited": only, "again": data["again"]}
        return render(request, "people/other_address.html", context, status=422)
    if not identity.address or accounts.verified_account(identity.address):
        return keep(request, identity)
    if not (settings.SIGN_UP or only):
        return render(request, "account/signup_closed.html", status=403)
    try:
        return _sign_up(request, login, identity)
    except IntegrityError:  # somebody proved the address at the same moment
        return keep(request, identity)


def _sign_up(request: HttpRequest, login: SocialLogin, identity: Identity) -> HttpResponse:
    """A new account; where the provider's word on the address does not count, a code is mailed."""
    login.email_addresses = login.email_addresses[:1]
    with transaction.atomic():
        if login.email_addresses[0].verified:
            accounts.discard_unverified(identity.address)
        login.save(request)
    if request.user.is_authenticated:
        account_flows.logout.logout(request)
    return signup.complete_social_signup(request, login)


def keep(request: HttpRequest, identity: Identity) -> HttpResponse:
    """Remember it in this browser alone until the person has signed in."""
    request.session[_SESSION] = {**asdict(identity), "at": time.time()}
    return redirect("account_link")


def kept(request: HttpRequest) -> Identity | None:
    """The identity that waits in this browser to be linked, for ten minutes."""
    values = dict(request.session.get(_SESSION) or {})
    if not values or time.time() - values.pop("at") > KEPT:
        return None
    if all(provider.id != values["provider"] for provider in settings.IDENTITY_PROVIDERS):
        return None
    return Identity(**values)


def forget(request: HttpRequest) -> None:
    """It is linked, or is not to be."""
    request.session.pop(_SESSION, None)


def link_kept(request: HttpRequest, identity: Identity) -> HttpResponse:
    """Link the identity that waited, and go on where the person was going."""
    forget(request)
    return _linked(request, identity, identity.next or reverse("profile"))


def identities(user_id: int) -> list[SocialAccount]:
    """What is linked to an account, oldest first."""
    return list(SocialAccount.objects.filter(user_id=user_id).order_by("pk"))


def tame_name(name: Any) -> str:
    """A provider's name for a person, or "" where it is none that we would take from them."""
    try:
        return PersonName().clean(name[:120] if isinstance(name, str) else "")
    except ValidationError:
        return ""
