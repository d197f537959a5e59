"""What needs attention, and how staff get there."""

from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.demo import books
from forecourt.orgs.models import Contact
from tests.cast import organization, signed_in


def test_staff_arrive_in_the_console_and_others_where_they_belong(world):
    assert signed_in(STAFF).get("/")["Location"] == "/console/"
    assert signed_in("nobody@example.com").get("/")["Location"] == "/organizations/"
    assert "/console/" in signed_in(STAFF).get("/organizations/").content.decode()
    for who in ("admin@acme.example", "nobody@example.com"):
        assert "console" not in signed_in(who).get("/organizations/").content.decode()


def test_the_overview_names_what_needs_attention(world):
    books.books()
    house = organization("globex")
    Contact.objects.create(
        organization=house,
        email="gone@globex.example",
        bounced_at="2026-11-01T00:00Z",
        bounce="550",
    )
    scope.clear()
    page = at_work().get("/console/").content.decode()
    for words in ("Overdue invoices", "Contacts whose mail comes back", "gone@globex.example"):
        assert words in page
    assert "/console/organizations/globex/" in page
