import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import IsolateByOrganization, Mergeable

TABLES = (
    *("orgs_contact", "orgs_membership", "orgs_formerslug", "members_invitation"),
    *("products_license", "products_licensekey", "products_licensenotice", "products_seat"),
    *("billing_billingdetails", "billing_subscription", "billing_invoice", "billing_invoiceline"),
    *("billing_invoicerevision", "billing_payment", "billing_providercall"),
    *("billing_billingaccount", "billing_stripecustomer", "billing_stripeinvoice"),
    *("console_note", "core_mail"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0003_figures"),
        ("billing", "0007_lists"),
        ("core", "0006_fates"),
        ("members", "0003_prepared"),
        ("orgs", "0008_search"),
        ("products", "0007_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Merged",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="merged",
                        serialize=False,
                        to="orgs.organization",
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={"verbose_name_plural": "merged"},
        ),
        IsolateByOrganization("console_merged"),
        *(Mergeable(table) for table in TABLES),
    ]
