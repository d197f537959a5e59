"""Launching: which programs sign people in through the portal, and who has signed in where."""

import uuid
from hmac import compare_digest
from typing import ClassVar, Self

from allauth.core.internal.jwkkit import load_jwk_from_pem
from allauth.idp.oidc.models import Client
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from forecourt.core.sealing import fingerprint, seal, unseal
from forecourt.orgs.models import Membership, Organization
from forecourt.products.models.catalog import Product

#: RFC 7518, 3.3, wants 2048 bits at least.
BITS = 2048


class ProductClient(models.Model):
    """A program that signs people in through the portal: an OpenID client (allauth's row holds its
    id, secret and addresses), and the product that it belongs to."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="of_product")
    # None: it is for every member of every organization, whatever they have licensed.
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="clients"
    )
    # Where signing in begins (OpenID Connect Core 1.0, 4: initiate_login_uri); "": not from here.
    launch_url = models.CharField(max_length=300, blank=True)
    # Where it is told that somebody is signed out (Back-Channel Logout 1.0); "": it is not.
    logout_url = models.CharField(max_length=300, blank=True)
    # The secret before the present one, hashed, while both work.
    former_secret = models.CharField(max_length=200, blank=True)
    former_until = models.DateTimeField(null=True)
    # From then on nobody signs in by it.
    disabled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="former_secret_has_an_end",
                condition=Q(former_secret="", former_until=None)
                | (~Q(former_secret="") & Q(former_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.client.name

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def is_own(self) -> bool:
        """Whether it is the vendor's own, so that nobody is asked before it learns who they are."""
        return self.client.skip_consent

    def knows(self, secret: str) -> bool:
        """Whether this is its secret, or the former one in its last days."""
        given = fingerprint(secret)
        if compare_digest(given, self.client.secret):
            return True
        overlaps = self.former_until is not None and self.former_until > timezone.now()
        return overlaps and compare_digest(given, self.former_secret)


class Launch(models.Model):
    """That a person signed in to a product, for one organization. Every code and token of it names
    this row, and is worth nothing once it has ended."""

    # The session's name to the product (`sid`), and in the tokens' rows.
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(ProductClient, on_delete=models.PROTECT, related_name="launches")
    # (Their account may be deleted where no organization is in scope: the database takes it along.)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="launches",
    )
    # None once they are no member any more.
    member = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="launches"
    )
    # The browser's session in the portal. The database empties it when that ends (see the
    # migration); a device has none from the beginning.
    session = models.ForeignKey(
        "people.Session", on_delete=models.DO_NOTHING, null=True, db_constraint=False
    )
    is_device = models.BooleanField(default=False)
    # When they last proved who they are, in that session (`auth_time`).
    proved_at = models.DateTimeField()
    # The role that the product was told last.
    role = models.CharField(max_length=10)
    scopes = models.CharField(max_length=300)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "id"], name="launch_in_organization"),
            models.CheckConstraint(
                name="a_device_has_no_session", condition=Q(is_device=False) | Q(session=None)
            ),
            # So that pressing Open twice is one sign-in.
            models.UniqueConstraint(
                fields=["session", "client", "organization"],
                name="open_launch_once",
                condition=Q(ended_at=None, session__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization"], name="launches_open", condition=Q(ended_at=None)),
            models.Index(
                fields=["user", "client"], name="launches_of_a_person", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        # As the audit log labels it: the address alone, which it can forget.
        return self.user.email

    @property
    def is_open(self) -> bool:
        """Whether it goes on: not ended, of a member, and its browser still signed in."""
        has_session = self.is_device or self.session_id is not None
        return self.ended_at is None and self.member_id is not None and has_session


class TokenKey(models.Model):
    """An RSA key pair that signs ID tokens (RS256). One signs; the next is published before it
    does, and those before it until nothing needs them any more."""

    # The key's thumbprint (RFC 7638), which tokens name it by.
    kid = models.CharField(max_length=43, unique=True)
    # The private half, sealed.
    private = models.BinaryField()
    signs_from = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_token_key_without_end",
                fields=["ends_at"],
                condition=Q(ends_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    @classmethod
    def new(cls) -> Self:
        """A new pair that signs from now on, not saved yet."""
        made = rsa.generate_private_key(public_exponent=65_537, key_size=BITS)
        form, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        pem = made.private_bytes(form, shape, serialization.NoEncryption()).decode()
        kid = load_jwk_from_pem(pem)[0]["kid"]
        return cls(kid=kid, private=seal({"private": pem}), signs_from=timezone.now())

    def opened(self) -> str:
        """The private half as PEM; raises InvalidToken when SECRET_KEY was lost."""
        return unseal(bytes(self.private))["private"]
