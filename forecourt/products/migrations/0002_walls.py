from django.db import migrations

from forecourt.core.isolation import IsolateByOrganization

# Keys and seats belong to the organization of their license, seats to that of their member:
# foreign keys of two columns, which Django's models cannot say.
SAME_ORGANIZATION = """
alter table products_licensekey add constraint key_in_organization
    foreign key (organization_id, license_id) references products_license (organization_id, id)
    on delete cascade deferrable initially deferred;
alter table products_seat add constraint seat_of_license_in_organization
    foreign key (organization_id, license_id) references products_license (organization_id, id)
    on delete cascade deferrable initially deferred;
alter table products_seat add constraint seat_of_member_in_organization
    foreign key (organization_id, member_id) references orgs_membership (organization_id, id)
    on delete cascade deferrable initially deferred;
"""
BACK = """
alter table products_licensekey drop constraint key_in_organization;
alter table products_seat drop constraint seat_of_license_in_organization;
alter table products_seat drop constraint seat_of_member_in_organization;
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]

    operations = [
        IsolateByOrganization("products_license"),
        IsolateByOrganization("products_licensekey"),
        IsolateByOrganization("products_seat"),
        migrations.RunSQL(SAME_ORGANIZATION, BACK),
    ]
