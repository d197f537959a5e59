"""Plans: what a product costs. They are the vendor's and belong to no organization."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod, Now


class Plan(models.Model):
    """A price of a product: so much a seat and interval, in minor units of a currency. It never
    changes, since subscriptions stand on it: another price is another plan."""

    class Interval(models.TextChoices):
        MONTH = "month"
        YEAR = "year"

    class TaxBehavior(models.TextChoices):
        EXCLUSIVE = "exclusive"
        INCLUSIVE = "inclusive"

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="plans")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    interval = models.CharField(max_length=5, choices=Interval)
    currency = models.CharField(max_length=3)
    unit_amount = models.BigIntegerField()
    #: The least amount of the currency that an invoice may show, in minor units (`money.step`).
    step = models.PositiveSmallIntegerField(default=1)
    tax_behavior = models.CharField(
        max_length=9, choices=TaxBehavior, default=TaxBehavior.EXCLUSIVE
    )
    is_offered = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="interval_is_known", condition=Q(interval__in=["month", "year"])
            ),
            models.CheckConstraint(
                name="tax_behavior_is_known",
                condition=Q(tax_behavior__in=["exclusive", "inclusive"]),
            ),
            models.CheckConstraint(
                name="currency_is_a_code", condition=Q(currency__regex="^[A-Z]{3}$")
            ),
            models.CheckConstraint(name="price_is_one", condition=Q(unit_amount__gte=0)),
            models.CheckConstraint(
                name="price_is_in_steps",
                condition=Q(step__in=[1, 10])
                & Q(unit_amount=F("unit_amount") - Mod("unit_amount", "step")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def months(self) -> int:
        """How many months an interval has."""
        return 12 if self.interval == self.Interval.YEAR else 1

    @property
    def is_inclusive(self) -> bool:
        """Whether tax is in the price already."""
        return self.tax_behavior == self.TaxBehavior.INCLUSIVE
