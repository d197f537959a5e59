"""Beside goal 8: the console's other pages over everything, among as many customers. Each has a license and
an invoice here; those of a thousand need attention, among few as among many."""

from __future__ import annotations

from benchmarks.load import Target
from benchmarks.report import Goal

#: What is looked at, below /console/.
PAGES = {
    "overview": "",
    "organizations": "lists/organizations/",
    "licenses": "lists/licenses/",
    "licenses, ending": "lists/licenses/?state=ending",
    "invoices": "lists/invoices/",
    "invoices, overdue": "lists/invoices/?state=overdue",
    "contacts": "lists/contacts/",
    "a customer": "organizations/c-7/",
}
ROWS = "generate_series(%(since)s::int, %(upto)s::int - 1) n"
SEED = (
    """
    insert into products_product (slug, name, kind, icon, description, url, contact, key_prefix,
            is_listed, position)
        values ('listed', 'Listed', 'download', 'rocket', '', '', '', 'LIST', false, 9)
        on conflict do nothing
    """,
    f"""
    insert into products_license (handle, organization_id, product_id, plan, seats, status, starts_at,
            ends_at, renews)
        select gen_random_uuid(), %(first)s + n, p.id, 'Yearly', 5, 'active', now() - interval '1 year',
            now() + interval '1 day' * (10 + n %% 1000), n >= 1000
        from products_product p, {ROWS} where p.slug = 'listed'
    """,
    "insert into billing_seller (content, mark) values ('{}', 'lists') on conflict do nothing",
    f"""
    insert into billing_billingdetails (id, organization_id, company, street, postal_code, city, region,
            country, tax_id, email, po_number, buyer_reference, language)
        select %(first)s + n, %(first)s + n, 'Bench', 'Street 1', '20457', 'Hamburg', '', 'DE', '',
            'b@bench.example', '', '', 'en' from {ROWS}
    """,
    f"""
    insert into billing_invoice (organization_id, number, kind, provider, external_id, buyer_id, seller_id,
            issued_on, due_on, currency, net, tax, gross, rounding, total, note, status, paid, credited)
        select %(first)s + n, 'L-' || n, 'invoice', 'invoice', '', %(first)s + n, s.id,
            current_date - 30, current_date - 16, 'EUR', 100, 19, 119, 0, 119, '',
            case when n < 1000 then 'open' else 'paid' end, 0, 0
        from billing_seller s, {ROWS} where s.mark = 'lists'
    """,
)


def targets(port: int, pid: int, cookie: str) -> list[Target]:
    """The pages, as staff ask for them."""
    headers = {"Cookie": cookie}
    return [Target(name, port, f"/console/{path}", pid, headers) for name, path in PAGES.items()]


def compare(goal: Goal, few: list[Target], many: list[Target]) -> None:
    """How much slower each page is among many."""
    for before, after in zip(few, many, strict=True):
        note = f"p50 {after.median('p50'):.1f} ms, {after.median('cpu'):.2f} ms of CPU"
        goal.add(f"{after.name}: p50 among many", after.ratio(before, "p50"), 1.3, note=note)
