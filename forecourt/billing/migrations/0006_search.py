from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_exports_in_core"),
        ("orgs", "0008_search"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="billingdetails",
            index=models.Index(
                condition=models.Q(("tax_id", ""), _negated=True),
                fields=["tax_id"],
                name="details_by_tax_id",
            ),
        ),
    ]
