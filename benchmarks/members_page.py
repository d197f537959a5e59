"""Goal 1: the Members page, whatever the number of members."""

from __future__ import annotations

import gzip
import re

import brotli

from benchmarks import load, seed
from benchmarks.load import Target
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch


def measure(stage: Stage) -> Goal:
    """CPU, p50, queries and size of the page for organizations of 10, 1,000 and 100,000."""
    goal = Goal(1, f"Members page of 10 / 1,000 / 100,000 (loaded with {load.WITH})")
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    targets = {}
    for slug in seed.SIZES:
        cookie = f"session={seed.admin_session(stage, seed.IDS[slug])}; csrf={'c' * 32}"
        path = f"/o/{slug}/members/"
        targets[slug] = Target(slug, stage.port, path, stage.pid, {"Cookie": cookie})
    load.rounds([bare, *targets.values()], seconds=2)
    goal.add("B", bare.median("cpu"), unit=" ms")
    for slug, size in seed.SIZES.items():
        target = targets[slug]
        note = f"{target.median('cpu'):.2f} ms, p50 {target.median('p50'):.1f}, p99 {target.median('p99'):.1f}"
        goal.add(f"CPU, {size:,} members", target.ratio(bare), 12, unit=" B", note=note)
    growth = targets["many"].ratio(targets["ten"], "p50")
    goal.add("p50 at 100,000 over p50 at 10", growth, 1.10)
    target = targets["many"]
    with stage.counted() as count:
        page = fetch(stage.port, target.path, target.headers)
    note = f"{count['all']} statements with the pool's question"
    goal.add("queries at 100,000", count["queries"], 6, note=note)
    html = page.body
    rows = len(re.findall(rb'popovertarget="m\d', html))
    size = len(gzip.compress(html, 6))
    note = (
        f"{rows} rows, {len(html):,} bytes plain, {len(brotli.compress(html, quality=4)):,} as br"
    )
    goal.add("HTML gzipped", size, 4096, unit=" bytes", note=note)
    wire = [
        fetch(stage.port, target.path, {**target.headers, "Accept-Encoding": coding})
        for coding in ("gzip", "br")
    ]
    sizes = ", ".join(f"{len(x.body):,} ({x.coding or 'plain'})" for x in wire)
    goal.add("HTML as sent to a browser", min(len(x.body) for x in wire), unit=" bytes", note=sizes)
    return goal
