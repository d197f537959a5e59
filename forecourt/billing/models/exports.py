"""A year of invoices in one file, made by a job."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class InvoiceExport(models.Model):
    """The invoices of a year as a ZIP of documents, or as a CSV table. Its pieces are there once
    it is ready; after some days both go."""

    class Form(models.TextChoices):
        ZIP = "zip"
        CSV = "csv"

    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    organization = models.ForeignKey(
        "orgs.Organization", on_delete=models.CASCADE, related_name="+"
    )
    year = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=3, choices=Form)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "id"], name="export_in_organization"),
            models.CheckConstraint(name="form_is_known", condition=Q(form__in=["zip", "csv"])),
            models.CheckConstraint(
                name="export_status_is_known",
                condition=Q(status__in=["waiting", "ready", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}.{self.form}"


class ExportPiece(models.Model):
    """Some bytes of an export, in their order."""

    organization = models.ForeignKey(
        "orgs.Organization", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    export = models.ForeignKey(
        InvoiceExport, on_delete=models.CASCADE, db_constraint=False, related_name="pieces"
    )
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "position"], name="piece_once"),
        ]

    def __str__(self) -> str:
        return str(self.position)
