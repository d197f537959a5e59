"""Releases with their files: into a folder beside the CSV files, and from there into the file store.
One of which a file is missing or another is left out whole; nobody is told of those that come."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from forecourt.console.transfer.lines import Line
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.products import files, publishing, versions
from forecourt.products.events import Event
from forecourt.products.models import Artifact, Product, Release
from forecourt.products.publishing import Upload

#: The folder beside the CSV files.
FOLDER = "files"
Row = dict[str, Any]
Name = tuple[str, str]


def rows() -> Iterator[list[Row]]:
    """Every release, a product at a time, in the order in which they came."""
    for product in Product.objects.order_by("position", "pk"):
        yield [
            {
                "product": product.slug,
                "version": release.version,
                "channel": release.channel,
                "published": release.published_at,
                "withdrawn": release.withdrawn_at,
                "reason": release.withdrawn_reason,
                "created": release.created_at,
                "notes": release.notes,
            }
            for release in product.releases.order_by("pk")
        ]


def rows_of_files() -> Iterator[list[Row]]:
    """Every file of every release."""
    for product in Product.objects.order_by("position", "pk"):
        theirs = Artifact.objects.filter(release__product=product).select_related("release")
        yield [
            {
                "product": product.slug,
                "version": artifact.release.version,
                "name": artifact.file_name,
                "platform": artifact.platform,
                "architecture": artifact.architecture,
                "size": artifact.size,
                "sha256": artifact.sha256,
            }
            for artifact in theirs.order_by("release_id", Collate("file_name", "C"))
        ]


def kept() -> list[tuple[str, int]]:
    """The hash and size of every file, each once."""
    found = Artifact.objects.order_by("sha256").values_list("sha256", "size")
    return list(found.distinct())


def check(
    releases: list[Line], of_files: list[Line], products: set[str], folder: Path | None
) -> None:
    """Say what would become of each, and which are wrong."""
    there = set(Release.objects.values_list("product__slug", "version"))
    known: dict[Name, Line] = {}
    for line in releases:
        if not line.problem:
            _check_release(line, products, known, there)
    for line in of_files:
        if not line.problem:
            _check_file(line, known, there, folder)
    for release, its_files in grouped(releases, of_files):
        leave_out(release, its_files)


def _check_release(
    line: Line, products: set[str], known: dict[Name, Line], there: set[Name]
) -> None:
    values = line.values
    try:
        values["version"] = str(versions.parse(values["version"]))
    except Refused as refusal:
        line.problem = f"version: {refusal}"
        return
    line.outcome = _("Unchanged") if _name(line) in there else _("New")
    if values["product"] not in products:
        line.problem = _("product: There is no product “%s”.") % values["product"]
    elif bool(values.get("withdrawn")) != bool(values.get("reason")):
        line.problem = _("reason: What was withdrawn has a reason, and nothing else has.")
    elif (first := known.setdefault(_name(line), line)) is not line:
        line.problem = _("The same stands in line %(number)d.") % {"number": first.number}


def _check_file(line: Line, known: dict[Name, Line], there: set[Name], folder: Path | None) -> None:
    line.outcome = _("Unchanged") if _name(line) in there else _("New")
    if _name(line) in there:
        return
    if _name(line) not in known:
        line.problem = _("There is no release “%s”.") % " ".join(_name(line))[:60]
    elif not files.has(line.values["sha256"], line.values["size"]):
        line.problem = _missing(line, folder)


def _missing(line: Line, folder: Path | None) -> str:
    """Why the bytes of a file cannot be had; "" where they can, as it seems."""
    if folder is None:
        return _(
            "This portal does not have the file yet. On the server `forecourt import` brings it."
        )
    path = folder / FOLDER / line.values["sha256"]
    if not path.is_file():
        return _("There is no file %(name)s in the folder of the files.") % {"name": path.name}
    if path.stat().st_size != line.values["size"]:
        return _("The file is not as long as it was.")
    return ""


def leave_out(release: Line, its_files: list[Line]) -> None:
    """What is left out of a release takes the rest along."""
    if not release.problem and any(line.problem for line in its_files):
        release.problem = _("A file of it is left out, and so is this.")
    for line in its_files if release.problem else []:
        line.problem = line.problem or _("Its release is left out, and so is this.")


def grouped(releases: list[Line], of_files: list[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """Each release and the lines of its files."""
    theirs: dict[Name, list[Line]] = defaultdict(list)
    for line in of_files:
        theirs[_name(line)].append(line)
    for line in releases:
        yield line, theirs[_name(line)]


def _name(line: Line) -> Name:
    return str(line.values.get("product", "")), str(line.values.get("version", ""))


def write(actor: Any, release: Line, its_files: list[Line], folder: Path | None) -> None:
    """Take the files in, then publish. Raises Refused."""
    uploads = []
    for line in its_files:
        said = line.values
        try:
            kept = _taken_in(line, folder)
        except Refused as refusal:
            line.problem = str(refusal)
            raise Refused(_("A file of it is left out, and so is this.")) from refusal
        uploads.append(
            Upload(said["name"], kept, said.get("platform", ""), said.get("architecture", ""))
        )
    import_release(actor, said=release.values, uploads=uploads)


def _taken_in(line: Line, folder: Path | None) -> files.Kept:
    sha256, size = line.values["sha256"], line.values["size"]
    if files.has(sha256, size):
        return files.Kept(sha256, size)
    if problem := _missing(line, folder):
        raise Refused(problem)
    source = (folder or Path()) / FOLDER / sha256
    with contextlib.closing(files.Incoming()) as file, source.open("rb") as found:
        while piece := found.read(files.PIECE):
            file.write(piece)
        if (file.sha256, file.size) != (sha256, size):
            raise Refused(_("The file is another than it was: its SHA-256 is not this one."))
        return file.keep()


@action("import_release")
def import_release(actor, *, said: dict[str, Any], uploads: Sequence[Upload]) -> Release:
    """Publish what was published elsewhere, or withdrawn there. Nobody is told of it."""
    product = publishing.product_called(said["product"], locked=True)
    publishing.check(product, said["version"], [upload.name for upload in uploads])
    notes, parsed = said.get("notes", ""), versions.parse(said["version"])
    publishing.check_words(notes, said["published"])
    usual = Release.Channel.BETA if parsed.prerelease else Release.Channel.STABLE
    release = Release.objects.create(
        product=product,
        version=str(parsed),
        channel=said.get("channel") or usual,
        notes=notes,
        published_at=said["published"],
        withdrawn_at=said.get("withdrawn"),
        withdrawn_reason=said.get("reason", ""),
        **({"created_at": said["created"]} if said.get("created") else {}),
    )
    publishing.add_files(release, uploads)
    after = {"channel": release.channel, "files": {each.name: each.kept.sha256 for each in uploads}}
    audit.record(actor, Event.RELEASE_PUBLISHED, release, after=after)
    if release.withdrawn_at:
        reason = {"reason": release.withdrawn_reason}
        audit.record(actor, Event.RELEASE_WITHDRAWN, release, after=reason)
    return release
