"""That the end of a license was told: once for each notice and end, whatever the workers go through."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from forecourt.orgs.models import Organization
from forecourt.products.models.licenses import License


class LicenseNotice(models.Model):
    """That an organization was told that its license ends in so many days (0: that it has ended),
    or that this was no news to it. With another end it is told anew."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="notices")
    days = models.PositiveSmallIntegerField()
    # The license's end at that time.
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["license", "ends_at", "days"], name="notice_once"),
            models.CheckConstraint(name="notice_is_one", condition=Q(days__in=[60, 30, 7, 0])),
        ]

    def __str__(self) -> str:
        return f"{self.days} days' notice"
