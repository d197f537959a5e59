"""Who an organization is on paper: its billing details, and how it pays."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from forecourt.billing import addresses, tax_ids
from forecourt.core.jobs import LONGEST_TRY


class BillingDetails(models.Model):
    """One version of an organization's billing details. Changing them adds a version, so that an
    invoice goes on to say what it said: it points to the version of its day."""

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="billing_details",
    )
    company = models.CharField(max_length=200)
    street = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    tax_id = models.CharField(max_length=30, blank=True)
    #: Where invoices go to (S46): neither a login nor the primary contact (S47).
    email = models.EmailField(max_length=254)
    po_number = models.CharField(max_length=60, blank=True)
    buyer_reference = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "id"], name="details_in_organization"),
            models.CheckConstraint(
                name="country_is_a_code", condition=Q(country="") | Q(country__regex="^[A-Z]{2}$")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tax_id"], name="details_by_tax_id", condition=~Q(tax_id=""))
        ]

    def __str__(self) -> str:
        return self.company

    @property
    def address_lines(self) -> list[str]:
        """The address as its country writes it, for a page."""
        return addresses.lines(self)

    @property
    def tax_id_label(self) -> str:
        """What the country calls its tax id."""
        return str(tax_ids.label(self.country))


class BillingAccount(models.Model):
    """How an organization is billed: its present details, how long it has to pay, and what is known
    of its tax id."""

    class TaxIdState(models.TextChoices):
        UNKNOWN = "unknown"
        VALID = "valid"
        INVALID = "invalid"

    organization = models.OneToOneField(
        "orgs.Organization",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="billing_account",
    )
    details = models.ForeignKey(BillingDetails, on_delete=models.PROTECT, related_name="+")
    net_days = models.PositiveSmallIntegerField(default=14)
    tax_id_state = models.CharField(max_length=7, choices=TaxIdState, default=TaxIdState.UNKNOWN)
    tax_id_checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tax_id_state_is_known",
                condition=Q(tax_id_state__in=["unknown", "valid", "invalid"]),
            ),
            models.CheckConstraint(name="net_days_to_90", condition=Q(net_days__lte=90)),
        ]

    def __str__(self) -> str:
        return str(self.details)

    @property
    def tax_id_standing(self) -> str:
        """What is known of the tax id: "valid", "invalid", "checking", or "" where nobody looks (or
        the register gave no answer for days)."""
        if not self.details.tax_id:
            return ""
        if self.tax_id_state != self.TaxIdState.UNKNOWN:
            return self.tax_id_state
        is_late = timezone.now() - self.details.created_at > LONGEST_TRY
        return "checking" if tax_ids.is_asked(self.details.tax_id) and not is_late else ""


class Seller(models.Model):
    """One version of what the vendor is on paper, as the settings had it; invoices point to it."""

    content = models.JSONField()
    mark = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.content.get("name", ""))
