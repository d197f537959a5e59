"""Subscriptions: what an organization pays for."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from forecourt.billing import periods
from forecourt.billing.models.plans import Plan


class Provider(models.TextChoices):
    """Who runs a subscription and collects its money."""

    INVOICE = "invoice"
    STRIPE = "stripe"


class Subscription(models.Model):
    """That an organization pays for a plan, period by period.

    A period begins on `period_start` and ends before `period_end`, the first day of the next. Both
    are counted from `anchor_date`, the first day of all: one that began on January 31 renews on the
    last of February and on March 31 (D9).
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAST_DUE = "past_due"
        ENDED = "ended"

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="subscriptions",
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, db_index=False, related_name="subscriptions"
    )
    #: What it lets the organization use; none while a provider has not confirmed the start.
    license = models.OneToOneField(
        "products.License",
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="subscription",
    )
    seats = models.PositiveIntegerField()
    #: Fewer seats hold from the next period on.
    next_seats = models.PositiveIntegerField(null=True)
    #: What a seat costs this organization, in minor units of the plan's currency.
    unit_amount = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    provider = models.CharField(max_length=7, choices=Provider, default=Provider.INVOICE)
    #: What the provider calls it.
    external_id = models.CharField(max_length=80, blank=True)
    anchor_date = models.DateField()
    period = models.PositiveIntegerField(default=0)
    period_start = models.DateField()
    period_end = models.DateField()
    cancels_at_period_end = models.BooleanField(default=False)
    canceled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    #: When this period came from another system: what was to be told by then was told there.
    imported_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="subscription_in_organization"
            ),
            models.UniqueConstraint(
                fields=["external_id"], name="external_id_once", condition=~Q(external_id="")
            ),
            models.CheckConstraint(
                name="status_is_known", condition=Q(status__in=["active", "past_due", "ended"])
            ),
            models.CheckConstraint(
                name="provider_is_known", condition=Q(provider__in=["invoice", "stripe"])
            ),
            models.CheckConstraint(name="has_a_seat", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="fewer_seats_later",
                condition=Q(next_seats=None) | Q(next_seats__gte=1, next_seats__lt=F("seats")),
            ),
            models.CheckConstraint(
                name="period_is_one", condition=Q(period_end__gt=F("period_start"))
            ),
            models.CheckConstraint(
                name="ended_has_a_moment",
                condition=Q(status="ended", ended_at__isnull=False)
                | Q(~Q(status="ended"), ended_at=None),
            ),
            models.CheckConstraint(
                name="canceled_has_a_moment",
                condition=Q(cancels_at_period_end=False) | Q(canceled_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # What the clock asks for.
            models.Index(
                fields=["period_end", "id"],
                name="subscriptions_due",
                condition=~Q(status="ended") & Q(provider="invoice"),
            ),
            # What the console lists: all but the many that simply go on.
            models.Index(
                fields=["status", "id"],
                name="subscriptions_to_look_at",
                condition=~Q(status="active"),
            ),
            models.Index(
                fields=["id"],
                name="subscriptions_canceled",
                condition=Q(cancels_at_period_end=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} ({self.seats})"

    @property
    def has_ended(self) -> bool:
        return self.status == self.Status.ENDED

    @property
    def amount(self) -> int:
        """What the next period costs, in minor units."""
        return (self.next_seats or self.seats) * self.unit_amount

    @property
    def days_left(self) -> int:
        """Days until the present period ends, today counted; 0 when it has."""
        return max(0, (self.period_end - periods.today()).days)
