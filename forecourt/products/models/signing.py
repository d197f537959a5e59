"""The keys that license files are signed with. They are the vendor's, so they have no
organization."""

import base64
import datetime as dt
import hashlib
import json
from typing import ClassVar, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from forecourt.core.sealing import seal, unseal

#: The longest that a license file is valid after it was issued, and then in grace, in days.
LONGEST, LONGEST_GRACE = 366, 90
#: How long a retired key is published: no file that it signed can be valid any more after that.
#: (The day more is for what was being signed when it was retired.)
PUBLISHED = dt.timedelta(days=LONGEST + LONGEST_GRACE + 1)


class SigningKey(models.Model):
    """An Ed25519 key pair (RFC 8032). One signs; those before it are published on, without their
    private half, until nothing that they signed is valid any more."""

    # The key's thumbprint (RFC 7638), which programs know it by.
    kid = models.CharField(max_length=43, unique=True)
    # 32 bytes, in URL-safe base 64 without padding.
    public = models.CharField(max_length=43, unique=True)
    # Sealed; null once it is retired.
    private = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_key_signs",
                fields=["retired_at"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="who_signs_has_the_private_half",
                condition=Q(retired_at=None, private__isnull=False)
                | Q(retired_at__isnull=False, private=None),
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    @classmethod
    def new(cls) -> Self:
        """A new one from the operating system's random numbers, not stored yet."""
        private = Ed25519PrivateKey.generate()
        public = written(private.public_key().public_bytes_raw())
        sealed = seal({"private": written(private.private_bytes_raw())})
        return cls(kid=thumbprint(public), public=public, private=sealed)

    @classmethod
    def published(cls) -> "QuerySet[Self]":
        """Those that products may still need, the one that signs first."""
        since = timezone.now() - PUBLISHED
        needed = Q(retired_at=None) | Q(retired_at__gt=since)
        return cls.objects.filter(needed).order_by(F("retired_at").desc(nulls_first=True))

    def opened(self) -> Ed25519PrivateKey:
        """The private half; raises InvalidToken when SECRET_KEY was lost."""
        raw = unseal(bytes(self.private or b""))["private"]
        return Ed25519PrivateKey.from_private_bytes(_read(raw))

    def jwk(self) -> dict[str, str]:
        """The public half as RFC 8037 has it."""
        return {**_members(self.public), "kid": self.kid, "use": "sig"}

    def pem(self) -> str:
        """The public half as openssl reads it (RFC 8410)."""
        form, info = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        key = Ed25519PublicKey.from_public_bytes(_read(self.public))
        return key.public_bytes(form, info).decode()


def thumbprint(public: str) -> str:
    """The name of a public key that everybody gets who computes it: RFC 7638, SHA-256."""
    text = json.dumps(_members(public), separators=(",", ":"), sort_keys=True)
    return written(hashlib.sha256(text.encode()).digest())


def written(raw: bytes) -> str:
    """URL-safe base 64 without padding, as JSON Web Keys have it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _members(public: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": public}
