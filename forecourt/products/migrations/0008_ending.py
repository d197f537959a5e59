from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0011_suspended_index"),
        ("products", "0007_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="license",
            index=models.Index(
                condition=models.Q(("renews", False), ("status", "active")),
                fields=["ends_at", "id"],
                name="licenses_ending",
            ),
        ),
    ]
