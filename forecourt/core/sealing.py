"""Keeping a secret in the database for the short time until it is mailed, and deriving tokens."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _keys(purpose: str) -> Iterator[bytes]:
    """One key per SECRET_KEY (the present one first) for this purpose alone: 32 bytes each."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield hmac.digest(secret.encode(), b"forecourt:" + purpose.encode(), "sha256")


def _boxes() -> list[Fernet]:
    return [Fernet(base64.urlsafe_b64encode(key)) for key in _keys("seal")]


def _box() -> MultiFernet:
    return MultiFernet(_boxes())


def seal(values: dict[str, Any]) -> bytes:
    """Encrypt a dictionary of plain values with the portal's own key."""
    return _box().encrypt(json.dumps(values).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """The dictionary that was sealed; raises InvalidToken when the key is no longer known."""
    return json.loads(_box().decrypt(bytes(sealed)))


def reseal(sealed: bytes) -> bytes | None:
    """The same under the present SECRET_KEY, or None where it is that already; raises InvalidToken
    when the key is no longer known."""
    try:
        _boxes()[0].decrypt(sealed)
    except InvalidToken:
        return _box().rotate(sealed)
    return None


def derive_tokens(purpose: str, *parts: object) -> Iterator[str]:
    """URL-safe tokens of 256 bits over `parts`, one for each known SECRET_KEY, newest first."""
    message = ":".join(map(str, parts)).encode()
    for key in _keys(purpose):
        yield base64.urlsafe_b64encode(hmac.digest(key, message, "sha256")).decode().rstrip("=")


def fingerprint(token: str) -> str:
    """What the database keeps of a token: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
