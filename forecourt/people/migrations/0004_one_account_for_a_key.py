"""A key's credential belongs to one account, whoever registers it at the same moment elsewhere."""

from django.db import migrations

# The same expression in which Django looks for it.
ONE = """create unique index one_account_for_a_key on mfa_authenticator
    ((data #> '{credential,rawId}')) where type = 'webauthn'"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_canceled"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunSQL(ONE, "drop index one_account_for_a_key")]
