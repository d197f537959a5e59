"""What is known of Stripe: who an organization is there, what was asked of it, and what it told."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from forecourt.billing.models.invoices import Invoice


class StripeCustomer(models.Model):
    """Who an organization is at Stripe, and how it pays there."""

    organization = models.OneToOneField(
        "orgs.Organization",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="stripe_customer",
    )
    customer_id = models.CharField(max_length=80, unique=True)
    #: Counts what was written of what Stripe says: whoever looked before that looks again.
    version = models.PositiveBigIntegerField(default=0)
    # The payment method that is charged; "" where there is none.
    method_id = models.CharField(max_length=80, blank=True)
    #: "card", "sepa_debit", …
    method_kind = models.CharField(max_length=30, blank=True)
    method_brand = models.CharField(max_length=30, blank=True)
    method_last4 = models.CharField(max_length=4, blank=True)
    #: The last day of a card.
    method_expires_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.customer_id


class ProviderCall(models.Model):
    """Something that Stripe is asked to do, written down before it is asked, until it is known what
    came of it. Stripe does what it is asked under one key once."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        START = "start"
        RENEWS = "renews"
        SEATS = "seats"
        END = "end"
        SETUP = "setup"
        METHOD = "method"
        PAY = "pay"
        REFUND = "refund"
        DETAILS = "details"

    class Status(models.TextChoices):
        #: Not asked yet, or nobody knows yet what came of it.
        OPEN = "open"
        DONE = "done"
        REFUSED = "refused"

    organization = models.ForeignKey(
        "orgs.Organization", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    #: What it is about, by our names: "subscription:12".
    about = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    #: Its name in Stripe's metadata, by which it is found there.
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: How many keys it had: Stripe forgets them after a day, and repeats an answer of 500.
    generation = models.PositiveSmallIntegerField(default=1)
    #: When this key was first used, and last.
    sent_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    #: Whether Stripe has a broken answer under the key, which it would only repeat.
    is_spent = models.BooleanField(default=False)
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN)
    #: What Stripe made, by its id there.
    result = models.CharField(max_length=80, blank=True)
    #: Why it was refused, for people.
    sentence = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="call_status_is_known", condition=Q(status__in=["open", "done", "refused"])
            ),
            # What is done once for each thing, whoever asks how often.
            models.UniqueConstraint(
                fields=["organization", "kind", "about"],
                name="call_once",
                condition=Q(kind__in=["customer", "start", "method"]) & ~Q(status="refused"),
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "about"],
                name="open_call_once",
                condition=Q(kind="pay", status="open"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "id"], name="calls_of"),
            models.Index(fields=["id"], name="calls_open", condition=Q(status="open")),
            models.Index(
                fields=["settled_at"], name="calls_refused", condition=Q(status="refused")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def key(self) -> str:
        """The idempotency key."""
        return f"forecourt-{self.handle}-{self.generation}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class StripeEvent(models.Model):
    """That Stripe told of something, once for each event. What it said is not kept: the object is
    read from Stripe. Belongs to the house: whose it is, is known when it is applied."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        APPLIED = "applied"
        #: Of a customer that nobody here is, or not yet.
        PARKED = "parked"

    event_id = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=80)
    #: The object to read, by its id, and whose it is, where the event says so.
    subject = models.CharField(max_length=80)
    customer_id = models.CharField(max_length=80, blank=True)
    happened_at = models.DateTimeField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="event_status_is_known",
                condition=Q(status__in=["waiting", "applied", "parked"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="events_waiting", condition=Q(status="waiting")),
            models.Index(
                fields=["customer_id"], name="events_parked", condition=Q(status="parked")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class StripeInvoice(models.Model):
    """What an invoice of Stripe has beside what all have: its paper, and whether its payment is
    disputed."""

    class Dispute(models.TextChoices):
        NONE = ""
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    organization = models.ForeignKey(
        "orgs.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    invoice = models.OneToOneField(
        Invoice,
        on_delete=models.PROTECT,
        primary_key=True,
        db_constraint=False,
        related_name="stripe",
    )
    #: The PDF, once it was fetched.
    paper = models.BinaryField(null=True)
    dispute = models.CharField(max_length=4, choices=Dispute, blank=True, default=Dispute.NONE)
    #: How often a payment was tried when its failure was last told.
    failures_told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="dispute_is_known", condition=Q(dispute__in=["", "open", "won", "lost"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.invoice)
