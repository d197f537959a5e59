import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from forecourt.core.isolation import IsolateByOrganization

# A launch ends for good with its person; it goes on without a member or a session, and is worth
# nothing then. The database sees to it: whoever signs out or is removed is in no scope, or in
# another room.
TIES = """
alter table products_launch add constraint launch_of_user
    foreign key (user_id) references people_user (id) on delete cascade deferrable initially deferred;
alter table products_launch add constraint launch_of_session
    foreign key (session_id) references people_session (session_key)
    on delete set null deferrable initially deferred;
alter table products_launch add constraint launch_of_member_in_organization
    foreign key (organization_id, member_id) references orgs_membership (organization_id, id)
    on delete set null (member_id) deferrable initially deferred;
-- Tokens are found by their launch.
create index launching_tokens on allauth_idp_oidc_token ((data -> 'resources'));
"""
UNTIE = """
drop index launching_tokens;
alter table products_launch drop constraint launch_of_user;
alter table products_launch drop constraint launch_of_session;
alter table products_launch drop constraint launch_of_member_in_organization;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
        ("orgs", "0006_former_slugs"),
        ("people", "0004_one_account_for_a_key"),
        ("products", "0005_extending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("launch_url", models.CharField(blank=True, max_length=300)),
                ("logout_url", models.CharField(blank=True, max_length=300)),
                ("former_secret", models.CharField(blank=True, max_length=200)),
                ("former_until", models.DateTimeField(null=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="of_product",
                        to="allauth_idp_oidc.client",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="products.product",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Launch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_device", models.BooleanField(default=False)),
                ("proved_at", models.DateTimeField()),
                ("role", models.CharField(max_length=10)),
                ("scopes", models.CharField(max_length=300)),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="launches",
                        to="orgs.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="people.session",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="launches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="launches",
                        to="products.productclient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TokenKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kid", models.CharField(max_length=43, unique=True)),
                ("private", models.BinaryField()),
                ("signs_from", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None)),
                        fields=("ends_at",),
                        name="one_token_key_without_end",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="productclient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("former_secret", ""), ("former_until", None)),
                    models.Q(
                        models.Q(("former_secret", ""), _negated=True),
                        ("former_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="former_secret_has_an_end",
            ),
        ),
        migrations.AddIndex(
            model_name="launch",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["organization"],
                name="launches_open",
            ),
        ),
        migrations.AddIndex(
            model_name="launch",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["user", "client"],
                name="launches_of_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="launch",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="launch_in_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="launch",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_device", False), ("session", None), _connector="OR"),
                name="a_device_has_no_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="launch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("session__isnull", False)),
                fields=("session", "client", "organization"),
                name="open_launch_once",
            ),
        ),
        IsolateByOrganization("products_launch", person="user_id"),
        migrations.RunSQL(TIES, UNTIE),
    ]
