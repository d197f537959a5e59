import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import IsolateByOrganization

# A foreign key of two columns, which Django's models cannot say.
SAME_ORGANIZATION = """
alter table core_exportpiece add constraint exportpiece_export_in_organization
    foreign key (organization_id, export_id) references core_export (organization_id, id)
    on delete cascade deferrable initially deferred
"""
BACK = "alter table core_exportpiece drop constraint exportpiece_export_in_organization"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_former_people")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                (
                    "form",
                    models.CharField(
                        choices=[("zip", "Zip"), ("csv", "Csv"), ("jsonl", "Json Lines")],
                        max_length=5,
                    ),
                ),
                ("wanted", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "id"), name="core_export_in_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["zip", "csv", "jsonl"])),
                        name="core_export_form_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["waiting", "ready", "failed"])),
                        name="core_export_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organization_id", models.BigIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="core.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("export", "position"), name="core_export_piece_once"
                    ),
                ],
            },
        ),
        IsolateByOrganization("core_export"),
        IsolateByOrganization("core_exportpiece"),
        migrations.RunSQL(SAME_ORGANIZATION, BACK),
    ]
