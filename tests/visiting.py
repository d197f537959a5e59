"""What the tests of visits share."""

import pytest
from django.test import Client

from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.visits import Visit
from tests.cast import organization

ASKED = {"role": "admin", "reason": "They see no invoices"}
BANNER, ONLY = "you see the portal as <b>Acme</b>", "You only look here"
PAGE = "/o/acme/products/"


def begin(client: Client, slug: str = "acme", **given: str) -> int:
    """Begin a visit; the answer's status."""
    there = f"/console/organizations/{slug}/visit/"
    return client.post(there, {**ASKED, **given}).status_code


def leave(client: Client, slug: str = "acme"):
    return client.post(f"/console/organizations/{slug}/visit/ending/")


def visits() -> list[Visit]:
    with scope.across_organizations("a test looks"):
        return list(Visit.objects.order_by("pk"))


def events(slug: str = "acme") -> list[AuditEvent]:
    house = organization(slug)
    rows = AuditEvent.objects.filter(organization_id=house.pk, event__startswith="staff.visit")
    found = list(rows.order_by("pk"))
    scope.clear()
    return found


def status(client: Client, address: str = PAGE) -> int:
    return client.get(address).status_code


@pytest.fixture
def visitor(world) -> Client:
    client = at_work("support")
    assert begin(client) == 303
    return client
