"""The vendor's catalog: what its staff do with products and releases."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.products import publishing, telling, versions
from forecourt.products.events import Event
from forecourt.products.models import Product, Release
from forecourt.products.product_rules import checked
from forecourt.products.publishing import Upload

#: What may be said otherwise of a product.
CHANGEABLE = ("name", "description", "icon", "url", "contact", "is_listed")


@action("add_product")
def add_product(actor, *, name: str, key_prefix: str, slug: str = "", **more) -> Product:
    """Add a product to the catalog, behind the others. `more`: kind, url, icon, description,
    contact, is_listed."""
    product = checked(Product(name=name, slug=slug, key_prefix=key_prefix, **more))
    last = Product.objects.aggregate(last=Max("position"))["last"]
    product.position = 0 if last is None else last + 1
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as problem:
        raise Refused(_("There is a product of this name or slug."), field="name") from problem
    after = {"slug": product.slug, "kind": product.kind, "key_prefix": product.key_prefix}
    audit.record(actor, Event.PRODUCT_ADDED, product, after=after)
    return product


@action("change_product")
def change_product(actor, *, product: str, **values) -> Product:
    """Change what is said of a product: its name, description, icon, url, contact, is_listed. Its
    slug, kind and prefix stay, for addresses, releases and keys stand on them."""
    found = publishing.product_called(product, locked=True)
    before = {name: getattr(found, name) for name in CHANGEABLE}
    for name in values.keys() & before:
        setattr(found, name, values[name])
    checked(found)
    after = {name: value for name in CHANGEABLE if (value := getattr(found, name)) != before[name]}
    if not after:
        audit.unchanged()
        return found
    try:
        with transaction.atomic():
            found.save(update_fields=[*after])
    except IntegrityError as problem:
        raise Refused(_("There is a product of this name."), field="name") from problem
    before = {name: before[name] for name in after}
    audit.record(actor, Event.PRODUCT_CHANGED, found, before=before, after=after)
    return found


@action("move_product")
def move_product(actor, *, product: str, up: bool) -> Product:
    """Let a product change places with the one before it (`up`) or after it, wherever products are
    listed."""
    rows = list(Product.objects.select_for_update(no_key=True))
    places = [row.slug for row in rows]
    at = places.index(publishing.product_called(product).slug)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        audit.unchanged()
        return rows[at]
    moved = rows[at]
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows):
        Product.objects.filter(pk=row.pk).exclude(position=place).update(position=place)
    before, after = {"position": at + 1}, {"position": to + 1}
    audit.record(actor, Event.PRODUCT_CHANGED, moved, before=before, after=after)
    return moved


@action("publish_release")
def publish_release(
    actor,
    *,
    product: str,
    version: str,
    files: Sequence[Upload],
    channel: str = "",
    notes: str = "",
    published_at: dt.datetime | None = None,
) -> Release:
    """Publish a version of a product, by default as beta where it is a pre-release. Its files lie
    in the file store already. It never changes after."""
    found = publishing.product_called(product, locked=True)
    publishing.check(found, version, [upload.name for upload in files])
    at = published_at or timezone.now()
    publishing.check_words(notes, at)
    release = _new(found, version, channel, notes, at)
    publishing.add_files(release, files)
    after = {"channel": release.channel, "files": {each.name: each.kept.sha256 for each in files}}
    audit.record(actor, Event.RELEASE_PUBLISHED, release, after=after)
    if release.channel == Release.Channel.STABLE and at > timezone.now() - telling.NEWS:
        later("products.tell_release", release_id=release.pk)
    return release


def _new(product: Product, version: str, channel: str, notes: str, at: dt.datetime) -> Release:
    parsed = versions.parse(version)
    if channel not in ("", *Release.Channel.values):
        raise Refused(_("A release is stable or beta."), field="channel")
    usual = Release.Channel.BETA if parsed.prerelease else Release.Channel.STABLE
    return Release.objects.create(
        product=product,
        version=str(parsed),
        channel=channel or usual,
        notes=notes,
        published_at=at,
    )


@action("withdraw_release")
def withdraw_release(actor, *, product: str, version: str, reason: str) -> Release:
    """Take a release back: nobody can download it any more, and whoever has it reads why. Nothing
    is deleted."""
    release = publishing.release_called(publishing.product_called(product, locked=True), version)
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= 500 or not reason.isprintable():
        raise Refused(_("Say why, in 500 letters at most."), field="reason")
    if release.withdrawn_at is not None:
        raise Refused(_("%(release)s is withdrawn already.") % {"release": release})
    release.withdrawn_at, release.withdrawn_reason = timezone.now(), reason
    release.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit.record(actor, Event.RELEASE_WITHDRAWN, release, after={"reason": reason})
    return release
