"""The door "Confirm that it is you": one page with every way that a person has (O26)."""

from typing import Any

from allauth.account import views as account
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from forecourt.core.pages import see_other
from forecourt.core.refusals import Forbidden
from forecourt.people import linking, passkeys
from forecourt.people.entrance import limit_codes
from forecourt.people.mailed_proof import MailedProof

Type = Authenticator.Type


def ways_of(user: Any) -> dict[str, Any]:
    """What of its own an account has to confirm with."""
    kinds = {*Authenticator.objects.filter(user=user).values_list("type", flat=True)}
    linked = {identity.provider for identity in linking.identities(user.pk)}
    return {
        "password": user.has_usable_password(),
        "app": Type.TOTP in kinds,
        "code": bool(kinds & {Type.TOTP, Type.RECOVERY_CODES}),
        "key": Type.WEBAUTHN in kinds,
        "providers": [each for each in settings.IDENTITY_PROVIDERS if each.id in linked],
    }


def has_only_mail(user: Any) -> bool:
    """Whether a mailed code is all that the person can confirm with. A mailbox is weaker than
    anything else they may have, so it is never offered beside it."""
    return not any(ways_of(user).values())


class Ways:
    """What the page shows, whichever of its forms was sent."""

    request: HttpRequest
    template_name = "account/reauthenticate.html"

    def _check_reauthentication_method_available(self, request: HttpRequest) -> None:
        """The page itself says what there is."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        context = super().get_context_data(**values)  # type: ignore[misc]
        ways = ways_of(self.request.user)
        # An organization that demands a second factor is not content with less.
        strong = "strong" in self.request.GET or "strong" in self.request.POST
        ways["mail"] = not strong and not any(ways.values())
        if strong:
            ways |= {"password": False, "providers": []}
        mailed = ways["mail"] and MailedProof.resume(self.request) is not None
        return {**context, "ways": ways, "strong": strong, "mailed": mailed}


class ByPassword(Ways, account.ReauthenticateView):
    """With the password."""


class ByCode(Ways, mfa.ReauthenticateView):
    """With a code of the authenticator app, or a recovery code."""


class ByKey(Ways, webauthn.ReauthenticateWebAuthnView):
    """With a passkey or a security key."""

    def get(self, request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return passkeys.told(auth.begin_authentication(request.user))
        return super().get(request, *args, **keywords)

    def form_invalid(self, form: Any) -> HttpResponse:
        return Ways.form_invalid(self, form)


class ByMail(Ways, account.BaseReauthenticateView):
    """With the code that was mailed."""

    form_class = ConfirmLoginCodeForm

    def post(self, request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
        _require_only_mail(request)
        return super().post(request, *args, **keywords)

    @cached_property
    def process(self) -> MailedProof | None:
        return MailedProof.resume(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "code": self.process.code if self.process else ""}

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.process  # without it no code is right
        self.process.finish()
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.process is None or not self.process.record_invalid_attempt():
            form.errors.clear()
            form.add_error(None, _("This code is no longer good: have another one mailed."))
        return super().form_invalid(form)


by_password, by_code, by_key = ByPassword.as_view(), ByCode.as_view(), ByKey.as_view()
by_mail = ByMail.as_view()


def mail_code(request: HttpRequest) -> HttpResponse:
    """Mail a code to somebody who has nothing else, and go back to where it is entered."""
    _require_only_mail(request)
    limit_codes(request, request.user.email)  # type: ignore[union-attr]
    MailedProof.initiate(request)
    there = passthrough_next_redirect_url(request, reverse("account_reauthenticate"), "next")
    return see_other(request, there)


def _require_only_mail(request: HttpRequest) -> None:
    if not has_only_mail(request.user):
        raise Forbidden("mailed code")


class SecondStep(mfa.AuthenticateView):
    """At sign-in, after the first proof: a code, or a key."""

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        context = super().get_context_data(**values)
        user = self.stage.login.user
        kinds = {*Authenticator.objects.filter(user=user).values_list("type", flat=True)}
        options = (context.pop("js_data", None) or {}).get("request_options")
        context["options"] = (
            passkeys.options(options) if Type.WEBAUTHN in kinds and options else None
        )
        context["has_app"] = Type.TOTP in kinds
        context["here"] = reverse("mfa_authenticate")
        return context


second_step = SecondStep.as_view()
