"""US spelling, as everywhere else."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sign_in")]

    operations = [
        migrations.RemoveConstraint("factorreset", "factor_reset_once"),
        migrations.RemoveConstraint("factorreset", "factor_reset_ends_once"),
        migrations.RenameField("factorreset", "cancelled_at", "canceled_at"),
        migrations.AddConstraint(
            "factorreset",
            models.UniqueConstraint(
                fields=["user"],
                name="factor_reset_once",
                condition=Q(canceled_at=None, done_at=None),
            ),
        ),
        migrations.AddConstraint(
            "factorreset",
            models.CheckConstraint(
                name="factor_reset_ends_once", condition=Q(canceled_at=None) | Q(done_at=None)
            ),
        ),
    ]
