"""The catalog as staff see it: products, and everything about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import F, OuterRef, Prefetch, Subquery

from forecourt.billing.models import Plan
from forecourt.core import scope
from forecourt.core.lists import EXACT_UP_TO, said
from forecourt.core.refusals import Gone
from forecourt.products import releases
from forecourt.products.models import Artifact, Product, ProductClient, Release

#: Of each product whose id is given, counted no further than is said.
_IN_FORCE = """
select id, (
    select count(*) from (
        select from products_license held
        join orgs_organization theirs on theirs.id = held.organization_id
        where held.product_id = wanted.id and held.status = 'active' and held.starts_at <= now()
            and (held.ends_at is null or held.ends_at > now()) and theirs.suspended_at is null
        limit %s
    ) counted
) from unnest(%s::bigint[]) wanted (id)
"""


def products() -> list[Product]:
    """Every product in its place, with `newest` (a version), `in_force` (licenses, in words) and
    `offered` (its plans)."""
    newest = Release.objects.filter(product=OuterRef("pk"), withdrawn_at=None).order_by("-order")
    offered = Prefetch("plans", Plan.objects.filter(is_offered=True), to_attr="offered")
    rows = Product.objects.annotate(newest=Subquery(newest.values("version")[:1]))
    found: list[Any] = list(rows.prefetch_related(offered))
    with (
        scope.across_organizations("how many licenses of each product are in force"),
        connection.cursor() as cursor,
    ):
        cursor.execute(_IN_FORCE, [EXACT_UP_TO + 1, [row.pk for row in found]])
        counts = dict(cursor.fetchall())
    for row in found:
        row.in_force = said(counts[row.pk])
    return found


def product_called(slug: str) -> Product:
    """A product by its slug; raises Gone."""
    found = Product.objects.filter(slug=slug).first()
    if found is None:
        raise Gone
    return found


def release_called(product: Product, version: str) -> Release:
    """A product's release by its version; raises Gone."""
    found = Release.objects.select_related("product").filter(product=product, version=version)
    if not (release := found.first()):
        raise Gone
    return release


def plan_called(product: Product, slug: str) -> Plan:
    """A product's plan by its slug; raises Gone."""
    if not (plan := Plan.objects.filter(product=product, slug=slug).first()):
        raise Gone
    return plan


@dataclass
class Page:
    """Everything on the page of a product: some of its releases with their `files`, its plans, and
    the programs that sign people in to it."""

    product: Product
    releases: list[Release]
    previous: str | None
    next: str | None
    plans: list[Plan]
    clients: list[ProductClient]


def read(product: Product, query: Any) -> Page:
    """The releases older than `before` or newer than `after`, versions; without: the newest."""
    files = Prefetch("artifacts", Artifact.objects.select_related("package"), to_attr="files")
    rows = Release.objects.filter(product=product).prefetch_related(files)
    asked = {name: query.get(name, "") for name in ("before", "after")}
    shown, has_newer, has_older = releases.part(rows, **asked)
    clients = ProductClient.objects.select_related("client").filter(product=product)
    return Page(
        product,
        shown,
        "?" + urlencode({"after": shown[0].version}) if shown and has_newer else None,
        "?" + urlencode({"before": shown[-1].version}) if shown and has_older else None,
        list(Plan.objects.filter(product=product).order_by("-is_offered", "pk")),
        list(clients.order_by("client__name")),
    )


def clients() -> list[ProductClient]:
    """Every program that signs people in."""
    rows = ProductClient.objects.select_related("client", "product")
    return list(rows.order_by(F("disabled_at").asc(nulls_first=True), "client__name"))


def client_called(client_id: str) -> ProductClient:
    """A program by its client id; raises Gone."""
    rows = ProductClient.objects.select_related("client", "product").filter(client_id=client_id)
    if not (client := rows.first()):
        raise Gone
    return client
