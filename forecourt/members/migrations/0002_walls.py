from django.db import migrations

from forecourt.core.isolation import IsolateByOrganization


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [IsolateByOrganization("members_invitation")]
