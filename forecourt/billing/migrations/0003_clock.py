from django.db import migrations

# One organization after the other in one statement of the clock: with each one's scope, so that
# row-level security goes on to hold. The caller has decided on the tax; amounts and rounding are those
# of `billing.amounts`, which a test compares.
#
# Whoever changes a subscription holds the lock on its organization, as the clock does here; so the
# subscriptions themselves need none.
#
# `issued` is what was invoiced, first_id and last_id the range of those invoices. What goes wrong in
# one organization is undone there, and the organization stands in `failed`: the others do not wait.
CLOCK = """
-- The nearest whole number; half goes up. Exact, which numeric's quotient of long numbers is not.
create function billing_rounded(above numeric, below numeric) returns bigint
language sql immutable return div(2 * above + below, 2 * below)::bigint;

create function billing_renew(
    organizations bigint[], papers bigint[], tax_states text[], categories text[], rates numeric[],
    until date, dated date, a_series text, a_seller bigint, zone text,
    out renewed integer, out issued integer, out ended integer,
    out first_id bigint, out last_id bigint, out failed bigint[]
) language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    org bigint;
    a_category text;
    a_rate numeric;
    days integer;
    numbered integer;
    found_renewed integer;
    found_issued integer;
    found_ended integer;
    found_first bigint;
    found_last bigint;
    licenses bigint[];
    ends timestamptz[];
    seat_numbers integer[];
begin
    renewed := 0; issued := 0; ended := 0; failed := '{}';
    insert into billing_numbering (series, last) values (a_series, 0) on conflict do nothing;
    select last into numbered from billing_numbering where series = a_series for update;
    for place in 1 .. cardinality(organizations) loop
        org := organizations[place]; a_category := categories[place]; a_rate := rates[place];
        perform set_config('forecourt.organization', org::text, true);
        perform from orgs_organization where id = org for no key update skip locked;
        if not found then
            continue;  -- Another worker has it, or somebody who changes something in it.
        end if;
        select net_days into days from billing_billingaccount
        where organization_id = org and details_id = papers[place] and tax_id_state = tax_states[place];
        if not found then
            continue;  -- What the tax was decided by has just changed: the next round decides anew.
        end if;
        begin
            with due as (
                select s.id, s.license_id, s.seats, s.next_seats, s.unit_amount, s.period_end as starts,
                       (s.anchor_date + (s.period + 2) * case p.interval
                           when 'year' then interval '1 year' else interval '1 month' end)::date as stops,
                       case when s.next_seats is null then s.seats
                           else least(s.seats, products_seats_kept(s.license_id, s.next_seats)) end as kept,
                       p.currency, p.step, p.slug, r.name || ' · ' || p.name as text,
                       p.tax_behavior = 'inclusive' as inclusive,
                       row_number() over (order by s.unit_amount = 0, s.id) as place_in_run
                from billing_subscription s
                join billing_plan p on p.id = s.plan_id
                join products_product r on r.id = p.product_id
                where s.organization_id = org and s.provider = 'invoice' and s.status <> 'ended'
                  and not s.cancels_at_period_end and s.period_end <= until
            ), netted as (
                select due.*, kept * unit_amount as listed,
                       case when inclusive
                           then billing_rounded(kept * unit_amount * 100.0, (100 + a_rate) * step) * step
                           else kept * unit_amount end as net
                from due where unit_amount > 0
            ), taxed as (
                select netted.*, billing_rounded(net * a_rate, 100 * step) * step as tax from netted
            ), amounts as (
                select taxed.*, case when inclusive then listed - net - tax else 0 end as rounding
                from taxed
            ), invoices as (
                insert into billing_invoice (organization_id, number, kind, provider, external_id,
                    subscription_id, period_start, period_end, buyer_id, seller_id, issued_on, due_on,
                    currency, net, tax, gross, rounding, total, note, status, paid, credited)
                select org, a_series || '-' || repeat('0', greatest(0, 5 - length((numbered + place_in_run)::text)))
                           || (numbered + place_in_run),
                       'invoice', 'invoice', '', id, starts, stops, papers[place], a_seller, dated,
                       dated + days, currency, net, tax, net + tax, rounding, net + tax + rounding,
                       '', 'open', 0, 0
                from amounts
                returning id, subscription_id, number
            ), lines as (
                insert into billing_invoiceline (organization_id, invoice_id, text, quantity, unit_amount,
                    net, tax_category, tax_rate, starts_on, ends_on)
                select org, invoices.id, text, kept,
                       case when inclusive
                           then billing_rounded(unit_amount * 1e8, 100 + a_rate) * 0.000001
                           else unit_amount end,
                       net, a_category, a_rate, starts, stops - 1
                from amounts join invoices on invoices.subscription_id = amounts.id
            ), moved as (
                update billing_subscription s
                set period = s.period + 1, period_start = starts, period_end = stops, seats = kept,
                    next_seats = null
                from due where s.id = due.id
                returning s.id
            ), noted as (
                insert into core_auditevent (organization_id, actor_kind, actor_id, actor_label, event,
                    object_kind, object_id, object_label, before, after)
                select org, 'system', '', 'Forecourt', 'subscription.renewed', 'subscription',
                       due.id::text, slug || ' (' || kept || ')',
                       jsonb_build_object('until', starts, 'seats', seats),
                       jsonb_build_object('until', stops, 'seats', kept, 'invoice', invoices.number)
                from due left join invoices on invoices.subscription_id = due.id
            )
            select (select count(*) from moved), (select count(*) from invoices),
                   (select min(id) from invoices), (select max(id) from invoices),
                   array_agg(license_id), array_agg(stops::timestamp at time zone zone),
                   array_agg(case when next_seats is not null then kept end)
            into found_renewed, found_issued, found_first, found_last, licenses, ends, seat_numbers
            from due;
            if licenses is not null then
                perform products_extend_licenses(licenses, ends, seat_numbers);
            end if;
            found_ended := 0;
            perform from billing_subscription s
            where s.organization_id = org and s.cancels_at_period_end and s.status <> 'ended';
            if found then  -- (To begin an update costs more than to look whether there is one.)
                with over as (
                    update billing_subscription s set status = 'ended', ended_at = now()
                    from billing_plan p
                    where p.id = s.plan_id and s.organization_id = org and s.provider = 'invoice'
                      and s.status <> 'ended' and s.cancels_at_period_end and s.period_end <= until
                    returning s.id, p.slug, s.seats, s.period_end
                ), noted as (
                    insert into core_auditevent (organization_id, actor_kind, actor_id, actor_label,
                        event, object_kind, object_id, object_label, before, after)
                    select org, 'system', '', 'Forecourt', 'subscription.ended', 'subscription',
                           id::text, slug || ' (' || seats || ')', '{}',
                           jsonb_build_object('on', period_end)
                    from over
                )
                select count(*) into found_ended from over;
            end if;
        exception when others then
            raise warning 'organization % was not renewed: %', org, sqlerrm;
            failed := failed || org;
            continue;
        end;
        renewed := renewed + found_renewed;
        issued := issued + found_issued;
        ended := ended + found_ended;
        numbered := numbered + found_issued;
        first_id := least(first_id, found_first);
        last_id := greatest(last_id, found_last);
    end loop;
    update billing_numbering set last = numbered where series = a_series;
end $$;
"""
BACK = """
drop function billing_renew(
    bigint[], bigint[], text[], text[], numeric[], date, date, text, bigint, text
);
drop function billing_rounded(numeric, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_walls")]

    operations = [migrations.RunSQL(CLOCK, BACK)]
