"""What staff keep about customers, and customers do not see."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from forecourt.orgs.models import Organization


class Note(models.Model):
    """What one of the staff wrote down about a customer."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    author = models.CharField(max_length=320)
    text = models.CharField(max_length=4_000)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.author


class PrimaryMove(models.Model):
    """That one of the staff wants somebody else to be a customer's primary billing contact (O12). It
    happens once another of them has confirmed it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500)
    # By value: the person may be staff no more by then.
    asked_by = models.BigIntegerField()
    asked_by_label = models.CharField(max_length=320)
    asked_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], name="one_primary_move", condition=Q(closed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.email
