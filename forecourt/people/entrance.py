"""Ways into an account that start at a page of ours: what allauth then does is allauth's."""

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.core import ratelimit
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from forecourt.core.refusals import TooMany
from forecourt.people.forms import SignUpForm
from forecourt.people.models import User
from forecourt.people.travel import leave_for


def sign_in(request: HttpRequest, user: User, *, then: str) -> HttpResponse:
    """Sign a person in who has just set their password, and go on to `then`."""
    flows.login.record_authentication(request, user, method="password", email=user.email)
    login = Login(user=user, email=user.email, redirect_url=then)
    response = flows.login.perform_login(request, login)
    if response.status_code == 302:
        response.status_code = 303  # after a POST, as everywhere in the portal
    return response


def sign_up(
    request: HttpRequest, *, email: str, password: str, name: str, then: str
) -> tuple[HttpResponse | None, Form]:
    """Make an account that has to confirm its address with a code, and go on to `then` after it.
    Accounts on this address that nobody verified go (D13). Answers the way on, or None and the
    form with what is wrong."""
    form = SignUpForm({"email": email, "password1": password, "name": name})
    if not form.is_valid():
        return None, form
    user, response = form.try_save(request)
    if response is None:
        response = flows.signup.complete_signup(
            request, user=user, redirect_url=then, by_passkey=False
        )
    return response, form


def go_to_provider(request: HttpRequest, provider_id: str, *, only: str, then: str) -> HttpResponse:
    """Leave for an identity provider, and come back to `then` signed in. A new account is made
    for the address `only` alone; whoever has another there may try again at this request's own
    address. Raises Http404 for a provider that is not configured."""
    data = {"only": only, "again": request.path}
    return leave_for(request, provider_id, next_url=then, data=data)


def sign_in_by_code(request: HttpRequest, user: User, *, email: str, then: str) -> HttpResponse:
    """Sign out, and in again with a code that is mailed to `email`; then go on to `then`."""
    limit_codes(request, email)
    get_adapter().logout(request)
    flows.login_by_code.LoginCodeVerificationProcess.initiate(
        request=request, user=user, email=email
    )
    response = redirect(f"{reverse('account_confirm_login_code')}?{urlencode({'next': then})}")
    response.status_code = 303
    return response


def limit_codes(request: HttpRequest, email: str) -> None:
    """Count one more code to this address; raises TooMany where it has got enough just now."""
    if not ratelimit.consume(request, action="request_login_code", key=email):
        again = timezone.now() + dt.timedelta(minutes=1)
        raise TooMany(_("Too many codes were sent to this address just now."), again_at=again)
