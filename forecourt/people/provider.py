"""Speaking OpenID Connect with the identity providers: what allauth does, made stricter.

allauth looks for this module's name. Added to its provider: PKCE always, a nonce, the ID token's
signature, the issuer of OpenID Connect Discovery and RFC 9207, and an address that counts as
verified only where the provider says exactly `true` and is one whose word counts.
"""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from forecourt.core.sealing import fingerprint
from forecourt.people import discovery, id_token
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.providers import GOOGLE, IdentityProvider

LONGEST_UID = 191  # letters that allauth keeps of an identity
#: What a person can be at a provider for.
PROCESSES = ("login", "connect", "reauthenticate")


def configured(provider_id: str) -> IdentityProvider:
    """The provider with this id; raises SocialApp.DoesNotExist where none is configured."""
    for provider in settings.IDENTITY_PROVIDERS:
        if provider.id == provider_id:
            return provider
    raise SocialApp.DoesNotExist


class Conversation(OpenIDConnectOAuth2Adapter):
    """One person's way to a provider and back. `state` is what we remembered when they left."""

    state: dict[str, Any] | None = None

    @property
    def theirs(self) -> IdentityProvider:
        return configured(self.provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        return discovery.document(self.theirs)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        # From the settings, never from the request's own idea of its host.
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return settings.PUBLIC_URL + path

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        # Good for one question about the person; it is not kept, so nobody asks how long it lives.
        return SocialToken(token=data["access_token"])

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        said = id_token.read(
            self.theirs, kwargs["response"].get("id_token"), nonce=(self.state or {}).get("nonce")
        )
        if "email" not in said and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != said["sub"]:  # OpenID Connect Core 1.0, 5.3.2
                raise OAuth2Error("The answer about the person is about somebody else.")
            said = {**more, **said}
        return self.get_provider().sociallogin_from_response(request, said)


class OpenID(OpenIDConnectProvider):
    """A configured provider, as allauth knows it."""

    oauth2_adapter_class = Conversation
    pkce_enabled_default = True

    @property
    def theirs(self) -> IdentityProvider:
        return configured(self.app.provider_id)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        # allauth lets the address add scopes and parameters; nobody has a reason to.
        given = super().get_redirect_from_request_kwargs(request)
        process = given["process"] if given["process"] in PROCESSES else "login"
        return {"process": process, "next_url": given.get("next_url")}

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        parameters = {"nonce": nonce}
        if process == "reauthenticate":
            # Google knows no "login" here; the nearest is that one chooses the account again.
            google = self.theirs.issuer == GOOGLE
            parameters["prompt"] = "select_account" if google else "login"
        elif process == "login":
            parameters["prompt"] = "select_account"
        return super().redirect(
            request, process, next_url, data, nonce=nonce, auth_params=parameters, **kwargs
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Identity is issuer plus subject (OpenID Connect Core 1.0, 5.7); their digest where
        together they are longer than allauth's column."""
        uid = f"{data['iss']} {data['sub']}"
        return uid if len(uid) <= LONGEST_UID else f"sha256 {fingerprint(uid)}"

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: as much as tells people which of their accounts it is."""
        return {key: data[key] for key in ("email", "name") if isinstance(data.get(key), str)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in data.items() if key == "name"}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        try:
            email = normalize(data["email"])
        except (KeyError, BadAddress, TypeError, AttributeError):
            return []
        verified = self.theirs.vouches_for_addresses and data.get("email_verified") is True
        return [EmailAddress(email=email, verified=verified, primary=True)]


class Callback(OAuth2CallbackView):
    """The way back: the state is looked at before anything is asked of the provider."""

    adapter: Conversation

    def _get_state(
        self, request: HttpRequest, provider: OpenID
    ) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state
        if response is None:
            discovery.check_issuer(self.adapter.theirs, request.GET.get("iss"))
        return state, response


provider_classes = [OpenID]
