from django.db import migrations

from forecourt.core.isolation import PERSON, IsolateByOrganization

MINE = f"""exists (
    select 1 from orgs_membership mine
    where mine.organization_id = orgs_organization.id and mine.user_id = {PERSON}
)"""

# A membership's contact, and an organization's primary contact, belong to the same organization:
# foreign keys of two columns, which Django's models cannot say.
SAME_ORGANIZATION = """
alter table orgs_membership add constraint membership_contact_in_organization
    foreign key (organization_id, contact_id) references orgs_contact (organization_id, id)
    deferrable initially deferred;
alter table orgs_organization add constraint primary_contact_in_organization
    foreign key (id, primary_contact_id) references orgs_contact (organization_id, id)
    deferrable initially deferred;
"""
BACK = """
alter table orgs_membership drop constraint membership_contact_in_organization;
alter table orgs_organization drop constraint primary_contact_in_organization;
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]

    operations = [
        migrations.RunSQL(SAME_ORGANIZATION, BACK),
        IsolateByOrganization("orgs_membership", person="user_id"),
        IsolateByOrganization("orgs_contact"),
        IsolateByOrganization("orgs_organization", column="id", person=MINE),
    ]
