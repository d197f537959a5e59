"""Licenses: what an organization may use, by which key, and who has its seats.

A license knows nothing of money. Whoever sells (the room `billing`, the vendor's staff) grants,
extends and ends it by the plain functions of `products.licenses`.
"""

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from forecourt.orgs.models import Membership, Organization
from forecourt.products.keys import mask
from forecourt.products.models.catalog import Product, Release


class License(models.Model):
    """That an organization may use a product, from one moment until another (None: for ever).

    Its releases: all that were published before it ended, or are, while it runs.
    """

    class Status(models.TextChoices):
        """Whether it is in force; `suspended` by the vendor for a while, say over a payment."""

        ACTIVE = "active"
        SUSPENDED = "suspended"

    # Its name in license files and to programs.
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # (Two indexes below begin with these.)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False, related_name="licenses"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="licenses"
    )
    # As the customer knows it: "Per admin, yearly".
    plan = models.CharField(max_length=80)
    # None: as many as they like.
    seats = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    # Whether it is meant to go on at its end, so that pages say "renews" instead of "ends".
    renews = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            # What the composite keys of its keys and seats point to (see the migration).
            models.UniqueConstraint(fields=["organization", "id"], name="license_in_organization"),
            models.CheckConstraint(
                name="license_status_is_known", condition=Q(status__in=["active", "suspended"])
            ),
            models.CheckConstraint(
                name="license_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="what_renews_has_an_end", condition=Q(renews=False) | Q(ends_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "organization"], name="licenses_of_a_product"),
            models.Index(
                fields=["ends_at"], name="licenses_by_end", condition=Q(ends_at__isnull=False)
            ),
            models.Index(fields=["id"], name="licenses_suspended", condition=Q(status="suspended")),
            # Few beside those that go on.
            models.Index(
                fields=["ends_at", "id"],
                name="licenses_ending",
                condition=Q(renews=False, status="active"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.name}, {self.plan}"

    @property
    def has_ended(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def is_upcoming(self) -> bool:
        return self.starts_at > timezone.now()

    @property
    def is_suspended(self) -> bool:
        """By itself. With its organization it is not in force either, and stays as it is."""
        return self.status == self.Status.SUSPENDED

    @property
    def is_stopped(self) -> bool:
        """By itself or with its organization, whose row has to be read with it (the same as
        `not_stopped` denies of a query)."""
        return self.is_suspended or self.organization.is_suspended

    @classmethod
    def not_stopped(cls) -> Q:
        """Those that are suspended neither by themselves nor with their organization."""
        return Q(status=cls.Status.ACTIVE, organization__suspended_at=None)

    @property
    def is_valid(self) -> bool:
        """Whether the product may be used by it now."""
        return not (self.is_stopped or self.is_upcoming or self.has_ended)

    @classmethod
    def in_force(cls) -> models.QuerySet["License"]:
        """Those that are valid now (the same as `is_valid`, for a query)."""
        lasting = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
        return cls.objects.filter(lasting, cls.not_stopped(), starts_at__lte=timezone.now())

    def covers(self, release: Release) -> bool:
        """Whether it entitles to this release: it runs, or it ran when that was published. What
        was withdrawn, nobody gets."""
        if self.is_stopped or self.is_upcoming or release.withdrawn_at is not None:
            return False
        last = min(filter(None, (self.ends_at, timezone.now())))
        return release.published_at <= last

    def days_left(self) -> int | None:
        """Days until it ends, the begun one counted; 0 when it has, None where it never does."""
        if self.ends_at is None:
            return None
        return max(0, -((timezone.now() - self.ends_at) // dt.timedelta(days=1)))


class LicenseKey(models.Model):
    """What a product is unlocked with. One is the license's present key (`works_until` is None);
    those before it work on for the days of the rotation's overlap.

    Kept in clear: it has to be shown again, and losing SECRET_KEY must lose no customer's key.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=120, unique=True)
    works_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["license"], name="one_present_key", condition=Q(works_until=None)
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return mask(self.key)


class Seat(models.Model):
    """That a member uses one of a license's seats. It goes with the membership."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="seats_taken")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="seats")
    assigned_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["license", "member"], name="seat_once"),
        ]

    def __str__(self) -> str:
        # As the audit log labels it: the address alone, which it can forget.
        return str(self.member)
