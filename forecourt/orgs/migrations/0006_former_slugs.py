import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import PERSON, IsolateByOrganization, Unchanging

# A former slug leads the organization's members on, and nobody else.
MINE = f"""exists (
    select 1 from orgs_membership mine
    where mine.organization_id = orgs_formerslug.organization_id and mine.user_id = {PERSON}
)"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0005_contact_kinds")]

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("slug", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="orgs.organization",
                    ),
                ),
            ],
        ),
        IsolateByOrganization("orgs_formerslug", person=MINE),
        Unchanging("orgs_formerslug"),
    ]
