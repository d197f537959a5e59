"""Reading an ID token: every check of OpenID Connect Core 1.0, 3.1.3.7."""

import hmac
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from forecourt.people import discovery
from forecourt.people.providers import IdentityProvider

#: Signatures with a public key alone: neither none nor a shared secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
LEEWAY = 60  # seconds that their clock and ours may differ
LONGEST_SUBJECT = 255  # letters (Core 1.0, 2)


def read(provider: IdentityProvider, token: Any, *, nonce: str | None) -> dict[str, Any]:
    """The token's claims, of which `iss` and `sub` are there; raises OAuth2Error for a token that
    is not this provider's, not for us, not of this conversation, or out of its time."""
    if not isinstance(token, str):
        raise OAuth2Error("The provider gave no ID token.")
    try:
        said: dict[str, Any] = jwt.decode(
            token,
            key=_key(provider, token),
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as problem:
        raise OAuth2Error("The ID token does not hold.") from problem
    _check(provider, said, nonce)
    return said


def _check(provider: IdentityProvider, said: dict[str, Any], nonce: str | None) -> None:
    tenant = said.get("tid")
    description = discovery.document(provider)
    expected = discovery.issuer_of(
        provider, description, tenant=tenant if isinstance(tenant, str) else None
    )
    if said["iss"] != expected:
        raise OAuth2Error("The ID token is another issuer's.")
    audience = said["aud"]
    if isinstance(audience, list) and len(audience) > 1 and said.get("azp") != provider.client_id:
        raise OAuth2Error("The ID token is for somebody else.")
    given = said.get("nonce")
    if not (nonce and isinstance(given, str) and hmac.compare_digest(nonce, given)):
        raise OAuth2Error("The ID token is of another conversation.")
    subject = said["sub"]
    if not (isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT):
        raise OAuth2Error("The ID token names nobody.")


def _key(provider: IdentityProvider, token: str) -> Any:
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise OAuth2Error("The ID token is not signed as it should be.")
    for again in (False, True):
        known = [key for key in discovery.keys(provider, again=again) if _may_sign(key)]
        named = [key for key in known if key.get("kid") == header.get("kid")]
        if not named and "kid" not in header and len(known) == 1:
            named = known  # A provider with one key need not name it (Core 1.0, 10.1).
        if named:
            return jwt.PyJWK(named[0], algorithm=named[0].get("alg") or header["alg"])
    raise OAuth2Error("The ID token is signed with an unknown key.")


def _may_sign(key: dict[str, Any]) -> bool:
    return key.get("use", "sig") == "sig"
