"""A contact whose mail comes back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgs", "0006_former_slugs")]

    operations = [
        migrations.AddField("contact", "bounced_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "contact",
            "bounce",
            models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
