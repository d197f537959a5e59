from django.db import migrations

from forecourt.core.isolation import IsolateByOrganization, Unchanging

ISOLATED = (
    "billingaccount",
    "billingdetails",
    "subscription",
    "invoice",
    "invoiceline",
    "invoicerevision",
    "payment",
    "invoiceexport",
    "exportpiece",
)
# What belongs together belongs to one organization: (table, column, table that it points to).
# Foreign keys of two columns, which Django's models cannot say; those of one would only repeat them.
SAME_ORGANIZATION = (
    ("billingaccount", "details_id", "billing_billingdetails"),
    ("subscription", "license_id", "products_license"),
    ("invoice", "subscription_id", "billing_subscription"),
    ("invoice", "buyer_id", "billing_billingdetails"),
    ("invoice", "credits_id", "billing_invoice"),
    ("invoiceline", "invoice_id", "billing_invoice"),
    ("invoicerevision", "invoice_id", "billing_invoice"),
    ("invoicerevision", "buyer_id", "billing_billingdetails"),
    ("payment", "invoice_id", "billing_invoice"),
    ("exportpiece", "export_id", "billing_invoiceexport"),
)


def together(table, column, other):
    name = f"{table}_{column.removesuffix('_id')}_in_organization"
    cascade = "on delete cascade " if table == "exportpiece" else ""
    return migrations.RunSQL(
        f"alter table billing_{table} add constraint {name}"
        f" foreign key (organization_id, {column}) references {other} (organization_id, id)"
        f" {cascade}deferrable initially deferred",
        f"alter table billing_{table} drop constraint {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("products", "0005_extending")]

    operations = [
        *(IsolateByOrganization(f"billing_{table}") for table in ISOLATED),
        *(together(*each) for each in SAME_ORGANIZATION),
        # What is read across organizations joins their plans.
        migrations.RunSQL(
            "grant select on billing_plan to forecourt_all",
            "revoke select on billing_plan from forecourt_all",
        ),
        Unchanging("billing_plan", but=("is_offered",)),
        Unchanging("billing_billingdetails"),
        Unchanging("billing_seller"),
        Unchanging("billing_invoice", but=("status", "paid", "paid_on", "credited")),
        Unchanging("billing_invoiceline"),
        Unchanging("billing_invoicerevision"),
        Unchanging("billing_payment"),
    ]
