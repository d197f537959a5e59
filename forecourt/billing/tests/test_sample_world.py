"""The sample world's money, as the demo has it."""

from forecourt.billing import clock, papers
from forecourt.billing.documents.xml import xml
from forecourt.billing.models import Invoice, Subscription
from forecourt.core import scope
from forecourt.demo import books
from forecourt.orgs.models import Organization
from tests.cast import organization


def test_acme_has_invoices_in_every_status_without_a_gap_in_their_numbers(world):
    books.books()
    organization("acme")
    states = {invoice.state for invoice in Invoice.objects.all()}
    assert states == {"paid", "open", "past_due", "credited", "issued", "void", "uncollectible"}
    with scope.across_organizations("every number"):
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
    years = {number[:7] for number in numbers}
    for year in years:
        theirs = [int(number[8:]) for number in numbers if number.startswith(year)]
        assert theirs == list(range(1, len(theirs) + 1))


def test_every_paper_of_it_can_be_made(world):
    books.books()
    organization("acme")
    for invoice in Invoice.objects.all():
        assert xml(papers.document(invoice))


def test_the_clock_renews_it_on_its_days_alone(world):
    books.books()
    assert clock.renew() == clock.Run()
    organization("acme")
    first = Subscription.objects.get(cancels_at_period_end=True, status="active").period_end
    run = clock.renew(first)
    assert (run.renewed, run.ended) == (0, 1)
    end = Subscription.objects.get(status="active").period_end
    run = clock.renew(end)
    assert (run.issued, run.ended) == (1, 1)
    assert clock.renew(end) == clock.Run()


def test_a_thousand_further_organizations_are_there(world):
    books.thousand()
    with scope.across_organizations("all"):
        found = Organization.objects.filter(pk__gt=10_000).select_related("primary_contact")
        assert len({each.slug for each in found}) == 1000
        assert found[0].primary_contact.email.endswith(".example")
