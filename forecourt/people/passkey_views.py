"""The doors of passkeys and security keys. Pages are plain; what a device is asked is fetched by
the script alone, at the form's own address, so that looking at a page writes nothing."""

import datetime as dt
from typing import Any

from allauth.account import views
from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.stages import PasskeySignupStage
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, operation, render, see_other
from forecourt.core.refusals import Gone, Refused, TooMany
from forecourt.people import passkeys
from forecourt.people.actions import rename_key
from forecourt.people.actors import Person
from forecourt.people.forms import LoginForm
from forecourt.people.gate import SignedInRequest, signed_in


def by_script(request: HttpRequest) -> bool:
    """Whether the page's script asks for what to ask the device."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


@operation("GET", "POST", who="anyone")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey."""
    if request.user.is_authenticated:
        return redirect(get_login_redirect_url(request))
    if request.method != "POST" and not by_script(request):
        return redirect("account_login")
    if not ratelimit.consume(request, app="allauth.mfa", action="webauthn_login"):
        again = timezone.now() + dt.timedelta(minutes=1)
        raise TooMany(_("There were too many tries from here just now."), again_at=again)
    if request.method != "POST":
        return passkeys.told(auth.begin_authentication(None))
    form = passkeys.SignInForm(data=request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form)
    key = form.cleaned_data["credential"]
    login = Login(user=key.user, redirect_url=get_next_redirect_url(request))
    return flows.perform_passwordless_login(request, key, login)


def _sign_in_page(request: HttpRequest, tried: Form) -> HttpResponse:
    form = with_errors_of(tried, LoginForm(request=request))
    page = views.LoginView()
    page.setup(request)
    response = page.render_to_response(page.get_context_data(form=form))
    response.status_code = 422
    return response


def with_errors_of(tried: Form, shown: Form) -> Form:
    """The form that the page shows, with the sentences of the one that was sent by the script."""
    shown.full_clean()
    shown.cleaned_data = {}
    for sentences in tried.errors.values():
        shown.add_error(None, list(sentences))
    return shown


@operation("GET", "POST", who="anyone")
@login_stage_required(stage=PasskeySignupStage.key, redirect_urlname="account_signup")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Create the passkey of a new account, whose address was just proved."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user = stage.login.user
    if by_script(request):
        return passkeys.told(auth.begin_registration(user, True))
    form = _new_key(request, user, passkey=True)
    if form.is_bound and form.is_valid():
        try:
            passkeys.add_key(request, user, passkey=True, **form.cleaned_data)
            return stage.exit()
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render(request, "mfa/webauthn/signup_form.html", {"form": form}, status=status)


def _new_key(request: HttpRequest, user: Any, *, passkey: bool) -> passkeys.NewKeyForm:
    sent = request.POST if request.method == "POST" else None
    agent = request.headers.get("User-Agent", "")
    return passkeys.NewKeyForm(sent, user=user, passkey=passkey, agent=agent)


@signed_in("GET", "POST", fresh=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Add a passkey, or with ?kind=key a security key."""
    passkey = request.GET.get("kind") != "key"
    if by_script(request):
        return passkeys.told(auth.begin_registration(request.user, passkey))
    form = _new_key(request, request.user, passkey=passkey)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            codes = passkeys.add_key(request, request.user, passkey=passkey, **form.cleaned_data)
            messages.success(request, _("%(name)s is added.") % {"name": name})
            return see_other(request, "mfa_view_recovery_codes" if codes else "profile")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "passkey": passkey}
    status = 422 if form.is_bound else 200
    return render(request, "mfa/webauthn/add_form.html", context, status=status)


@signed_in("GET", "POST", fresh=True)
def rename(request: SignedInRequest, key_id: int) -> HttpResponse:
    """Give a key another name."""
    key = _mine(request, key_id)
    form = passkeys.RenameForm(request.POST or None, initial={"name": key.data["name"]})
    if form.is_bound and form.is_valid():
        rename_key(Person(request.user), key_id=key.pk, name=form.cleaned_data["name"])
        messages.success(request, _("The name is saved."))
        return see_other(request, "profile")
    return dialog(request, "mfa/webauthn/edit_form.html", form=form)


@signed_in("GET", "POST", fresh=True)
def remove(request: SignedInRequest, key_id: int) -> HttpResponse:
    """Ask, then take a key off the account."""
    key = _mine(request, key_id)
    context = {"name": key.data["name"], "passkey": key.data.get("passkey", False)}
    if request.method == "POST":
        try:
            passkeys.remove_key(request, key)
            messages.success(request, _("%(name)s is removed.") % context)
            return see_other(request, "profile")
        except Refused as refusal:
            context["refusal"] = str(refusal)
            page = "mfa/webauthn/authenticator_confirm_delete.html"
            return render(request, page, context, block="dialog", status=422)
    return dialog(request, "mfa/webauthn/authenticator_confirm_delete.html", **context)


def _mine(request: SignedInRequest, key_id: int) -> Authenticator:
    key = passkeys.keys_of(request.user).filter(pk=key_id).first()
    if key is None:
        raise Gone
    return key
