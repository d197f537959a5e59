from django.db import migrations

# What a clock that renews by the million calls, in the scope of one organization: the same as
# `products.licenses.extend` and `change_seats`. Seats that are taken are never taken away.
EXTENDING = """
create function products_seats_kept(a_license bigint, wanted integer) returns integer
language sql stable as $$
    select greatest(wanted, (select count(*)::integer from products_seat where license_id = a_license))
$$;
create function products_extend_licenses(licenses bigint[], ends timestamptz[], wanted integer[])
returns void language sql as $$
    update products_license set ends_at = each.ends_at, seats = each.seats, renews = true
    from unnest(licenses, ends, wanted) each (id, ends_at, seats)
    where products_license.id = each.id
$$;
"""
BACK = """
drop function products_extend_licenses(bigint[], timestamptz[], integer[]);
drop function products_seats_kept(bigint, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0004_notices")]

    operations = [migrations.RunSQL(EXTENDING, BACK)]
