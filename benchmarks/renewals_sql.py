"""What the measurement of renewals asks the database: its seed, its floor, what must be true after."""

#: `number` monthly subscriptions that are due today, `each` of them in one organization.
SEED = (
    """
    truncate billing_plan, billing_subscription, billing_billingaccount, billing_billingdetails,
        billing_seller, billing_numbering, billing_invoice, billing_invoiceline, products_license,
        core_auditevent, procrastinate_jobs cascade
    """,
    """
    insert into products_product (id, slug, name, kind, icon, description, url, contact, key_prefix,
            is_listed, position)
        values (1000000, 'renewals', 'Deploy', 'download', 'rocket', 'A sentence.', '', '', 'BNCH',
            false, 1)
        on conflict do nothing
    """,
    """
    insert into billing_plan (id, product_id, slug, name, interval, currency, unit_amount, step,
            tax_behavior, is_offered)
        select n, 1000000, 'plan-' || n, 'Per admin, monthly', 'month', 'EUR', 1250, 1,
            case n %% 2 when 0 then 'inclusive' else 'exclusive' end, true
        from generate_series(1, 7) n
    """,
    """
    with organizations as (
        insert into orgs_organization (id, name, slug, primary_contact_id, who_may_invite,
                invitation_days, keys_hidden)
            select 1000000 + n, 'Customer ' || n, 'customer-' || n, 1000000 + n, 'everyone', 7, false
            from generate_series(1, %(number)s / %(each)s) n on conflict do nothing
    )
    insert into orgs_contact (id, organization_id, name, email, phone)
        select 1000000 + n, 1000000 + n, 'Accounts', 'accounts@customer-' || n || '.example', ''
        from generate_series(1, %(number)s / %(each)s) n on conflict do nothing
    """,
    """
    insert into billing_billingdetails (id, organization_id, company, street, postal_code, city, region,
            country, tax_id, email, po_number, buyer_reference, language)
        select 1000000 + n, 1000000 + n, 'Customer ' || n, '', '', '', '', (array['DE', 'FR', 'CH'])[1 + n %% 3],
            '', 'accounts@customer-' || n || '.example', '', '', 'en'
        from generate_series(1, %(number)s / %(each)s) n
    """,
    """
    insert into billing_billingaccount (organization_id, details_id, net_days, tax_id_state)
        select organization_id, id, 14, 'unknown' from billing_billingdetails
    """,
    """
    insert into products_license (id, handle, organization_id, product_id, plan, seats, status,
            starts_at, ends_at, renews)
        select n, gen_random_uuid(), 1000001 + (n - 1) / %(each)s, 1000000, 'Per admin, monthly', 1 + n %% 5,
            'active', current_date - interval '1 month', current_date, true
        from generate_series(1, %(number)s) n
    """,
    """
    insert into billing_subscription (id, organization_id, plan_id, license_id, seats, unit_amount,
            status, provider, external_id, anchor_date, period, period_start, period_end,
            cancels_at_period_end, cancel_reason)
        select n, 1000001 + (n - 1) / %(each)s, 1 + n %% 7, n, 1 + n %% 5, 1250, 'active', 'invoice', '',
            current_date - interval '1 month', 0, current_date - interval '1 month', current_date,
            false, ''
        from generate_series(1, %(number)s) n
    """,
)

#: How much is missing or too much after a run, and one hash of what it wrote but for the numbers.
DONE = """
with numbers as (
    select count(*) invoices, count(distinct number) numbers, count(distinct subscription_id) once,
        min(right(number, -8)::integer) first, max(right(number, -8)::integer) last,
        md5(string_agg(concat_ws(' ', subscription_id, period_start, period_end, buyer_id, issued_on,
            due_on, currency, net, tax, rounding, total, status), ',' order by subscription_id)) hash
    from billing_invoice
), others as (
    select (select count(*) from billing_subscription) due,
        (select count(*) from billing_subscription where period = 1) moved,
        (select count(*) from products_license where ends_at > now()) extended,
        (select count(distinct invoice_id) from billing_invoiceline) lines,
        (select count(*) from billing_invoiceline) all_lines,
        (select count(*) from core_auditevent where event = 'subscription.renewed') events,
        (select last from billing_numbering) counted
)
select abs(due - invoices) + abs(due - numbers) + abs(due - once) + abs(first - 1) + abs(due - last)
    + abs(due - moved) + abs(due - extended) + abs(due - lines) + abs(due - all_lines)
    + abs(due - events) + abs(due - counted), hash
from numbers, others
"""

#: The least that a renewal run has to do, as one procedure in transactions of 10,000.
FLOOR = (
    """
    create table floor_subscription (id bigint primary key, organization bigint, plan integer,
        seats integer, price numeric(12, 2), next_on date)
    """,
    """
    insert into floor_subscription select n, n %% 50000, n %% 7, 1 + n %% 5, 12.50, '2026-01-01'
        from generate_series(1, %(number)s) n
    """,
    "create index on floor_subscription (next_on, id)",
    """
    create table floor_invoice (id bigint generated always as identity primary key,
        organization bigint, subscription bigint, number bigint unique, period_start date,
        net numeric(12, 2), tax numeric(12, 2), gross numeric(12, 2), status text,
        issued_at timestamptz, unique (subscription, period_start))
    """,
    "create index on floor_invoice (organization, id)",
    """
    create table floor_line (id bigint generated always as identity primary key,
        invoice bigint references floor_invoice, text text, seats integer, price numeric(12, 2))
    """,
    "create index on floor_line (invoice)",
    """
    create table floor_event (id bigint generated always as identity primary key,
        organization bigint, kind text, invoice bigint, at timestamptz)
    """,
    "create index on floor_event (organization, id)",
    "create table floor_number (last bigint)",
    "insert into floor_number values (0)",
    """
    create procedure floor_run() language plpgsql as $$
    declare
        found_number integer;
        before bigint;
    begin
        loop
            create temp table due on commit drop as
                select *, row_number() over (order by id) place from (
                    select id, organization, seats, price, next_on from floor_subscription
                    where next_on <= '2026-01-15' order by next_on, id limit 10000
                    for update skip locked
                ) chosen;
            get diagnostics found_number = row_count;
            exit when found_number = 0;
            update floor_number set last = last + found_number returning last - found_number into before;
            with invoices as (
                insert into floor_invoice (organization, subscription, number, period_start, net, tax,
                        gross, status, issued_at)
                    select organization, id, before + place, next_on, seats * price,
                        round(seats * price * .19, 2), round(seats * price * 1.19, 2), 'open', now()
                    from due returning id, organization, subscription
            ), lines as (
                insert into floor_line (invoice, text, seats, price)
                    select invoices.id, title, due.seats, due.price
                    from invoices join due on due.id = invoices.subscription,
                        (values ('Subscription'), ('Support')) titles (title)
            ), events as (
                insert into floor_event (organization, kind, invoice, at)
                    select organization, 'invoice.issued', id, now() from invoices
            )
            update floor_subscription s set next_on = (s.next_on + interval '1 month')::date
                from due where s.id = due.id;
            commit;
        end loop;
    end $$
    """,
)
FLOOR_END = """
drop procedure floor_run; drop table floor_subscription, floor_line, floor_event, floor_number, floor_invoice
"""
