"""The door "Confirm that it is you": one page with every way that a person has (O26)."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from forecourt.people import linking, passkeys

Type = Authenticator.Type


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
        user: Any = self.request.user
        kinds = {*Authenticator.objects.filter(user=user).values_list("type", flat=True)}
        linked = {identity.provider for identity in linking.identities(user.pk)}
        # An organization that demands a second factor is not content with less.
        strong = "strong" in self.request.GET or "strong" in self.request.POST
        ways = {
            "password": user.has_usable_password() and not strong,
            "app": Type.TOTP in kinds,
            "code": bool(kinds & {Type.TOTP, Type.RECOVERY_CODES}),
            "key": Type.WEBAUTHN in kinds,
            "providers": []
            if strong
            else [each for each in settings.IDENTITY_PROVIDERS if each.id in linked],
        }
        ways["mail"] = not strong and not any(ways.values())
        return {**context, "ways": ways, "strong": strong}


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


by_password, by_code, by_key = ByPassword.as_view(), ByCode.as_view(), ByKey.as_view()


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
