"""What the cellar keeps: who did what (the audit log), and every mail with its fate."""

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
            models.Index(fields=["organization_id", "id"], name="audit_by_organization"),
            models.Index(
                fields=["person_id", "id"],
                name="audit_by_person",
                condition=Q(person_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.actor_label}"


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

    organization_id = models.BigIntegerField(null=True)
    to = models.EmailField(max_length=254)
    kind = models.CharField(max_length=80)
    about = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "about"], name="mail_about"),
            models.Index(
                fields=["organization_id"], name="mail_failed", condition=Q(status="failed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"
