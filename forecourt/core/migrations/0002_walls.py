from django.db import migrations

from forecourt.core.isolation import AppendOnly, IsolateByOrganization


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        IsolateByOrganization("core_auditevent", nullable=True, person="person_id"),
        AppendOnly("core_auditevent"),
        IsolateByOrganization("core_mail", nullable=True),
        # Django's database cache, for the limits of sign-in. Unlogged: losing it in a crash only
        # forgets how often somebody tried.
        migrations.RunSQL(
            """
            create unlogged table core_cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamptz not null
            );
            create index core_cache_expires on core_cache (expires);
            """,
            "drop table core_cache",
        ),
    ]
