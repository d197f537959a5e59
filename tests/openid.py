"""Local identity providers for the tests: honest ones, which can be told to misbehave.

`openid` starts them and configures the portal with them; `openid.bend("google", "wrong nonce")`
makes one of them lie until the end of the test; `walk()` goes the whole way of a person.
"""

from collections.abc import Callable, Iterator

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.urls import reverse

from forecourt.demo.openid import server
from forecourt.demo.openid.provider import Claims, Provider
from forecourt.people import providers

PORTAL = "http://testserver"
ELSEWHERE = "https://accounts.elsewhere.example"
OTHER_TENANT = "00000000-7f04-4b62-9d5e-2c8b71e0f6a4"
Change = Callable[[Provider, Claims], Claims]


def _set(**values: object) -> Change:
    return lambda provider, said: {**said, **values}


def _without(*names: str) -> Change:
    return lambda provider, said: {name: said[name] for name in said if name not in names}


def _other_tenant(provider: Provider, said: Claims) -> Claims:
    issuer = provider.issuer.replace(provider.tenant, OTHER_TENANT)
    return {**said, "iss": issuer, "tid": OTHER_TENANT}


def _shifted(seconds: int) -> Change:
    return lambda provider, said: {
        **said,
        "iat": said["iat"] + seconds,
        "exp": said["exp"] + seconds,
    }


#: Lies in the ID token, each of which has to end the sign-in.
BAD_TOKENS: dict[str, Change] = {
    "wrong issuer": _set(iss=ELSEWHERE),
    "no issuer": _without("iss"),
    "wrong audience": _set(aud="another-client"),
    "audience of two": lambda provider, said: {**said, "aud": [said["aud"], "another-client"]},
    "no audience": _without("aud"),
    "wrong nonce": _set(nonce="of-another-conversation"),
    "no nonce": _without("nonce"),
    "expired": _shifted(-7_200),
    "no expiry": _without("exp"),
    "no subject": _without("sub"),
    "subject that is a number": _set(sub=7),
}
#: The same, for Microsoft alone.
BAD_TENANTS: dict[str, Change] = {"other tenant": _other_tenant}
#: Words about the address that prove nothing: (in the ID token and in the answer about the person).
DOUBTS: dict[str, Change] = {
    "unverified": _set(email_verified=False),
    "not said to be verified": _without("email_verified"),
    "verified as text": _set(email_verified="true"),
    "verified as a number": _set(email_verified=1),
    "no address": _without("email", "email_verified"),
}
#: Lies in the answer about the person, which is asked for where the ID token has no address.
BAD_PERSONS: dict[str, Change] = {
    "another person": _set(sub="somebody-else"),
    "nobody": _without("sub"),
}
#: Signatures that prove nothing.
BAD_SIGNATURES = ("unsigned", "by the secret", "by the public key", "unknown key", "forged")
#: Answers to the browser: with a code that was used before; in the name of another issuer, or of
#: none (RFC 9207).
BAD_ANSWERS = ("used code", "another's answer", "nobody's answer")
#: Found out before the person leaves the portal.
BAD_DESCRIPTIONS = ("another's description",)
#: Every way to misbehave that `bend` knows.
KINDS = {*BAD_TOKENS, *BAD_TENANTS, *DOUBTS, *BAD_PERSONS, *BAD_SIGNATURES, *BAD_ANSWERS}
KINDS |= {*BAD_DESCRIPTIONS}

#: Who somebody is for a provider, where a test wants it: (provider's id, address) → subject.
SUBJECTS: dict[tuple[str, str], str] = {}


