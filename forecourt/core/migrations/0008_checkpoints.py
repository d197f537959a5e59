"""The audit log as a hash chain."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_brand"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("digests", models.BinaryField()),
                ("before", models.BinaryField(unique=True)),
                ("digest", models.BinaryField(unique=True)),
            ],
        ),
        AppendOnly("core_auditcheckpoint"),
    ]
