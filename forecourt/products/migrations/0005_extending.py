import django.db.models.deletion
from django.db import migrations, models

# What a clock that renews by the million calls, in the scope of one organization: the same as
# `products.licenses.extend` and `change_seats`. Where `wanted` is null the seats stay; those that are
# taken are never taken away. (PL/pgSQL, for it keeps its plan; a function in SQL is planned each time.)
EXTENDING = """
create function products_seats_kept(a_license bigint, wanted integer) returns integer
language sql stable as $$
    select greatest(wanted, (select count(*)::integer from products_seat where license_id = a_license))
$$;
create function products_extend_licenses(licenses bigint[], ends timestamptz[], wanted integer[])
returns void language plpgsql as $$
begin
    update products_license set ends_at = each.ends_at, renews = true,
        seats = case when each.seats is null then products_license.seats
            else products_seats_kept(products_license.id, each.seats) end
    from unnest(licenses, ends, wanted) each (id, ends_at, seats)
    where products_license.id = each.id;
end $$;
"""
BACK = """
drop function products_extend_licenses(bigint[], timestamptz[], integer[]);
drop function products_seats_kept(bigint, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0004_notices")]

    operations = [
        # A clock moves every license's end, which no index is spared; these two repeated others.
        *(
            migrations.AlterField(
                "license",
                field,
                models.ForeignKey(
                    to=to,
                    on_delete=deletion,
                    db_index=False,
                    related_name="licenses",
                ),
            )
            for field, to, deletion in (
                ("organization", "orgs.organization", django.db.models.deletion.CASCADE),
                ("product", "products.product", django.db.models.deletion.PROTECT),
            )
        ),
        migrations.RunSQL(EXTENDING, BACK),
    ]
