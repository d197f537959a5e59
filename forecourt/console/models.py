"""What staff keep about customers, and customers do not see; and what they import."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from forecourt.orgs.models import Organization, Staff


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


class Imported(models.Model):
    """A line of a file that was imported: by its `ref` a further run finds what it made, and by its
    fingerprint that it says nothing new."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    #: The file without its ending: "organizations", "contacts".
    kind = models.CharField(max_length=20)
    #: The vendor's own name of it; of people their address.
    ref = models.CharField(max_length=254)
    object_id = models.BigIntegerField(null=True)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "kind", "ref"], name="line_once"),
            models.UniqueConstraint(
                fields=["ref"],
                name="imported_organization_once",
                condition=Q(kind="organizations"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.ref}"


class Import(models.Model):
    """Files that staff uploaded: looked through first, and written when they say so. A week after it
    is forgotten; the files themselves once they are written."""

    class Status(models.TextChoices):
        CHECKING = "checking"
        CHECKED = "checked"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    staff = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=254)
    #: A ZIP of the files.
    content = models.BinaryField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    #: How many lines have which outcome.
    counts = models.JSONField(default=dict)
    #: Why it cannot be done at all.
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_status_is_known",
                condition=Q(status__in=["checking", "checked", "running", "done", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_at_work(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.RUNNING)


class ImportLine(models.Model):
    """What is wrong with a line of an import, or became of it, and what to know of it; what is wrong
    comes first, then what has a warning."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines", db_index=False)
    table = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    ref = models.CharField(max_length=254)
    problem = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    warning = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="import_lines_in_order")]

    def __str__(self) -> str:
        return f"{self.file}, {self.number}"

    @property
    def file(self) -> str:
        return f"{self.table}.csv"


class Figure(models.Model):
    """What was true of all customers together when a day was over."""

    day = models.DateField()
    #: `console.figures` names them.
    name = models.CharField(max_length=20)
    value = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name"], name="figure_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"


class Merged(models.Model):
    """That a customer was merged into another: what was theirs is the other's, and what is left of them
    is the past."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="merged"
    )
    into = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    slug = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "merged"

    def __str__(self) -> str:
        return self.slug
