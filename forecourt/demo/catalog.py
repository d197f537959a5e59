"""The sample world's products, with small real files, and what its organizations may use."""

import datetime as dt
import functools
import gzip
import hashlib
import io
import tarfile
import zipfile

from django.utils import timezone

from forecourt.core import scope
from forecourt.orgs.models import Membership
from forecourt.products import files, keys, notices
from forecourt.products.models import (
    Artifact,
    License,
    LicenseKey,
    LicenseNotice,
    Product,
    Release,
    Seat,
)
from forecourt.products.versions import order_of

PRODUCTS = [
    {
        "slug": "deploy",
        "name": "Deploy",
        "description": "Puts software and updates on every computer you have.",
        "icon": "rocket",
        "key_prefix": "DPLY",
    },
    {
        "slug": "inventory",
        "name": "Inventory",
        "description": "Knows what is on every computer you have, to the last driver.",
        "icon": "boxes",
        "key_prefix": "INVT",
    },
    {
        "slug": "connect",
        "name": "Connect",
        "description": "Reaches computers outside of your network, from the browser.",
        "icon": "waypoints",
        "key_prefix": "CNCT",
        "kind": "web",
        "url": "https://connect.lumen.example/",
        "contact": "sales@lumen.example",
    },
]
FIXES = """### Fixed

- Packages with a space in their path are **no longer skipped**.
- A computer that answers late is asked again, instead of being marked as off.
"""
NEWS = """### Added

- Schedules can skip holidays: see `deploy schedule --help`.
- [What is new in this version](https://lumen.example/news), with pictures.

### Changed

- The list of computers opens in half of the time.
"""
#: (product, version, days since it was published, notes, why it was withdrawn)
RELEASES = [
    ("deploy", "20.0.0-beta.1", 5, NEWS, ""),
    ("deploy", "19.4.2", 12, FIXES, ""),
    ("deploy", "19.4.1", 31, FIXES, "Installing it over 19.3 can lose schedules. Use 19.4.2."),
    ("deploy", "19.4.0", 64, NEWS, ""),
    ("deploy", "19.3.5", 130, FIXES, ""),
    ("deploy", "19.3.0", 290, NEWS, ""),
    ("inventory", "19.4.0", 40, NEWS, ""),
    ("inventory", "19.3.2", 150, FIXES, ""),
    ("inventory", "19.3.0", 310, NEWS, ""),
]
PLATFORMS = [
    ("windows", "x86-64", "zip"),
    ("macos", "any", "zip"),
    ("linux", "x86-64", "tar.gz"),
    ("linux", "arm64", "tar.gz"),
]
#: (organization, product, plan, seats, began days ago, ends in days, renews)
LICENSES = [
    (1, "deploy", "Per admin, yearly", 25, 632, 98, True),
    (1, "inventory", "Per admin, yearly", 3, 353, 12, False),
    (2, "connect", "Team", 10, 267, 98, True),
    (2, "deploy", "Per admin, yearly", 5, 405, -40, False),
]
#: (organization, product, the members' addresses)
SEATS = [
    (1, "deploy", ["admin@acme.example", "member@acme.example", "both@example.com"]),
    (1, "inventory", ["admin@acme.example", "member@acme.example"]),
    (2, "connect", ["admin@globex.example"]),
]


def products() -> None:
    """The catalog, the licenses, and who has a seat."""
    made = Product.objects.bulk_create(
        Product(position=place, **values) for place, values in enumerate(PRODUCTS)
    )
    catalog = {product.slug: product for product in made}
    _releases(catalog)
    for organization_id in (1, 2):
        with scope.organization(organization_id):
            _licenses(organization_id, catalog)


def _ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def _releases(catalog: dict[str, Product]) -> None:
    releases = Release.objects.bulk_create(
        Release(
            product=catalog[slug],
            version=version,
            order=order_of(version),
            channel="beta" if "beta" in version else "stable",
            published_at=_ago(days),
            notes=notes,
            withdrawn_at=_ago(days - 3) if withdrawn else None,
            withdrawn_reason=withdrawn,
        )
        for slug, version, days, notes, withdrawn in RELEASES
    )
    Artifact.objects.bulk_create(
        Artifact(
            release=release,
            platform=platform,
            architecture=architecture,
            file_name=_file_name(release, platform, architecture, form),
            **vars(_kept(release.product.slug, release.version, platform, architecture, form)),
        )
        for release in releases
        for platform, architecture, form in PLATFORMS
    )


def _file_name(release: Release, platform: str, architecture: str, form: str) -> str:
    named = [release.product.slug, release.version, platform]
    return "-".join([*named, *([architecture] if architecture != "any" else [])]) + f".{form}"


@functools.cache
def _kept(slug: str, version: str, platform: str, architecture: str, form: str) -> files.Kept:
    """The file in the store; always the same bytes for the same version."""
    name = f"{slug}-{version}"
    run = f"@echo {name}\r\n" if platform == "windows" else f"#!/bin/sh\necho {name}\n"
    inside = {
        f"{name}/README.txt": f"{name} for {platform} {architecture}, of the sample world.\n",
        f"{name}/{slug}{'.cmd' if platform == 'windows' else ''}": run,
    }
    return files.keep([_zip(inside) if form == "zip" else _tar(inside)])


def _zip(inside: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in inside.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def _tar(inside: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, text in inside.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), 0o755
            archive.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(data.getvalue(), mtime=0)


def _licenses(organization_id: int, catalog: dict[str, Product]) -> None:
    mine = [row for row in LICENSES if row[0] == organization_id]
    granted = License.objects.bulk_create(
        License(
            organization_id=organization_id,
            product=catalog[slug],
            plan=plan,
            seats=seats,
            starts_at=_ago(began),
            ends_at=_ago(-ends),
            renews=renews,
        )
        for _number, slug, plan, seats, began, ends, renews in mine
    )
    LicenseKey.objects.bulk_create(
        LicenseKey(organization_id=organization_id, license=each, key=key_of(each))
        for each in granted
    )
    now = timezone.now()
    LicenseNotice.objects.bulk_create(
        LicenseNotice(
            organization_id=organization_id, license=each, days=days, ends_at=each.ends_at
        )
        for each in granted
        if each.ends_at and not each.renews
        for days in notices.DAYS
        if each.ends_at - dt.timedelta(days=days) <= now
    )
    members = Membership.objects.filter(organization_id=organization_id)
    ids = dict(members.values_list("user__email", "pk"))
    by_slug = {each.product.slug: each for each in granted}
    Seat.objects.bulk_create(
        Seat(organization_id=organization_id, license=by_slug[slug], member_id=ids[email])
        for number, slug, emails in SEATS
        if number == organization_id
        for email in emails
    )


def key_of(granted: License) -> str:
    """The sample world's keys are the same everywhere."""
    seed = f"{granted.organization_id} {granted.product.slug}"
    digest = hashlib.sha256(seed.encode()).digest()
    body = "".join(keys.ALPHABET[byte % 32] for byte in digest[: keys.LETTERS])
    return keys.complete(granted.product.key_prefix, body)
