"""A program that signs people in through the portal, as tests play one."""

import base64
import functools
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from django.test import Client
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.orgs.models import Membership
from forecourt.products.actions import add_client
from forecourt.products.models import License, Product, Seat, TokenKey
from tests.cast import organization

BACK = "https://connect.lumen.example/callback"
START = "https://connect.lumen.example/sign-in"
AFTER = "https://connect.lumen.example/"
ADMIN, BOTH = "admin@globex.example", "both@example.com"


def challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def entitle(
    slug: str, *addresses: str, product: str = "connect", seats: int | None = 10
) -> License:
    """A license of the organization, with a seat for each of these members."""
    house = organization(slug)
    granted, _is_new = License.objects.get_or_create(
        organization=house,
        product=Product.objects.get(slug=product),
        defaults={"plan": "Team", "seats": seats, "starts_at": timezone.now()},
    )
    members = Membership.objects.filter(organization=house, user__email__in=addresses)
    for member in members:
        Seat.objects.get_or_create(organization=house, license=granted, member=member)
    scope.clear()
    return granted


@dataclass
class Program:
    """A client of the portal: what it asks, and what it got."""

    client_id: str
    secret: str
    http: Client = field(default_factory=Client)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(40))

    def asks(self, **more: str | None) -> str:
        """The address that it sends people to; None takes a parameter out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile email",
            "state": "of-the-program",
            "nonce": "once",
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
            **more,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return f"/identity/o/authorize?{urlencode(given)}"

    def code(self, browser: Client, **more: str | None) -> str:
        """Have a browser sign in, and get a code."""
        answer = browser.get(self.asks(**more))
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return query_of(answer["Location"])["code"]

    def post(self, path: str, **values: str | None) -> Any:
        """Ask the portal, with the program's own name."""
        named = {"client_id": self.client_id, "client_secret": self.secret or None, **values}
        sent = {name: value for name, value in named.items() if value is not None}
        form = "application/x-www-form-urlencoded"
        return self.http.post(f"/identity/o/api/{path}", urlencode(sent), content_type=form)

    def redeem(self, code: str, **more: str | None) -> Any:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return self.post("token", **{**asked, "code_verifier": self.verifier, **more})

    def refresh(self, token: str, **more: str | None) -> Any:
        return self.post("token", grant_type="refresh_token", refresh_token=token, **more)

    def tokens(self, browser: Client, **more: str | None) -> dict[str, Any]:
        """The whole way."""
        answer = self.redeem(self.code(browser, **more))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def is_active(self, token: str) -> bool:
        return self.post("introspect", token=token).json()["active"]

    def knows(self, access_token: str) -> Any:
        """What the portal says of whose token it is."""
        return self.http.get(
            "/identity/o/api/userinfo", headers={"Authorization": f"Bearer {access_token}"}
        )

    def read(self, id_token: str) -> dict[str, Any]:
        """An ID token, its signature checked with the published key."""
        keys = jwt.PyJWKSet.from_dict(self.http.get("/.well-known/jwks.json").json())
        kid = jwt.get_unverified_header(id_token)["kid"]
        issuer = self.http.get("/.well-known/openid-configuration").json()["issuer"]
        return jwt.decode(
            id_token, keys[kid].key, algorithms=["RS256"], audience=self.client_id, issuer=issuer
        )


@functools.cache
def _key() -> dict[str, Any]:
    """One key for all tests of this process: to make one takes longer than most of them."""
    made = TokenKey.new()
    return {name: getattr(made, name) for name in ("kid", "private", "signs_from")}


def program(**more: Any) -> Program:
    """A client of the product Connect."""
    if not TokenKey.objects.exists():
        TokenKey.objects.create(**_key())
    asked: dict[str, Any] = {
        "name": "Connect",
        "product": "connect",
        "redirect_uris": [BACK],
        "logout_uris": [AFTER],
        "launch_url": START,
    }
    made = add_client(System(), **{**asked, **more})
    return Program(made.client.client_id, made.secret)
