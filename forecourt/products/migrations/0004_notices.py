import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import IsolateByOrganization

# A notice belongs to the organization of its license, as keys and seats do.
SAME_ORGANIZATION = """
alter table products_licensenotice add constraint notice_in_organization
    foreign key (organization_id, license_id) references products_license (organization_id, id)
    on delete cascade deferrable initially deferred;
"""
BACK = "alter table products_licensenotice drop constraint notice_in_organization;"


class Migration(migrations.Migration):
    dependencies = [("products", "0003_signing_keys")]

    operations = [
        migrations.CreateModel(
            name="LicenseNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("ends_at", models.DateTimeField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="products.license",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("license", "ends_at", "days"), name="notice_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__in", [60, 30, 7, 0])), name="notice_is_one"
                    ),
                ],
            },
        ),
        IsolateByOrganization("products_licensenotice"),
        migrations.RunSQL(SAME_ORGANIZATION, BACK),
    ]
