"""What an identity provider says about itself: its addresses and its keys (OpenID Connect
Discovery 1.0). Kept for an hour, so that signing in does not wait for it."""

import json
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache
from requests import RequestException

from forecourt.people.providers import IdentityProvider

KEPT = 3_600  # seconds
#: How soon keys are asked for again because a token names one that we do not know.
KEYS_AGAIN = 60
LONGEST = 500_000  # bytes of an answer
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def document(provider: IdentityProvider) -> dict[str, Any]:
    """The provider's own description; raises OAuth2Error where there is none that fits."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _get(address, f"openid:{address}", KEPT)
    if not all(isinstance(found.get(key), str) for key in _NEEDED):
        raise OAuth2Error("The provider's description lacks something.")
    if issuer_of(provider, found, tenant=None) is None:
        raise OAuth2Error("The provider's description names another issuer.")
    return found


def keys(provider: IdentityProvider, *, again: bool = False) -> list[dict[str, Any]]:
    """The provider's public keys; `again`: newer than a minute, for a token that names a new one."""
    address = document(provider)["jwks_uri"]
    name = f"openid-keys:{address}"
    if again and cache.add(f"{name}:again", 1, KEYS_AGAIN):
        cache.delete(name)
    found = _get(address, name, KEPT).get("keys")
    return [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []


def issuer_of(
    provider: IdentityProvider, description: dict[str, Any], *, tenant: str | None
) -> str | None:
    """The issuer that a token of this provider must name, None where the description is not this
    provider's. Microsoft's description for many tenants has a place for the tenant, which each
    token names itself."""
    issuer = description["issuer"]
    if not isinstance(issuer, str):
        return None
    if "{tenantid}" in issuer and not provider.vouches_for_addresses:
        return issuer.replace("{tenantid}", tenant) if tenant else issuer
    return issuer if issuer.rstrip("/") == provider.issuer.rstrip("/") else None


def check_issuer(provider: IdentityProvider, said: str | None) -> None:
    """Refuse an answer of another provider than the one asked (RFC 9207, 2.4); raises
    OAuth2Error."""
    description = document(provider)
    if said is None:
        if description.get("authorization_response_iss_parameter_supported") is True:
            raise OAuth2Error("The answer does not say who gives it.")
        return
    if "{tenantid}" not in description["issuer"] and said != description["issuer"]:
        raise OAuth2Error("The answer is another provider's.")


def _get(address: str, name: str, seconds: int) -> dict[str, Any]:
    found = cache.get(name)
    if found is None:
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(address, allow_redirects=False)
                answer.raise_for_status()
                if len(answer.content) > LONGEST:
                    raise OAuth2Error("The provider's answer is too long.")
                found = answer.json()
        except (RequestException, json.JSONDecodeError, ValueError) as problem:
            raise OAuth2Error("The provider cannot be reached.") from problem
        if not isinstance(found, dict):
            raise OAuth2Error("The provider's answer cannot be read.")
        cache.set(name, found, seconds)
    return found
