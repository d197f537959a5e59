"""What a release has to be, and its rows: asked before gigabytes are taken in, and once more when it
is published."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.refusals import Refused
from forecourt.products import file_names, versions
from forecourt.products.files import Kept
from forecourt.products.models import Artifact, Product, Release

LONGEST_NOTES = 100_000


@dataclass(frozen=True)
class Upload:
    """A file that lies in the file store, on its way into a release. Platform and architecture are
    those that its name tells, unless they are given."""

    name: str
    kept: Kept
    platform: str = ""
    architecture: str = ""


def product_called(slug: str, *, locked: bool = False) -> Product:
    """A product by its slug; `locked`: nobody else publishes of it until the transaction ends.
    Raises Refused."""
    products = Product.objects.select_for_update(no_key=True) if locked else Product.objects
    found = products.filter(slug=slug).first()
    if found is None:
        raise Refused(_("There is no product “%(slug)s”.") % {"slug": slug[:40]}, field="product")
    return found


def release_called(product: Product, version: str) -> Release:
    """A product's release by its version; raises Refused."""
    wanted = str(versions.parse(version))
    found = product.releases.filter(version=wanted).first()
    if found is None:
        said = {"product": product.name, "version": wanted}
        raise Refused(_("There is no %(product)s %(version)s.") % said, field="version")
    return found


def check(product: Product, version: str, names: Sequence[str]) -> None:
    """Raise Refused where no release of this version can have files of these names."""
    _check_version(product, version)
    _check_names(names)
    has_package = any(file_names.companion(name) is None for name in names)
    if not (product.is_web or has_package):
        raise Refused(_("A release has one file at least that can be installed."), field="files")


def _check_version(product: Product, version: str) -> None:
    wanted = str(versions.parse(version))
    there = product.releases.filter(order=versions.order_of(wanted)).first()
    if there is None:
        return
    said = {"product": product.name, "version": there.version}
    if there.version == wanted:
        raise Refused(
            _("%(product)s %(version)s is published. It cannot change: publish another version.")
            % said,
            field="version",
        )
    raise Refused(
        _("%(product)s %(version)s is published, which differs in build metadata alone.") % said,
        field="version",
    )


def _check_names(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not file_names.is_plain(name):
            raise Refused(
                _("“%(name)s”: a file's name has letters, digits and the signs . _ + - alone.")
                % {"name": name[:120]},
                field="files",
            )
        if name.lower() in seen:  # Windows and macOS would overwrite one by the other.
            raise Refused(
                _("There are two files of the name %(name)s.") % {"name": name}, field="files"
            )
        seen.add(name.lower())
    packages = {name for name in names if file_names.companion(name) is None}
    for name in names:
        beside = file_names.companion(name)
        if beside and beside[1] not in packages:
            raise Refused(
                _("%(name)s belongs to a file %(package)s, which is not among them.")
                % {"name": name, "package": beside[1]},
                field="files",
            )


def check_words(notes: str, published_at: dt.datetime) -> None:
    """Raise Refused for notes that cannot be kept, and for a day that has not come."""
    if "\0" in notes or len(notes) > LONGEST_NOTES:
        raise Refused(_("Release notes are text of 100,000 letters at most."), field="notes")
    if published_at > timezone.now():
        raise Refused(_("A release cannot be of a day to come."), field="published_at")


def add_files(release: Release, uploads: Sequence[Upload]) -> None:
    """The rows of a new release's files: packages, then what stands beside them, for the same
    platform. Raises Refused."""
    packages = {
        upload.name: _artifact(release, upload)
        for upload in uploads
        if file_names.companion(upload.name) is None
    }
    Artifact.objects.bulk_create(packages.values())
    companions = []
    for upload in uploads:
        if beside := file_names.companion(upload.name):
            kind, package = beside[0], packages[beside[1]]
            row = _artifact(release, upload)
            row.kind, row.package = kind, package
            row.platform, row.architecture = package.platform, package.architecture
            companions.append(row)
    Artifact.objects.bulk_create(companions)


def _artifact(release: Release, upload: Upload) -> Artifact:
    platform = upload.platform or file_names.platform_of(upload.name)
    architecture = upload.architecture or file_names.architecture_of(upload.name)
    if platform not in Artifact.Platform.values or architecture not in Artifact.Architecture.values:
        raise Refused(
            _("%(name)s is for a platform or architecture that nobody knows here.")
            % {"name": upload.name},
            field="files",
        )
    return Artifact(
        release=release,
        platform=platform,
        architecture=architecture,
        file_name=upload.name,
        size=upload.kept.size,
        sha256=upload.kept.sha256,
    )
