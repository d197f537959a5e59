"""What a provider knows and promises: its key, who asked, codes, tokens, and what it says of a
person. OpenID Connect Core 1.0 (code flow), RFC 7636 (PKCE, S256 alone), RFC 9207 (iss)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CODE_SECONDS = 60
TOKEN_SECONDS = 300
#: The one customer of the sample Microsoft.
TENANT = "5a9d1c3e-7f04-4b62-9d5e-2c8b71e0f6a4"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")

Claims = dict[str, Any]


class Unwelcome(Exception):
    """A request that names no client of ours, or an address that is not the client's: it gets a
    page with this sentence, and is sent nowhere."""


class Denied(Exception):
    """A request of a known client that cannot be done; `code` is the protocol's word for it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """What a client wants to know, and where it waits for the answer."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    hint: str = ""
    tells_time: bool = False  # It set max_age: it wants to know when the person signed in.


@dataclass(frozen=True)
class Grant:
    """A person said yes: what a code, and then a token, stands for; `until` in seconds."""

    asked: Asked
    email: str
    name: str
    until: float


@dataclass
class Provider:
    """One issuer with one client. `issuer` is its address; a `tenant` makes it Microsoft's kind,
    which vouches for no address."""

    id: str
    name: str
    issuer: str
    redirect_uri: str
    tenant: str = ""
    client_id: str = field(default_factory=lambda: f"forecourt-{secrets.token_hex(8)}")
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        self.kid = secrets.token_urlsafe(12)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._lock = threading.Lock()
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}
        self._spent: dict[str, str] = {}  # Which token a code brought.

    def settings(self) -> dict[str, str]:
        """What the portal has to know, as OPENID_PROVIDERS wants it."""
        names = ("id", "name", "issuer", "client_id", "client_secret")
        return {name: getattr(self, name) for name in names}

    def discovery(self) -> Claims:
        """The document below /.well-known/openid-configuration."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def keys(self) -> Claims:
        """The public key, as a JSON Web Key Set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def read(self, query: Mapping[str, str]) -> Asked:
        """Understand a request for a sign-in; raises Unwelcome, or Denied with the client told."""
        if query.get("client_id") != self.client_id:
            raise Unwelcome("The client is not known here.")
        if query.get("redirect_uri") != self.redirect_uri:
            raise Unwelcome("The address to return to is not one that this client registered.")
        if query.get("response_type") != "code":
            raise Denied("unsupported_response_type", "Only codes are given here.")
        if "openid" not in query.get("scope", "").split():
            raise Denied("invalid_scope", "The scope has to name openid.")
        challenge = query.get("code_challenge", "")
        if query.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
            raise Denied("invalid_request", "A code challenge by S256 is required.")
        return Asked(
            redirect_uri=self.redirect_uri,
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            challenge=challenge,
            hint=query.get("login_hint", ""),
            tells_time="max_age" in query,
        )

    def grant(self, asked: Asked, email: str, name: str) -> str:
        """Somebody said yes; returns the code."""
        code, now = secrets.token_urlsafe(32), time.time()
        with self._lock:
            self._codes = {key: each for key, each in self._codes.items() if each.until > now}
            self._codes[code] = Grant(asked, email, name, now + CODE_SECONDS)
        return code

    def answer(self, state: str, told: dict[str, str]) -> dict[str, str]:
        """What the client is told, with its own word and who says it."""
        return {**told, **({"state": state} if state else {}), "iss": self.issuer}

    def redeem(self, form: Mapping[str, str], client: tuple[str, str]) -> Claims:
        """Give tokens for a code, once; `client` is the id and secret that came with it."""
        ours = f"{self.client_id} {self.client_secret}".encode()
        if not hmac.compare_digest(" ".join(client).encode(), ours):
            raise Denied("invalid_client", "The client's id or secret is wrong.")
        if form.get("grant_type") != "authorization_code":
            raise Denied("unsupported_grant_type", "Only codes are taken here.")
        grant = self._take(form.get("code", ""))
        verifier = form.get("code_verifier", "")
        if grant.asked.redirect_uri != form.get("redirect_uri"):
            raise Denied("invalid_grant", "The code was asked for with another address.")
        if not VERIFIER.fullmatch(verifier) or _challenge(verifier) != grant.asked.challenge:
            raise Denied("invalid_grant", "The verifier does not fit the challenge.")
        token = secrets.token_urlsafe(32)
        now = time.time()
        with self._lock:
            self._tokens = {key: each for key, each in self._tokens.items() if each.until > now}
            self._tokens[token] = Grant(grant.asked, grant.email, grant.name, now + TOKEN_SECONDS)
            self._spent[form["code"]] = token
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid profile email",
            "id_token": self.sign(self.claims(grant)),
        }

    def _take(self, code: str) -> Grant:
        """The code's grant, which is gone then; a second try ends the first one's token."""
        with self._lock:
            grant = self._codes.pop(code, None)
            self._tokens.pop(self._spent.get(code, ""), None)
        if grant is None or grant.until < time.time():
            raise Denied("invalid_grant", "The code is not known, was used, or is too old.")
        return grant

    def userinfo(self, token: str) -> Claims:
        """What is known of the person that an access token stands for."""
        with self._lock:
            grant = self._tokens.get(token)
        if grant is None or grant.until < time.time():
            raise Denied("invalid_token", "The token is not known, or is too old.")
        return self.person(grant)

    def subject(self, email: str) -> str:
        """The person's name for ever: the same for the same address."""
        digest = hashlib.sha256(f"{self.issuer} {email.lower()}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def person(self, grant: Grant) -> Claims:
        """The claims about a person."""
        known = {"sub": self.subject(grant.email), "email": grant.email}
        if grant.name:
            known["name"] = grant.name
        return known if self.tenant else {**known, "email_verified": True}

    def claims(self, grant: Grant) -> Claims:
        """All that the ID token says."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + TOKEN_SECONDS}
        said |= self.person(grant)
        if grant.asked.nonce:
            said["nonce"] = grant.asked.nonce
        if grant.asked.tells_time:
            said["auth_time"] = now
        if self.tenant:
            oid = str(uuid.uuid5(uuid.UUID(self.tenant), grant.email.lower()))
            said |= {"ver": "2.0", "tid": self.tenant, "oid": oid}
            said["preferred_username"] = grant.email
        return said

    def sign(self, claims: Claims) -> str:
        """The ID token."""
        return jwt.encode(claims, self.key, "RS256", headers={"kid": self.kid})


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def as_setting(providers: list[Provider]) -> str:
    """The value of OPENID_PROVIDERS."""
    return json.dumps([provider.settings() for provider in providers])
