"""Who of an organization gets which mail (O20)."""

import pytest

from forecourt.orgs.models import Contact, Membership
from forecourt.orgs.recipients import MailKind, recipients
from tests.cast import organization

CONTRACT = [MailKind.LICENSE_KEYS, MailKind.RELEASES, MailKind.RENEWALS]


@pytest.mark.parametrize("kind", CONTRACT)
def test_the_admins_and_the_primary_contact_get_what_the_contract_is_about(world, kind):
    assert recipients(organization("acme"), kind) == ["admin@acme.example", "primary@acme.example"]


@pytest.mark.parametrize("kind", CONTRACT)
def test_whoever_is_both_gets_it_once(world, kind):
    assert recipients(organization("globex"), kind) == ["admin@globex.example", "both@example.com"]


def test_changes_of_members_are_the_admins_alone(world):
    """O25."""
    assert recipients(organization("acme"), MailKind.MEMBER_CHANGES) == ["admin@acme.example"]


@pytest.mark.parametrize("kind", CONTRACT)
def test_other_contacts_and_closed_accounts_get_nothing(world, kind):
    acme = organization("acme")
    Contact.objects.create(organization=acme, email="other@acme.example")
    admin = Membership.objects.get(user__email="admin@acme.example").user
    admin.is_active = False
    admin.save()
    assert recipients(acme, kind) == ["primary@acme.example"]
