"""Ways into an account that start at a page of ours: what allauth then does is allauth's."""

from allauth.account.internal import flows
from allauth.account.models import Login
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from forecourt.people.forms import SignUpForm
from forecourt.people.models import User


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
