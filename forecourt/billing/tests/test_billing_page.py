"""The Billing page: S10, S12, S43, S44, S48."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecourt.billing.models import Invoice, Subscription
from forecourt.demo import books
from tests.cast import organization

HERE = "/o/acme/billing/"
ADMIN, PRIMARY, MEMBER = "admin@acme.example", "primary@acme.example", "member@acme.example"


def page(client, path=HERE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def subscription(product: str) -> Subscription:
    return organization("acme").subscriptions.get(plan__product__slug=product)


@pytest.fixture
def admin(world, browser):
    books.books()
    return browser(ADMIN)


def test_it_says_what_is_paid_for_and_what_comes_next(admin):
    shown = page(admin)
    for text in ("Deploy", "€8,000.00", "Inventory", "Resume", "LT-", "€9,520.00", "was due"):
        assert text in shown


def test_a_primary_contact_who_is_a_member_sees_it_too(admin, browser):
    """S43."""
    shown = page(browser(PRIMARY))
    assert "Change seats" in shown and "€8,000.00" in shown


def test_a_member_has_no_entry_and_no_page(admin, browser):
    """S12."""
    member = browser(MEMBER)
    assert member.get(HERE).status_code == 403
    assert HERE not in member.get("/o/acme/products/").content.decode()
    assert HERE in admin.get("/o/acme/products/").content.decode()


def test_an_organization_without_anything_is_told_so(world, browser):
    shown = page(browser("admin@globex.example"), "/o/globex/billing/")
    assert "has no subscription" in shown and "There is no invoice yet" in shown


def test_canceling_is_asked_for_with_its_date_and_can_be_resumed(admin):
    """S48, O18: each subscription by itself."""
    deploy = subscription("deploy")
    address = f"{HERE}subscriptions/{deploy.pk}/cancellation/"
    asked = page(admin, address)
    assert "nothing changes" in asked and "Cancel subscription" in asked
    assert not subscription("deploy").cancels_at_period_end
    assert admin.post(address, {"reason": "Too many <b>"}).status_code == 303
    now = subscription("deploy")
    assert now.cancels_at_period_end and now.cancel_reason == "Too many <b>"
    assert not now.license.renews and now.license.ends_at is not None
    assert admin.post(f"{HERE}subscriptions/{deploy.pk}/resumption/").status_code == 303
    assert not subscription("deploy").cancels_at_period_end
    assert subscription("deploy").license.renews


def test_a_reason_of_ten_thousand_letters_is_refused_and_stays(admin):
    deploy = subscription("deploy")
    text = "no " * 3_333 + "end"
    answer = admin.post(f"{HERE}subscriptions/{deploy.pk}/cancellation/", {"reason": text})
    assert answer.status_code == 422 and text in answer.content.decode()
    assert not subscription("deploy").cancels_at_period_end


def test_more_seats_show_their_price_before_they_cost_it(admin):
    deploy = subscription("deploy")
    address = f"{HERE}subscriptions/{deploy.pk}/seats/"
    asked = page(admin, f"{address}?seats=30")
    assert "Buy 5 seats" in asked and "€11,424.00" in asked
    before = organization("acme").invoices.count()
    assert admin.post(address, {"seats": "30"}).status_code == 303
    assert subscription("deploy").seats == 30 == subscription("deploy").license.seats
    assert organization("acme").invoices.count() == before + 1
    invoice = Invoice.objects.order_by("pk").last()
    assert invoice.lines.get().quantity == 5 and f"€{invoice.total / 100:,.2f}" in asked


def test_fewer_seats_wait_for_the_renewal(admin):
    deploy = subscription("deploy")
    address = f"{HERE}subscriptions/{deploy.pk}/seats/"
    assert "Change to 10 seats" in page(admin, f"{address}?seats=10")
    assert admin.post(address, {"seats": "10"}).status_code == 303
    now = subscription("deploy")
    assert (now.seats, now.next_seats, now.license.seats) == (25, 10, 25)
    assert "10 from" in page(admin)


@pytest.mark.parametrize("seats", ["0", "-1", "1.5", "1000000000", "x", "", "2"])
def test_what_is_no_number_of_seats_is_refused(admin, seats):
    """A169; 2 are fewer than are taken."""
    deploy = subscription("deploy")
    answer = admin.post(f"{HERE}subscriptions/{deploy.pk}/seats/", {"seats": seats})
    assert answer.status_code == 422
    assert subscription("deploy").seats == 25 and subscription("deploy").next_seats is None


def test_another_organizations_subscription_is_not_there(admin, browser):
    stranger, deploy = browser("admin@globex.example"), subscription("deploy")
    for end in ("cancellation", "seats"):
        answer = stranger.post(f"/o/globex/billing/subscriptions/{deploy.pk}/{end}/", {"seats": 9})
        assert answer.status_code == 404


def many(number: int) -> None:
    """So many invoices more, all paid."""
    model = organization("acme").invoices.filter(status="paid").first()
    rows = []
    for n in range(number):
        row = Invoice.objects.get(pk=model.pk)
        row.pk, row.number, row.period_start, row.period_end = None, f"OLD-{n}", None, None
        rows.append(row)
    Invoice.objects.bulk_create(rows)


def test_however_many_invoices_there_are_the_page_asks_six_times(admin):
    page(admin)
    with CaptureQueriesContext(connection) as few:
        page(admin)
    many(60)
    with CaptureQueriesContext(connection) as some:
        shown = page(admin)
    assert len(few) == len(some) <= 7
    assert shown.count("/pdf/") == 25


def test_the_list_goes_on_from_page_to_page(admin):
    many(60)
    first = page(admin)
    assert "OLD-59" in first and 'aria-disabled="true">Previous' in first
    second = page(admin, HERE + "?before=" + first.rpartition("?before=")[2].partition('"')[0])
    assert "OLD-34" in second and "OLD-35" not in second
    back = page(admin, HERE + "?after=" + second.partition("?after=")[2].partition('"')[0])
    assert "OLD-59" in back


def test_what_is_to_be_paid_can_be_seen_alone(admin):
    shown = page(admin, HERE + "?show=open")
    assert shown.count("/pdf/") == 2 and "Past due" in shown and ">Paid<" not in shown


def test_an_ended_subscription_says_so(admin):
    deploy = subscription("deploy")
    Subscription.objects.filter(pk=deploy.pk).update(status="ended", ended_at=timezone.now())
    assert "ended" in page(admin)
    answer = admin.post(f"{HERE}subscriptions/{deploy.pk}/cancellation/")
    assert answer.status_code == 422
