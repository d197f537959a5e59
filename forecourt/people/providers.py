"""Who else may vouch for a person: the identity providers that the vendor has configured.

Each is spoken to by OpenID Connect (`people.openid`). They come from the settings, never from a
table, so that the sign-in page asks the database nothing. This module is read before Django is.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: What Microsoft's discovery document says where tenants differ; a token names the tenant itself.
MICROSOFT = "https://login.microsoftonline.com"
#: Those whose marks are among our icons, by their ids.
BRANDS = ("google", "microsoft")
GOOGLE = "https://accounts.google.com"
_IDS = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_KEYS = {"id", "name", "issuer", "client_id", "client_secret"}


@dataclass(frozen=True)
class IdentityProvider:
    """One of them. `id` stands in addresses and with each identity; `issuer` is the address below
    which its discovery document lies."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str

    @property
    def origin(self) -> str:
        """Where its pages are, for the policy that says where forms may lead."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def brand(self) -> str:
        """Whose mark and colors it is shown in; "" for none of ours."""
        return self.id if self.id in BRANDS else ""

    @property
    def icon(self) -> str:
        return icon_of(self.id)

    @property
    def vouches_for_addresses(self) -> bool:
        """Whether its word on an e-mail address counts. Microsoft's does not: whoever runs a
        tenant can write any address into an account of theirs."""
        return self.id != "microsoft" and not self.issuer.startswith(MICROSOFT)


def name_of(provider_id: str) -> str:
    """What people call a provider; its id where it is not configured any more."""
    from django.conf import settings  # Here, for the settings themselves read this module.

    names = {provider.id: provider.name for provider in settings.IDENTITY_PROVIDERS}
    return names.get(provider_id, provider_id)


def icon_of(provider_id: str) -> str:
    """A provider's mark, also where it is not configured any more."""
    return provider_id if provider_id in BRANDS else "log-in"


def google(client_id: str, client_secret: str) -> IdentityProvider:
    """Google itself."""
    return IdentityProvider("google", "Google", GOOGLE, client_id, client_secret)


def microsoft(client_id: str, client_secret: str, tenant: str) -> IdentityProvider:
    """Microsoft itself: the accounts of one tenant, of all, or everybody's ("common")."""
    return IdentityProvider(
        "microsoft", "Microsoft", f"{MICROSOFT}/{tenant}/v2.0", client_id, client_secret
    )


def configured(environment: Any) -> list[IdentityProvider]:
    """The providers of an installation's settings, in the order of the sign-in page."""
    found = []
    if environment.google_client_id:
        found.append(google(environment.google_client_id, environment.google_client_secret))
    if environment.microsoft_client_id:
        found.append(
            microsoft(
                environment.microsoft_client_id,
                environment.microsoft_client_secret,
                environment.microsoft_tenant,
            )
        )
    return found + environment.openid_providers


def parse(text: str) -> list[IdentityProvider]:
    """The providers of a JSON list of objects with id, name, issuer, client_id, client_secret;
    raises ValueError with a sentence that tells no secret."""
    try:
        given = json.loads(text)
    except ValueError:
        raise ValueError("it is not JSON.") from None
    if not isinstance(given, list):
        raise ValueError("it must be a list of objects.")
    found = [_one(entry, number) for number, entry in enumerate(given, start=1)]
    if len({provider.id for provider in found}) < len(found):
        raise ValueError("two providers have the same id.")
    return found


def _one(entry: Any, number: int) -> IdentityProvider:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise ValueError(f"provider {number} needs exactly {', '.join(sorted(_KEYS))}.")
    if not all(isinstance(value, str) and value.strip() for value in entry.values()):
        raise ValueError(f"provider {number} has an empty value, or one that is no text.")
    provider = IdentityProvider(**{key: value.strip() for key, value in entry.items()})
    if not _IDS.fullmatch(provider.id):
        raise ValueError(f"provider {number}: an id is made of a-z, 0-9 and hyphens.")
    if not _is_issuer(provider.issuer):
        raise ValueError(f"provider {number}: an issuer is an https address without a query.")
    return provider


def _is_issuer(text: str) -> bool:
    """An issuer is an https address (OpenID Connect Discovery 1.0, 3); http for one's own machine."""
    try:
        parts = urlsplit(text)
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and here)
    return bool(secure and parts.hostname and not (parts.query or parts.fragment or parts.username))
