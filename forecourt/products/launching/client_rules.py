"""What holds for every program that signs people in: where it may send them, and its secret."""

import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.utils.translation import gettext as _

from forecourt.core.refusals import Gone, Refused
from forecourt.core.sealing import fingerprint
from forecourt.products.models import ProductClient

LONGEST_OVERLAP = 720  # hours
LONGEST = 300
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
SCOPES = ["openid", "profile", "email"]
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_DANGEROUS = {"javascript", "data", "vbscript", "file", "blob", "about"}


@dataclass(frozen=True)
class Addresses:
    """Where a program gets codes, sends people after signing out, begins signing in ("": not from
    the portal), and is told that somebody is signed out ("": it is not)."""

    redirect_uris: Collection[str] = ()
    logout_uris: Collection[str] = ()
    launch_url: str = ""
    logout_url: str = ""


def check(given: Addresses, *, name: str, is_public: bool, is_device: bool) -> None:
    """Raise Refused where something of it cannot be."""
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise Refused(_("A name of 1 to 100 letters."), field="name")
    if Client.objects.filter(name=name).exists():
        raise Refused(_("There is a client of this name."), field="name")
    if not given.redirect_uris and not is_device:
        raise Refused(_("It needs an address to send people back to."), field="redirect_uris")
    if is_device and not is_public:
        raise Refused(_("A program on a device can keep no secret: it is public."), field="public")
    _check_each(given.redirect_uris, "redirect_uris", allows_schemes=is_public)
    _check_each(given.logout_uris, "logout_uris", allows_schemes=is_public)
    _check_each(filter(None, [given.launch_url]), "launch_url")
    _check_each(filter(None, [given.logout_url]), "logout_url")


def _check_each(addresses: Iterable[str], field: str, *, allows_schemes: bool = False) -> None:
    for address in addresses:
        if not _is_good(address, allows_schemes):
            raise Refused(
                _("%(address)s: a whole address with https://, without fragment or user.")
                % {"address": address},
                field=field,
            )


def _is_good(address: str, allows_schemes: bool) -> bool:
    """https, http on the own machine, and for public clients a scheme of their own (RFC 8252, 7)."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if not is_plain or len(address) > LONGEST or "#" in address or "@" in parts.netloc:
        return False
    if parts.scheme == "https" or (parts.scheme == "http" and host in OWN_MACHINE):
        return bool(host) and "*" not in address and "\\" not in address
    is_own = bool(_SCHEME.fullmatch(parts.scheme)) and parts.scheme not in {"http", *_DANGEROUS}
    return allows_schemes and is_own


def made(
    name: str, given: Addresses, is_public: bool, is_device: bool, is_own: bool
) -> tuple[Client, str]:
    """allauth's row, not saved yet, and the secret ("" for a public client). Of 256 random bits a
    plain hash is enough, and each request of the program needs it."""
    secret = "" if is_public else secrets.token_urlsafe(32)
    client = Client(
        name=name.strip(),
        secret=fingerprint(secret) if secret else "!",
        type=Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL,
        skip_consent=is_own,
    )
    kinds = [Client.GrantType.AUTHORIZATION_CODE] if given.redirect_uris else []
    kinds += [Client.GrantType.DEVICE_CODE] if is_device else []
    client.set_grant_types([*kinds, Client.GrantType.REFRESH_TOKEN])
    client.set_scopes(SCOPES)
    client.default_scopes = "openid"
    client.set_redirect_uris(list(given.redirect_uris))
    client.set_post_logout_redirect_uris(list(given.logout_uris))
    return client, secret


def find(client_id: str) -> ProductClient:
    """A program by its client id; raises Gone."""
    found = ProductClient.objects.select_related("client", "product").filter(client_id=client_id)
    if not (client := found.first()):
        raise Gone
    return client
