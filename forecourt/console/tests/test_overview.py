"""What needs attention, and how staff get there."""

import datetime as dt

from django.utils import timezone

from forecourt.billing.models import ProviderCall, StripeEvent
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


def test_webhooks_that_wait_are_named_where_there_is_stripe(world, settings):
    assert "Stripe" not in at_work().get("/console/").content.decode()
    settings.STRIPE_SECRET_KEY = "sk_test_a"
    long_ago = timezone.now() - dt.timedelta(hours=2)
    event = StripeEvent(event_id="evt_1", kind="invoice.paid", subject="in_1", happened_at=long_ago)
    event.save()
    house = organization("acme")
    ProviderCall.objects.create(
        organization=house,
        kind="pay",
        about="invoice:1",
        status="refused",
        sentence="Your card was declined.",
        settled_at=timezone.now(),
    )
    scope.clear()
    page = at_work().get("/console/").content.decode()
    assert "Your card was declined." in page
    assert ">0<" in page.partition("Webhooks of Stripe")[2][:200]
    StripeEvent.objects.update(received_at=long_ago)
    page = at_work().get("/console/").content.decode()
    assert ">1<" in page.partition("Webhooks of Stripe")[2][:200]
