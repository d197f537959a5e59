"""What allauth's provider asks the portal: names, claims, keys."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.core import context
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.resources import InvalidTargetError
from allauth.idp.oidc.models import Client, PrivateKey, Token
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forecourt.people.models import User
from forecourt.products.launching import marks, token_keys
from forecourt.products.launching.marks import Live

#: What the tokens can say besides allauth's own, for the provider's description.
CLAIMS = [
    *("sub", "name", "email", "email_verified", "auth_time", "sid"),
    *("org_id", "org_slug", "org_name", "role", "entitlements"),
]


class Adapter(DefaultOIDCAdapter):
    """Asked anew for each request."""

    scope_display = {
        "openid": _("Who you are here, your organization, your role and what you may use"),
        "email": _("Your e-mail address"),
        "profile": _("Your name"),
    }

    def get_issuer(self) -> str:
        return settings.PUBLIC_URL

    def get_user_sub(self, client: Client, user: Any) -> str:
        """Opaque, the same for life, and nobody else's ever."""
        return str(user.handle)

    def get_user_by_sub(self, client: Client, sub: str) -> User | None:
        try:
            return User.objects.filter(handle=UUID(sub), is_active=True).first()
        except (ValueError, AttributeError, TypeError):
            return None

    def get_claims(
        self, purpose: Any, user: Any, client: Client, scopes: Iterable[str], **more: Any
    ):
        """With the one organization of the launch that the token belongs to."""
        claims = super().get_claims(purpose, user, client, scopes, **more)
        return {**claims, **_live().standing.claims()}

    def populate_id_token(self, id_token: dict[str, Any], client: Any, scopes: Any, **more: Any):
        launch = _live().launch
        id_token["auth_time"] = int(launch.proved_at.timestamp())
        id_token["sid"] = str(launch.handle)

    def is_introspection_allowed(self, token: Token, *, caller_client: Client) -> bool:
        """Inactive is what has no launch that goes on."""
        context.request.live = marks.live(token.get_resources(), caller_client.id)
        return context.request.live is not None

    def populate_introspection_response(self, *, response: dict[str, Any], token: Token) -> None:
        found = _live()
        response |= {"aud": response["client_id"], "sid": str(found.launch.handle)}
        response |= found.standing.claims()

    def validate_resource_uris(self, *, uris: list[str], **more: Any) -> None:
        """The only resource is the launch, which the portal names itself."""
        if uris:
            raise InvalidTargetError

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """The addresses are the portal's own, whatever this request was sent to."""
        for name, url in _ADDRESSES.items():
            data[name] = settings.PUBLIC_URL + reverse(f"idp:oidc:{url}")
        data |= {
            "grant_types_supported": GRANT_TYPES,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "claims_supported": CLAIMS,
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "authorization_response_iss_parameter_supported": True,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }

    def list_private_keys(self, **conditions: Any) -> list[PrivateKey]:
        return token_keys.known(**conditions)

    def get_signing_key(self) -> PrivateKey:
        return token_keys.signer()


GRANT_TYPES = [
    Client.GrantType.AUTHORIZATION_CODE,
    Client.GrantType.REFRESH_TOKEN,
    Client.GrantType.DEVICE_CODE,
]
_ADDRESSES = {
    "authorization_endpoint": "authorization",
    "device_authorization_endpoint": "device_code",
    "end_session_endpoint": "logout",
    "introspection_endpoint": "introspect",
    "jwks_uri": "jwks",
    "revocation_endpoint": "revoke",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
}


def _live() -> Live:
    """The launch that this request is about; there is one wherever a token is made or told of."""
    return context.request.live
