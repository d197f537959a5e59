from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

KINDS = ["invoices", "payment_problems", "renewals", "license_keys", "releases", "security"]
KINDS += ["member_changes"]
OPTIONAL = ["renewals", "license_keys", "releases", "member_changes"]


def kinds() -> ArrayField:
    return ArrayField(models.CharField(max_length=20), db_default=[], default=list, size=None)


# Row-level security binds the tables' owner, too.
SEE = """
alter table orgs_contact no force row level security;
alter table orgs_organization no force row level security;
"""
UNSEE = """
alter table orgs_contact force row level security;
alter table orgs_organization force row level security;
"""
# Nobody's mail changes by this: the primary contact goes on to get everything, and nobody has to
# confirm an address that was written to before.
EVERYTHING_TO_THE_PRIMARY_ONE = f"""
update orgs_contact c set kinds = array{KINDS}::varchar(20)[], confirmed_at = now()
from orgs_organization o where o.primary_contact_id = c.id;
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_keys_and_seats")]

    operations = [
        migrations.AddField("contact", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField("contact", "declined", kinds()),
        migrations.AddField("contact", "kinds", kinds()),
        migrations.AddField(
            "contact",
            "language",
            models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                condition=models.Q(("kinds__contained_by", KINDS)), name="contact_kinds_are_known"
            ),
        ),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                condition=models.Q(("declined__contained_by", OPTIONAL)),
                name="contact_leaves_what_is_optional",
            ),
        ),
        migrations.RunSQL(SEE + EVERYTHING_TO_THE_PRIMARY_ONE + UNSEE, migrations.RunSQL.noop),
    ]
