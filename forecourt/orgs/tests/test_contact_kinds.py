"""What became of contacts when they got kinds of mail."""

from importlib import import_module

from django.db import connection, transaction

from forecourt.core import scope
from forecourt.orgs.models import Contact
from forecourt.orgs.recipients import MailKind
from tests.cast import organization

moved = import_module("forecourt.orgs.migrations.0005_contact_kinds")


def test_the_primary_contacts_of_all_organizations_go_on_to_get_everything(committed_world):
    """Others got nothing until then, and get nothing by it."""
    acme = organization("acme")
    Contact.objects.create(organization=acme, email="other@acme.example")
    Contact.objects.filter(pk=acme.primary_contact_id).update(kinds=[], confirmed_at=None)
    scope.clear()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(moved.SEE + moved.EVERYTHING_TO_THE_PRIMARY_ONE + moved.UNSEE)
    acme = organization("acme")
    assert acme.primary_contact.kinds == list(MailKind) and acme.primary_contact.confirmed_at
    other = acme.contacts.get(email="other@acme.example")
    assert other.kinds == [] and other.confirmed_at is None
