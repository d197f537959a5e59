"""Exports are the cellar's. Files that were made are not taken along: they would be kept a week, and
can be asked for again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_stripe")]

    operations = [
        migrations.RemoveField(model_name="invoiceexport", name="organization"),
        migrations.DeleteModel(name="ExportPiece"),
        migrations.DeleteModel(name="InvoiceExport"),
    ]
