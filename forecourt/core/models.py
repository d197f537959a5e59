"""What the cellar keeps: who did what (the audit log), every mail with its fate, files that were
asked for, and what the vendor looks like."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """One thing that happened. It names everything by value, so that it outlives what it names;
    the application's database role can add rows and read them, never change or delete one."""

    at = models.DateTimeField(db_default=Now())
    organization_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=320)
    event = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=320)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "event", "at"], name="audit_by_event"),
            # As the Activity page reads it: newest first, from any day on.
            models.Index(fields=["organization_id", "at", "id"], name="audit_by_time"),
            models.Index(
                fields=["person_id", "id"],
                name="audit_by_person",
                condition=Q(person_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.actor_label}"


class AuditCheckpoint(models.Model):
    """A link of the audit log's hash chain (`core.checkpoints`); as the log, only ever added to."""

    at = models.DateTimeField(db_default=Now())
    #: Of the audit log's rows since the checkpoint before, in their order.
    ids = ArrayField(models.BigIntegerField())
    #: 32 bytes of each.
    digests = models.BinaryField()
    #: The digest of the checkpoint before, and its own. The chain does not fork.
    before = models.BinaryField(unique=True)
    digest = models.BinaryField(unique=True)

    def __str__(self) -> str:
        return bytes(self.digest).hex()


class Mail(models.Model):
    """A mail that somebody shall get: what it is about, not yet what it says.

    The text is made when it is sent (`core.mail`). Secrets are never in `values`: what can be
    derived is derived again, what cannot is in `sealed`, encrypted and wiped when it is sent.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DROPPED = "dropped"
        FAILED = "failed"
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    organization_id = models.BigIntegerField(null=True)
    to = models.EmailField(max_length=254)
    kind = models.CharField(max_length=80)
    about = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    #: Why it did not arrive, in one plain line.
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    #: When somebody told what became of it after that.
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "about"], name="mail_about"),
            # As the Mail page reads it: newest first, of any fate or of one.
            models.Index(fields=["organization_id", "id"], name="mail_in_order"),
            models.Index(fields=["organization_id", "status", "id"], name="mail_by_fate"),
        ]

    def __str__(self) -> str:
        return self.to

    @property
    def token(self) -> str:
        """By what others name it who tell of its fate: nobody can guess it."""
        return self.message_id[1:].partition("@")[0]


class Export(models.Model):
    """A file of what is `wanted`, made by a job. Its pieces are there once it is ready; after some
    days both go."""

    class Form(models.TextChoices):
        ZIP = "zip"
        CSV = "csv"
        JSON_LINES = "jsonl"

    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    organization_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=5, choices=Form)
    wanted = models.JSONField(default=dict)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization_id", "id"], name="core_export_in_organization"
            ),
            models.CheckConstraint(
                name="core_export_form_is_known", condition=Q(form__in=["zip", "csv", "jsonl"])
            ),
            models.CheckConstraint(
                name="core_export_status_is_known",
                condition=Q(status__in=["waiting", "ready", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.form}"


class ExportPiece(models.Model):
    """Some bytes of an export, in their order."""

    organization_id = models.BigIntegerField()
    export = models.ForeignKey(
        Export, on_delete=models.CASCADE, db_constraint=False, related_name="pieces"
    )
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "position"], name="core_export_piece_once"),
        ]

    def __str__(self) -> str:
        return str(self.position)


class Brand(models.Model):
    """What the vendor's staff chose in the console, in one row; what is empty here, the settings of the
    server say. Ask `core.brand.brand()`."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    #: Another one with each change, by which processes see that there was one.
    version = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=80, blank=True)
    support_email = models.CharField(max_length=254, blank=True)
    help_url = models.CharField(max_length=300, blank=True)
    community_url = models.CharField(max_length=300, blank=True)
    privacy_url = models.CharField(max_length=300, blank=True)
    terms_url = models.CharField(max_length=300, blank=True)
    imprint_url = models.CharField(max_length=300, blank=True)
    #: "#rrggbb", in small letters.
    accent = models.CharField(max_length=7, blank=True)
    #: PNGs as `core.logos` draws them; the second one for dark pages.
    logo = models.BinaryField(default=bytes)
    dark_logo = models.BinaryField(default=bytes)
    sign_in_text = models.TextField(blank=True)
    products_text = models.TextField(blank=True)
    billing_text = models.TextField(blank=True)
    no_organization_text = models.TextField(blank=True)
    sender_name = models.CharField(max_length=80, blank=True)
    sender_address = models.CharField(max_length=254, blank=True)
    mail_footer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="core_brand_is_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="core_brand_accent_is_a_color",
                condition=Q(accent="") | Q(accent__regex=r"^#[0-9a-f]{6}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
