"""What becomes of a mail after it was sent, and the indexes of the page that shows it: one for all
fates takes the place of the one of those that failed. Concurrently, so that mail goes on meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0005_audit_by_time")]

    operations = [
        migrations.AddField("mail", "told_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "mail",
            "status",
            models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sent", "Sent"),
                    ("dropped", "Dropped"),
                    ("failed", "Failed"),
                    ("delivered", "Delivered"),
                    ("bounced", "Bounced"),
                    ("complained", "Complained"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        AddIndexConcurrently(
            "mail", models.Index(fields=["organization_id", "id"], name="mail_in_order")
        ),
        AddIndexConcurrently(
            "mail", models.Index(fields=["organization_id", "status", "id"], name="mail_by_fate")
        ),
        RemoveIndexConcurrently("mail", "mail_failed"),
    ]
