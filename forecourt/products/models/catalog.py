"""The catalog: products, their releases, and the files of these. It is the vendor's, so it has no
organization; what an organization may have of it is a license's matter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from forecourt.products.versions import order_of


class Product(models.Model):
    """Something that the vendor sells."""

    class Kind(models.TextChoices):
        DOWNLOAD = "download", _("Downloaded")
        WEB = "web", _("On the web")

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DOWNLOAD)
    # The name of a shape in the icon sprite; empty: the name's letters.
    icon = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=300, blank=True)
    # Where a web product is opened.
    url = models.URLField(max_length=300, blank=True)
    # Whom to ask for it, an e-mail address or a page; empty: the vendor's support.
    contact = models.CharField(max_length=300, blank=True)
    # Four letters or digits that every license key of it begins with.
    key_prefix = models.CharField(max_length=4)
    # Whether organizations that do not have it read of it.
    is_listed = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="product_kind_is_known", condition=Q(kind__in=["download", "web"])
            ),
            models.CheckConstraint(
                name="key_prefix_of_four", condition=Q(key_prefix__regex=r"^[A-Z0-9]{4}$")
            ),
            models.CheckConstraint(
                name="web_product_has_an_address", condition=~Q(kind="web", url="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_web(self) -> bool:
        return self.kind == self.Kind.WEB


class Release(models.Model):
    """A version of a product, once published never changed; it can be withdrawn, with a reason."""

    class Channel(models.TextChoices):
        STABLE = "stable", _("Stable")
        BETA = "beta", _("Beta")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="releases")
    # By Semantic Versioning 2.0.0. `order` is its precedence, as text that sorts bytewise.
    version = models.CharField(max_length=60)
    order = models.CharField(max_length=400, db_collation="C", editable=False)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.STABLE)
    published_at = models.DateTimeField()
    # Markdown.
    notes = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "version"], name="version_once"),
            # Versions that differ by build metadata alone have the same precedence.
            models.UniqueConstraint(fields=["product", "order"], name="precedence_once"),
            models.CheckConstraint(
                name="channel_is_known", condition=Q(channel__in=["stable", "beta"])
            ),
            models.CheckConstraint(
                name="withdrawn_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "-order"], name="releases_newest_first"),
            # Finding the newest one that may be had passes by none of the others.
            models.Index(
                fields=["product", "channel", "-order"],
                name="releases_to_be_had",
                condition=Q(withdrawn_at=None),
                include=["published_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.name} {self.version}"

    def save(self, *args, **keywords):
        self.order = order_of(self.version)
        super().save(*args, **keywords)


class Artifact(models.Model):
    """A file of a release: the package for one platform, or a signature or SBOM that belongs to
    one. Its bytes lie in the file store under their SHA-256, so they cannot change."""

    class Kind(models.TextChoices):
        PACKAGE = "package", _("Package")
        SIGNATURE = "signature", _("Signature")
        SBOM = "sbom", _("SBOM")

    class Platform(models.TextChoices):
        WINDOWS = "windows", "Windows"
        MACOS = "macos", "macOS"
        LINUX = "linux", "Linux"
        ANY = "any", _("Any platform")

    class Architecture(models.TextChoices):
        X86_64 = "x86-64", "x86-64"
        ARM64 = "arm64", "ARM64"
        ANY = "any", ""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="artifacts")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PACKAGE)
    # The package that a signature or SBOM is about.
    package = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="companions"
    )
    platform = models.CharField(max_length=10, choices=Platform, default=Platform.ANY)
    architecture = models.CharField(max_length=10, choices=Architecture, default=Architecture.ANY)
    file_name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["platform", "architecture", "file_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "file_name"], name="file_name_once"),
            models.CheckConstraint(
                name="companion_of_a_package",
                condition=Q(kind="package", package=None)
                | Q(kind__in=["signature", "sbom"], package__isnull=False),
            ),
            models.CheckConstraint(
                name="platform_is_known",
                condition=Q(platform__in=["windows", "macos", "linux", "any"]),
            ),
            models.CheckConstraint(
                name="architecture_is_known",
                condition=Q(architecture__in=["x86-64", "arm64", "any"]),
            ),
            # What a browser or curl may write to a disk under this name, on any platform.
            models.CheckConstraint(
                name="file_name_is_plain",
                condition=Q(file_name__regex=r"^[A-Za-z0-9_][A-Za-z0-9._+-]*$"),
            ),
            models.CheckConstraint(
                name="sha256_is_one", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="size_is_one", condition=Q(size__gte=0)),
        ]

    def __str__(self) -> str:
        return self.file_name
