"""Invoices and credit notes: what was asked for, and what came."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from forecourt.billing import periods
from forecourt.billing.models.details import BillingDetails, Seller
from forecourt.billing.models.subscriptions import Provider, Subscription


class Numbering(models.Model):
    """The last number of a series. Whoever numbers an invoice locks the row until its transaction
    ends: so no number is left out, and none is given twice."""

    series = models.CharField(max_length=30, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:05d}"


class Invoice(models.Model):
    """An invoice or a credit note. What it says never changes (the database refuses it); only what
    came of it does: status, paid, credited.

    Amounts are minor units of `currency`. `gross` is net + tax, and `total` what is to be paid:
    gross + `rounding`, which is not 0 only where a price with tax in it asks for it. A credit
    note's amounts are positive.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"

    class Status(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        CREDITED = "credited"
        VOID = "void"
        UNCOLLECTIBLE = "uncollectible"
        #: Of a credit note.
        ISSUED = "issued"

    #: What may change; all else is kept by a trigger.
    CHANGES = ("status", "paid", "paid_on", "credited")

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="invoices",
    )
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.INVOICE)
    provider = models.CharField(max_length=7, choices=Provider, default=Provider.INVOICE)
    external_id = models.CharField(max_length=80, blank=True)
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="invoices",
    )
    #: The period that it is for; none where it is for a part of one, say for further seats.
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    credits = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="credit_notes",
    )
    buyer = models.ForeignKey(
        BillingDetails,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    # (No version of the seller is ever deleted: a trigger refuses it.)
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    rounding = models.SmallIntegerField(default=0)
    total = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=13, choices=Status, default=Status.OPEN)
    paid = models.BigIntegerField(default=0)
    paid_on = models.DateField(null=True)
    credited = models.BigIntegerField(default=0)
    #: When it came from another system: what was to be told by then was told there.
    imported_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "id"], name="invoice_in_organization"),
            # (`unique=True` would add a second index, for LIKE.)
            models.UniqueConstraint(fields=["number"], name="number_once"),
            models.UniqueConstraint(
                fields=["subscription", "period_start"],
                name="invoice_once_a_period",
                condition=Q(period_start__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["external_id"], name="external_invoice_once", condition=~Q(external_id="")
            ),
            models.CheckConstraint(
                name="invoice_status_is_known",
                condition=Q(
                    kind="invoice",
                    status__in=["open", "paid", "credited", "void", "uncollectible"],
                    credits=None,
                )
                | Q(kind="credit_note", status="issued", credits__isnull=False),
            ),
            models.CheckConstraint(
                name="sums_are_right",
                condition=Q(gross=F("net") + F("tax"))
                & Q(total=F("gross") + F("rounding"))
                & Q(total__gte=0),
            ),
            models.CheckConstraint(
                name="never_more_than_all",
                condition=Q(paid__gte=0, credited__gte=0, credited__lte=F("total")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="invoices_due", condition=Q(status="open")),
            models.Index(
                fields=["organization", "-id"], name="invoices_open", condition=Q(status="open")
            ),
            # What the console lists: all but the many that are done with.
            models.Index(
                fields=["status", "id"],
                name="invoices_to_look_at",
                condition=~Q(status__in=["paid", "issued"]),
            ),
            models.Index(
                fields=["credits"], name="credit_notes_of", condition=Q(credits__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def outstanding(self) -> int:
        """What is still to be paid, in minor units."""
        if self.status != self.Status.OPEN:
            return 0
        return max(0, self.total - self.credited - self.paid)

    @property
    def is_overdue(self) -> bool:
        return (
            self.status == self.Status.OPEN
            and self.due_on is not None
            and self.due_on < periods.today()
        )

    @property
    def state(self) -> str:
        """As people know it: its status, or "past_due"."""
        return "past_due" if self.is_overdue else self.status


class InvoiceLine(models.Model):
    """A line. `unit_amount`: the net price of one, in minor units, with as many decimals as it
    takes; `net` is what counts."""

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, db_constraint=False, related_name="lines"
    )
    text = models.CharField(max_length=300)
    quantity = models.IntegerField()
    unit_amount = models.DecimalField(max_digits=24, decimal_places=6)
    net = models.BigIntegerField()
    tax_category = models.CharField(max_length=2)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tax_category_is_known",
                condition=Q(tax_category="S", tax_rate__gt=0)
                | Q(tax_category__in=["AE", "G", "E", "Z"], tax_rate=0),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class InvoiceRevision(models.Model):
    """A corrected copy of an invoice: the same amounts, to billing details that were put right
    (O19). The original is revision 1 and has no row here."""

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="revisions",
    )
    revision = models.PositiveSmallIntegerField()
    buyer = models.ForeignKey(
        BillingDetails,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    issued_on = models.DateField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "revision"], name="revision_once"),
            models.CheckConstraint(name="revisions_from_2", condition=Q(revision__gte=2)),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}-{self.revision}"


class Payment(models.Model):
    """Money that came for an invoice, or (negative) went back."""

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="payments",
    )
    amount = models.BigIntegerField()
    received_on = models.DateField()
    #: "bank transfer", "Visa 4242": as people read it.
    method = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_id"], name="payment_once", condition=~Q(external_id="")
            ),
            models.CheckConstraint(name="some_money", condition=~Q(amount=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["invoice"], name="payments_of")]

    def __str__(self) -> str:
        return f"{self.amount} for {self.invoice}"
