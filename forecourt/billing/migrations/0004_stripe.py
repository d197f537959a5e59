import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from forecourt.core.isolation import IsolateByOrganization

# What is beside an invoice belongs to its organization.
SAME_ORGANIZATION = """
alter table billing_stripeinvoice add constraint stripeinvoice_invoice_in_organization
    foreign key (organization_id, invoice_id) references billing_invoice (organization_id, id)
    deferrable initially deferred;
"""
BACK = "alter table billing_stripeinvoice drop constraint stripeinvoice_invoice_in_organization;"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_clock"),
        ("orgs", "0004_keys_and_seats"),
    ]

    operations = [
        migrations.CreateModel(
            name="StripeCustomer",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="stripe_customer",
                        serialize=False,
                        to="orgs.organization",
                    ),
                ),
                ("customer_id", models.CharField(max_length=80, unique=True)),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("method_id", models.CharField(blank=True, max_length=80)),
                ("method_kind", models.CharField(blank=True, max_length=30)),
                ("method_brand", models.CharField(blank=True, max_length=30)),
                ("method_last4", models.CharField(blank=True, max_length=4)),
                ("method_expires_on", models.DateField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StripeEvent",
            fields=[
                ("event_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=80)),
                ("customer_id", models.CharField(blank=True, max_length=80)),
                ("happened_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("applied", "Applied"),
                            ("parked", "Parked"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["subject"],
                        name="events_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("status", "parked")),
                        fields=["customer_id"],
                        name="events_parked",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["waiting", "applied", "parked"])),
                        name="event_status_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("start", "Start"),
                            ("renews", "Renews"),
                            ("seats", "Seats"),
                            ("end", "End"),
                            ("setup", "Setup"),
                            ("method", "Method"),
                            ("pay", "Pay"),
                            ("refund", "Refund"),
                            ("details", "Details"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.CharField(max_length=120)),
                ("params", models.JSONField(default=dict)),
                ("handle", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("generation", models.PositiveSmallIntegerField(default=1)),
                ("sent_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("is_spent", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("refused", "Refused")],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=80)),
                ("sentence", models.CharField(blank=True, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "id"], name="calls_of"),
                    models.Index(
                        condition=models.Q(("status", "open")), fields=["id"], name="calls_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "done", "refused"])),
                        name="call_status_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", ["customer", "start", "method"]),
                            models.Q(("status", "refused"), _negated=True),
                        ),
                        fields=("organization", "kind", "about"),
                        name="call_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "pay"), ("status", "open")),
                        fields=("organization", "kind", "about"),
                        name="open_call_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StripeInvoice",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="stripe",
                        serialize=False,
                        to="billing.invoice",
                    ),
                ),
                ("paper", models.BinaryField(null=True)),
                (
                    "dispute",
                    models.CharField(
                        blank=True,
                        choices=[("", "None"), ("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("failures_told", models.PositiveSmallIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("dispute__in", ["", "open", "won", "lost"])),
                        name="dispute_is_known",
                    )
                ],
            },
        ),
        # StripeEvent belongs to the house: whose an event is, is known when it is applied.
        IsolateByOrganization("billing_stripecustomer"),
        IsolateByOrganization("billing_providercall"),
        IsolateByOrganization("billing_stripeinvoice"),
        migrations.RunSQL(SAME_ORGANIZATION, BACK),
    ]
