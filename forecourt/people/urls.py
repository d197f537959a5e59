"""Sign-in and what belongs to it: allauth's views at their customary addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from forecourt.core.pages import operation
from forecourt.core.refusals import Forbidden
from forecourt.people import (
    address_views,
    confirm_views,
    factor_reset_views,
    passkey_views,
    profile_views,
    provider_views,
)
from forecourt.people.accounts import may_have_password
from forecourt.people.gate import to_sign_in
from forecourt.people.profile import password_choice
from forecourt.people.proof import is_fresh

View = Callable[..., HttpResponse]


def entrance(
    view: View,
    *,
    who: str = "anyone",
    atomic: bool = False,
    methods: tuple[str, ...] = ("GET", "POST"),
) -> View:
    """One of allauth's views, answering as the house does: a form with errors is 422. `atomic`
    where several rows change together (a password, and the sessions that it ends)."""

    @operation(*methods, who=who)
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **keywords: object) -> HttpResponse:
        address = request.path
        if who == "signed in" and not request.user.is_authenticated:
            return to_sign_in(request)
        if atomic and request.method == "POST":
            with transaction.atomic():
                response = view(request, *args, **keywords)
        else:
            response = view(request, *args, **keywords)
        # (Another address: what was kept for "Confirm that it is you", done now.)
        if request.method == "POST" and response.status_code == 200 and request.path == address:
            response.status_code = 422
        return response

    return answer


def _page(address: str, view: View, name: str, **options: object) -> URLPattern:
    return path(address, entrance(view, **options), name=name)  # type: ignore[arg-type]


def verify(request: HttpRequest) -> HttpResponse:
    """The page for the code. Whoever is signed in and verifies nothing goes home."""
    if request.user.is_authenticated and not EmailVerificationProcess.resume(request):
        return redirect("home")
    try:
        with transaction.atomic():
            return views.email_verification_sent(request)
    except IntegrityError:  # somebody else proved the address at the same moment (A058)
        messages.error(request, _("This address belongs to another account by now."))
        return redirect("profile" if request.user.is_authenticated else "account_login")


def change_password(request: HttpRequest) -> HttpResponse:
    """Not in a session that an identity provider began (S51)."""
    if password_choice(request, request.user) == "provider":  # type: ignore[arg-type]
        raise Forbidden("password")
    return views.password_change(request)


def set_password(request: HttpRequest) -> HttpResponse:
    """A first password wants a fresh sign-in by what the account has (D10)."""
    user: Any = request.user
    by = ["socialaccount", "mfa"]
    if may_have_password(user) and confirm_views.has_only_mail(user):
        by = ["code"]  # by which "Forgot password" gives one, too
    if password_choice(request, user) == "set" and not is_fresh(request, by=(*by,)):
        raise ReauthenticationRequired
    return views.password_set(request)


ME = {"who": "signed in"}
LOOK = {"methods": ("GET",)}
SEND = {"methods": ("POST",)}

urlpatterns = [
    _page("login/", views.login, "account_login"),
    _page("login/code/", views.request_login_code, "account_request_login_code"),
    _page("login/code/confirm/", views.confirm_login_code, "account_confirm_login_code"),
    _page("logout/", views.logout, "account_logout"),
    _page("inactive/", views.account_inactive, "account_inactive", **LOOK),
    _page("signup/", views.signup, "account_signup", atomic=True),
    _page("signup/passkey/", views.signup_by_passkey, "account_signup_by_passkey", atomic=True),
    path("passkey/", passkey_views.sign_in, name="mfa_login_webauthn"),
    path("passkey/sign-up/", passkey_views.sign_up, name="mfa_signup_webauthn"),
    _page("second-factor/", confirm_views.second_step, "mfa_authenticate"),
    path("provider/cancelled/", provider_views.cancelled, name="socialaccount_login_cancelled"),
    path("provider/<slug:provider_id>/", provider_views.to_provider, name="openid_connect_login"),
    path(
        "provider/<slug:provider_id>/callback/",
        provider_views.from_provider,
        name="openid_connect_callback",
    ),
    path("revert/<str:token>/", address_views.revert_address, name="revert_address"),
    path("keep-factor/<str:token>/", factor_reset_views.keep_factor, name="keep_factor"),
    path("link/", provider_views.link, name="account_link"),
    _page("reauthenticate/", confirm_views.by_password, "account_reauthenticate", **ME),
    _page("reauthenticate/code/", confirm_views.by_code, "mfa_reauthenticate", **ME),
    _page("reauthenticate/key/", confirm_views.by_key, "mfa_reauthenticate_webauthn", **ME),
    _page("reauthenticate/mail/", confirm_views.mail_code, "mail_confirmation_code", **ME, **SEND),
    _page("reauthenticate/mail/code/", confirm_views.by_mail, "confirm_by_mail", **ME),
    _page("verify/", verify, "account_email_verification_sent", atomic=True),
    _page("password/change/", change_password, "account_change_password", atomic=True, **ME),
    _page("password/set/", set_password, "account_set_password", atomic=True, **ME),
    _page("password/reset/", views.password_reset, "account_reset_password"),
    _page(
        "password/reset/code/",
        views.confirm_password_reset_code,
        "account_confirm_password_reset_code",
        atomic=True,
    ),
    _page(
        "password/reset/new/",
        views.complete_password_reset,
        "account_complete_password_reset",
        atomic=True,
    ),
    _page(
        "password/reset/done/",
        views.password_reset_from_key_done,
        "account_password_reset_completed",
        **LOOK,
    ),
]

#: Below /profile/: a person's own account.
profile_urlpatterns = [
    _page("authenticator/", totp.activate_totp, "mfa_activate_totp", **ME),
    _page("authenticator/removal/", totp.deactivate_totp, "mfa_deactivate_totp", **ME),
    _page("recovery-codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes", **ME, **LOOK),
    _page(
        "recovery-codes/new/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes", **ME
    ),
    path("", profile_views.profile, name="profile"),
    # allauth's names of the pages that this one is instead of.
    path("", profile_views.profile, name="mfa_index"),
    path("", profile_views.profile, name="account_email"),
    path("name/", profile_views.save_profile, name="save_profile"),
    path("addresses/", address_views.add_address, name="add_address"),
    path("addresses/<int:address_id>/", address_views.make_primary, name="make_primary"),
    path(
        "addresses/<int:address_id>/removal/", address_views.remove_address, name="remove_address"
    ),
    path(
        "factor-reset/ending/", factor_reset_views.cancel_factor_reset, name="cancel_factor_reset"
    ),
    path("sessions/ending/", profile_views.end_other_sessions, name="end_other_sessions"),
    path("sessions/<slug:mark>/ending/", profile_views.end_session, name="end_session"),
    path("keys/add/", passkey_views.add, name="mfa_add_webauthn"),
    path("keys/<int:key_id>/", passkey_views.rename, name="mfa_edit_webauthn"),
    path("keys/<int:key_id>/removal/", passkey_views.remove, name="mfa_remove_webauthn"),
    path("identities/<int:identity_id>/removal/", provider_views.unlink, name="unlink_identity"),
]
