"""The Billing page, whatever the number of invoices."""

from __future__ import annotations

import gzip

from benchmarks import load, seed
from benchmarks.load import Target
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch

#: Invoices of each organization.
INVOICES = {"ten": 1, "thousand": 100, "many": 10_000}
BOOKS = """
begin;
insert into products_product (slug, name, kind, icon, description, url, contact, key_prefix,
        is_listed, position)
    values ('billed', 'Billed', 'download', 'rocket', '', '', '', 'BILL', false, 9)
    on conflict do nothing;
insert into billing_plan (product_id, slug, name, interval, currency, unit_amount, step, tax_behavior,
        is_offered)
    select id, 'billed', 'Per admin', 'year', 'EUR', 32000, 1, 'exclusive', true
    from products_product where slug = 'billed' on conflict do nothing;
insert into billing_seller (content, mark) values ('{}', 'bench') on conflict do nothing;
insert into billing_billingdetails (organization_id, company, street, postal_code, city, region, country,
        tax_id, email, po_number, buyer_reference, language)
    values (%(id)s, 'Bench GmbH', 'Street 1', '20457', 'Hamburg', '', 'DE', '', 'b@bench.example', '',
        '', 'en');
insert into billing_billingaccount (organization_id, details_id, net_days, tax_id_state)
    select %(id)s, id, 14, 'unknown' from billing_billingdetails where organization_id = %(id)s;
insert into billing_subscription (organization_id, plan_id, seats, unit_amount, status, provider,
        external_id, anchor_date, period, period_start, period_end, cancels_at_period_end, cancel_reason)
    select %(id)s, id, 25, 32000, 'active', 'invoice', '', current_date, 0, current_date,
        current_date + 365, false, ''
    from billing_plan, generate_series(1, 2) where slug = 'billed';
insert into billing_invoice (organization_id, number, kind, provider, external_id, buyer_id, seller_id,
        issued_on, due_on, currency, net, tax, gross, rounding, total, note, status, paid, credited)
    select %(id)s, 'B-' || %(id)s || '-' || n, 'invoice', 'invoice', '', a.details_id, s.id,
        current_date - n, current_date - n + 14, 'EUR', 100, 19, 119, 0, 119, '',
        case when n %% 100 = 1 then 'open' else 'paid' end, 0, 0
    from billing_billingaccount a, billing_seller s, generate_series(1, %(number)s) n
    where a.organization_id = %(id)s and s.mark = 'bench';
commit;
"""


def measure(stage: Stage) -> Goal:
    """CPU, p50, queries and size for 1, 100 and 10,000 invoices."""
    goal = Goal(0, f"Billing page, two subscriptions (loaded with {load.WITH})")
    _seed(stage)
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    targets = {}
    for slug in INVOICES:
        cookie = f"session={seed.admin_session(stage, seed.IDS[slug])}; csrf={'c' * 32}"
        path = f"/o/{slug}/billing/"
        targets[slug] = Target(slug, stage.port, path, stage.pid, {"Cookie": cookie})
    load.rounds([bare, *targets.values()], seconds=2)
    goal.add("B", bare.median("cpu"), unit=" ms")
    for slug, number in INVOICES.items():
        target = targets[slug]
        note = f"{target.median('cpu'):.2f} ms, p50 {target.median('p50'):.1f}, p99 {target.median('p99'):.1f}"
        goal.add(f"CPU, {number:,} invoices", target.ratio(bare), unit=" B", note=note)
    # One invoice makes a shorter page than a full one has, so the full ones are compared.
    growth = targets["many"].ratio(targets["thousand"])
    goal.add("CPU at 10,000 over CPU at 100", growth, 1.10)
    goal.add(
        "p50 at 10,000 over p50 at 100", targets["many"].ratio(targets["thousand"], "p50"), 1.10
    )
    for slug in ("ten", "many"):
        with stage.counted() as count:
            page = fetch(stage.port, targets[slug].path, targets[slug].headers)
        goal.add(f"queries at {INVOICES[slug]:,}", count["queries"], 7)
    goal.add("HTML gzipped", len(gzip.compress(page.body, 6)), 4096, unit=" bytes")
    return goal


def _seed(stage: Stage) -> None:
    import psycopg

    with psycopg.ClientCursor(psycopg.connect(stage.superuser, autocommit=True)) as cursor:
        for slug, number in INVOICES.items():
            cursor.execute(BOOKS, {"id": seed.IDS[slug], "number": number})
        cursor.connection.close()
    stage.sql("vacuum analyze")
