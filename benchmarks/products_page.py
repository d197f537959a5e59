"""The Products page, whatever the number of releases."""

from __future__ import annotations

import gzip

from benchmarks import load, seed
from benchmarks.load import Target
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch

#: Releases of each of an organization's three products.
RELEASES = {"ten": 10, "thousand": 10_000}
PRODUCTS = 3
PRODUCT = """
with product as (
    insert into products_product (slug, name, kind, icon, description, url, contact, key_prefix,
            is_listed, position)
        values (%(slug)s, %(slug)s, 'download', 'rocket', 'A sentence on what it does.', '', '',
            'BNCH', false, 1)
        returning id
), releases as (
    insert into products_release (product_id, version, "order", channel, published_at, notes,
            withdrawn_reason)
        select id, '1.' || n || '.0', '011.' || lpad(length(n::text)::text, 2, '0') || n || '.010~', 'stable',
            now() - n * interval '1 minute', '', ''
        from product, generate_series(1, %(releases)s) n
        returning id
), artifacts as (
    insert into products_artifact (release_id, kind, platform, architecture, file_name, size, sha256)
        select id, 'package', 'linux', architecture, 'p-' || architecture || '.tar.gz', 1, repeat('0', 64)
        from releases, unnest(array['x86-64', 'arm64']) architecture
), license as (
    insert into products_license (handle, organization_id, product_id, plan, seats, status,
            starts_at, ends_at, renews)
        select gen_random_uuid(), %(organization)s, id, 'Per admin, yearly', 25, 'active',
            now() - interval '1 day', now() + interval '90 days', true from product
        returning id
)
insert into products_licensekey (organization_id, license_id, key)
    select %(organization)s, id, 'BNCH-' || id || repeat('-ABCD', 6) from license
"""


def measure(stage: Stage) -> Goal:
    """CPU, p50, queries and size for products of 10 and of 10,000 releases."""
    goal = Goal(0, f"Products page, {PRODUCTS} products (loaded with {load.WITH})")
    _seed(stage)
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    targets = {}
    for slug in RELEASES:
        cookie = f"session={seed.admin_session(stage, seed.IDS[slug])}; csrf={'c' * 32}"
        path = f"/o/{slug}/products/"
        targets[slug] = Target(slug, stage.port, path, stage.pid, {"Cookie": cookie})
    load.rounds([bare, *targets.values()], seconds=2)
    goal.add("B", bare.median("cpu"), unit=" ms")
    for slug, number in RELEASES.items():
        target = targets[slug]
        note = f"{target.median('cpu'):.2f} ms, p50 {target.median('p50'):.1f}, p99 {target.median('p99'):.1f}"
        goal.add(f"CPU, {number:,} releases each", target.ratio(bare), 14, unit=" B", note=note)
    goal.add("p50 at 10,000 over p50 at 10", targets["thousand"].ratio(targets["ten"], "p50"), 1.10)
    target = targets["thousand"]
    with stage.counted() as count:
        page = fetch(stage.port, target.path, target.headers)
    note = f"{count['all']} statements with the pool's question"
    goal.add("queries at 10,000", count["queries"], 7, note=note)
    goal.add("HTML gzipped", len(gzip.compress(page.body, 6)), 4096, unit=" bytes")
    return goal


def _seed(stage: Stage) -> None:
    for slug, number in RELEASES.items():
        for place in range(PRODUCTS):
            values = {"slug": f"{slug}-{place}", "organization": seed.IDS[slug]}
            stage.sql(PRODUCT, releases=number, **values)
    stage.sql("vacuum analyze")