class Bendable(Provider):
    """A provider that does as a test says: `bent` is the kind of lie, empty for none."""

    bent: str = ""

    def discovery(self) -> Claims:
        found = super().discovery()
        if self.bent == "another's description":
            found["issuer"] = ELSEWHERE
        return found

    def subject(self, email: str) -> str:
        return SUBJECTS.get((self.id, email)) or super().subject(email)

    def person(self, grant) -> Claims:
        said = super().person(grant)
        return DOUBTS[self.bent](self, said) if self.bent in DOUBTS else said

    def userinfo(self, token: str) -> Claims:
        change = BAD_PERSONS.get(self.bent, lambda provider, said: said)
        return change(self, super().userinfo(token))

    def claims(self, grant) -> Claims:
        said = super().claims(grant)
        if self.bent in BAD_PERSONS:
            said = _without("email", "email_verified")(self, said)
        change = {**BAD_TOKENS, **BAD_TENANTS}.get(self.bent, lambda provider, said: said)
        return change(self, said)

    def sign(self, claims: Claims) -> str:
        match self.bent:
            case "unsigned":
                return jwt.encode(claims, None, "none", headers={"kid": self.kid})
            case "by the secret":
                return jwt.encode(claims, self.client_secret, "HS256", headers={"kid": self.kid})
            case "by the public key":
                return _by_public_key(self, claims)
            case "unknown key":
                return jwt.encode(claims, self.key, "RS256", headers={"kid": "unknown"})
            case "forged":
                key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
                return jwt.encode(claims, key, "RS256", headers={"kid": self.kid})
        return super().sign(claims)

    def answer(self, state: str, told: dict[str, str]) -> dict[str, str]:
        said = super().answer(state, told)
        if self.bent == "another's answer":
            said["iss"] = ELSEWHERE
        elif self.bent == "nobody's answer":
            del said["iss"]
        return said

    def grant(self, asked, email: str, name: str) -> str:
        code = super().grant(asked, email, name)
        if self.bent == "used code":
            self._take(code)
        return code


def _by_public_key(provider: Provider, claims: Claims) -> str:
    """HS256 with the public key as the secret; PyJWT refuses to make it, so by hand."""
    public = provider.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    token = jwt.encode(claims, "x" * 32, "HS256", headers={"kid": provider.kid})
    content = token.rpartition(".")[0]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        content.encode(), public
    )
    return f"{content}.{jwt.utils.base64url_encode(signature).decode()}"


class OpenID:
    """The running providers: Google's and Microsoft's stand-ins, and a third, "other"."""

    def __init__(self) -> None:
        third = ("other", "Other ID", "/other", "")
        self.server = server.StandIns(PORTAL, make=Bendable, stand_ins=[*server.STAND_INS, third])
        self.server.start()
        self.be_honest()

    def __getitem__(self, provider_id: str) -> Bendable:
        return next(each for each in self.server.providers if each.id == provider_id)

    @property
    def configured(self) -> list[providers.IdentityProvider]:
        """What settings.IDENTITY_PROVIDERS has to be."""
        return providers.parse(self.server.setting)

    def be_honest(self) -> None:
        """Forget every lie and every subject that a test has set."""
        for provider in self.server.providers:
            provider.bent = ""
        SUBJECTS.clear()

    def bend(self, provider_id: str, how: str) -> None:
        """From now on this provider lies in this way."""
        assert how in KINDS, how
        self[provider_id].bent = how
        cache.clear()  # The portal remembers descriptions and keys.

    def uid(self, provider_id: str, email: str) -> str:
        """SocialAccount.uid of whoever has this address there."""
        provider = self[provider_id]
        return f"{provider.issuer} {provider.subject(email)}"


@pytest.fixture(scope="session")
def openid_server() -> Iterator[OpenID]:
    running = OpenID()
    yield running
    running.server.stop()


@pytest.fixture
def openid(openid_server, settings) -> Iterator[OpenID]:
    """The portal knows three providers, which are honest until a test says otherwise."""
    settings.IDENTITY_PROVIDERS = openid_server.configured
    yield openid_server
    openid_server.be_honest()


def depart(client, provider_id: str, *, next: str = "", process: str = "login"):
    """Press the provider's button; the portal's answer, whose Location is the provider's page."""
    address = reverse("openid_connect_login", args=[provider_id])
    return client.post(address, {"process": process, **({"next": next} if next else {})})


def consent(location: str, email: str = "", name: str = "", **form: str) -> str:
    """Be somebody at the provider (or `cancel="1"`); the path that the browser is sent back to."""
    assert location.startswith("http://localhost:"), location
    page = requests.get(location, timeout=5)
    assert page.status_code == 200, page.text
    values = form or {"email": email, "name": name}
    back = requests.post(location, values, allow_redirects=False, timeout=5)
    assert back.status_code == 303, back.text
    assert back.headers["Location"].startswith(PORTAL + "/")
    return back.headers["Location"].removeprefix(PORTAL)


def walk(
    client,
    provider_id: str,
    email: str,
    name: str = "Ada Newell",
    next: str = "",
    process: str = "login",
    subject: str | None = None,
):
    """From the portal's button to the provider and back; the portal's answer to the callback.
    `subject`: who that is for the provider, where the address alone should not say it."""
    if subject is not None:
        SUBJECTS[provider_id, email] = subject
    left = depart(client, provider_id, next=next, process=process)
    assert left.status_code in (302, 303), left.content.decode()[:2000]
    return client.get(consent(left["Location"], email, name))
