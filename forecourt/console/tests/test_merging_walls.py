"""What lets rows become another customer's, and nothing else."""

from contextlib import suppress

import pytest
from django.db import ProgrammingError, connection, transaction

from forecourt.console import merging
from forecourt.core import scope
from forecourt.demo import books
from forecourt.orgs.models import Membership
from tests.cast import organization
from tests.test_walls import rows, tables

pytestmark = pytest.mark.usefixtures("world")
STAYS = {
    *("orgs_organization", "core_auditevent", "core_export", "core_exportpiece", "products_launch"),
    *("console_imported", "console_primarymove", "console_merged", "orgs_visit"),
}


def test_every_table_of_an_organization_goes_along_or_stays_on_purpose():
    assert set(merging.MOVED) | STAYS == set(tables())
    assert not set(merging.MOVED) & STAYS


@pytest.mark.parametrize(
    ("settings", "statement"),
    [
        ({}, "update orgs_membership set organization_id = 1"),
        ({"from": 2}, "update orgs_membership set organization_id = 1"),
        ({"into": 1}, "update orgs_membership set organization_id = 1"),
        ({"from": 2, "into": 1}, "update orgs_membership set organization_id = 3"),
        ({"from": 2, "into": 1}, "update orgs_membership set role = 'admin'"),
        ({"from": 2, "into": 1}, "update orgs_membership set organization_id = 1, role = 'admin'"),
        ({"from": 2, "into": 1}, "delete from orgs_membership"),
        ({"from": 2, "into": 1}, "update core_auditevent set organization_id = 1"),
    ],
)
def test_the_role_that_moves_rows_can_do_nothing_else(settings, statement):
    before = places()
    changed = 0
    with suppress(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(f"select set_config('forecourt.{name}', '{value}', true)")
        cursor.execute(scope.ACROSS)
        cursor.execute(statement)
        changed = cursor.rowcount
        cursor.execute(scope.BACK)
    assert changed == 0
    assert places() == before


def places() -> list[tuple]:
    with scope.across_organizations("test"):
        return sorted(Membership.objects.values_list("pk", "organization", "role"))


def test_an_invoice_still_never_changes():
    books.books()
    organization("acme")
    with pytest.raises(Exception, match="never changes"), transaction.atomic():
        rows("update billing_invoice set total = total + 1, net = net + 1, gross = gross + 1")
