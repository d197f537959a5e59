"""The staff themselves (`add_staff`, `change_duty`, `remove_staff`), and what they do with money
(`issue_invoice`)."""

import pytest

from forecourt.billing.models import Invoice
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.demo import books
from forecourt.orgs.models import Staff
from tests.cast import organization, prove, signed_in, text_of

HERE = "/console/staff/"


def one(email: str = STAFF) -> Staff:
    return Staff.objects.get(user__email=email)


def test_an_owner_lets_somebody_in_changes_and_removes_them(world):
    client = at_work()
    form = {"email": "nobody@example.com", "duty": "support"}
    assert client.post(HERE, form).status_code == 303
    theirs = f"{HERE}{one('nobody@example.com').pk}/"
    assert client.post(theirs, {"duty": "finance"}).status_code == 303
    assert one("nobody@example.com").duty == "finance"
    assert client.post(theirs, {"duty": "none"}).status_code == 303
    assert Staff.objects.count() == 1
    with scope.across_organizations("a test looks"):
        events = list(AuditEvent.objects.filter(event__startswith="staff.").order_by("pk"))
    assert [row.event for row in events] == ["staff.added", "staff.duty_changed", "staff.removed"]
    assert {row.actor_label for row in events} == {STAFF}


def test_whoever_was_removed_finds_no_console_at_their_next_request(world):
    client = at_work()
    client.post(HERE, {"email": "nobody@example.com", "duty": "owner"})
    other = signed_in("nobody@example.com")
    prove(other, "password", "mfa")
    assert other.get("/console/").status_code == 200
    client.post(f"{HERE}{one('nobody@example.com').pk}/", {"duty": "none"})
    assert other.get("/console/").status_code == 404


@pytest.mark.parametrize("duty", ["none", "support"])
def test_the_only_owner_stays(world, duty):
    client = at_work()
    page = client.post(f"{HERE}{one().pk}/", {"duty": duty})
    assert page.status_code == 422 and "only owner" in page.content.decode()
    assert one().duty == "owner"


def test_only_owners_run_the_console(world):
    for duty in ("support", "finance", "catalog"):
        client = at_work(duty)
        assert client.get(HERE).status_code == client.post(HERE).status_code == 403


def test_whoever_has_no_account_gets_one_that_a_mailed_code_opens(world, mailbox):
    form = {"email": "nobody.knows@vendor.example", "duty": "support"}
    assert at_work().post(HERE, form).status_code == 303
    assert not one("nobody.knows@vendor.example").user.has_usable_password()
    (told,) = mailbox.to("nobody.knows@vendor.example")
    assert STAFF in text_of(told)


def test_what_is_no_address_makes_nobody_staff(world):
    page = at_work().post(HERE, {"email": "a@b", "duty": "support"})
    assert page.status_code == 422
    assert Staff.objects.count() == 1


@pytest.fixture
def books_of_acme(world):
    books.books()
    scope.clear()


def open_invoice() -> Invoice:
    found = organization("acme").invoices.filter(status="open").first()
    scope.clear()
    return found


def test_an_invoice_is_paid_in_part_and_then_wholly(books_of_acme):
    client, invoice = at_work("finance"), open_invoice()
    here = f"/console/organizations/acme/invoices/{invoice.pk}/payment/"
    assert client.post(here, {"amount": "1.005"}).status_code == 422
    assert client.post(here, {"amount": "99999999"}).status_code == 422
    assert client.post(here, {"amount": "1.00", "reference": "first"}).status_code == 303
    assert open_invoice().outstanding == invoice.outstanding - 100
    assert client.post(here, {}).status_code == 303
    assert organization("acme").invoices.get(pk=invoice.pk).status == "paid"


def test_an_invoice_is_credited_with_a_reason(books_of_acme):
    client, invoice = at_work("finance"), open_invoice()
    here = f"/console/organizations/acme/invoices/{invoice.pk}/credit/"
    assert client.post(here, {"reason": ""}).status_code == 422
    assert client.post(here, {"reason": "Ordered twice"}).status_code == 303
    note = organization("acme").invoices.get(kind="credit_note", credits=invoice)
    assert note.total == invoice.total


def test_a_subscription_is_canceled_resumed_and_ended(books_of_acme):
    client = at_work("finance")
    running = organization("acme").subscriptions.filter(status="active").first()
    scope.clear()
    here = f"/console/organizations/acme/subscriptions/{running.pk}/"
    for how, canceled in (("cancel", True), ("resume", False)):
        assert client.post(here, {"how": how, "reason": "Asked by phone"}).status_code == 303
        now = organization("acme").subscriptions.get(pk=running.pk)
        assert now.cancels_at_period_end == canceled
        scope.clear()
    assert client.post(here, {"how": "end"}).status_code == 303
    assert organization("acme").subscriptions.get(pk=running.pk).has_ended


def test_an_invoice_over_something_else_is_issued_and_mailed(books_of_acme, mailbox):
    client, here = at_work("finance"), "/console/organizations/acme/invoices/new/"
    form = {
        "text": "Training, one day",
        "quantity": "2",
        "unit_amount": "400.50",
        "currency": "eur",
    }
    assert client.post(here, form).status_code == 303
    made = organization("acme").invoices.get(subscription=None, net=801_00)
    (line,) = made.lines.all()
    assert (line.text, line.quantity, line.net) == ("Training, one day", 2, 801_00)
    assert made.total == made.net + made.tax > made.net
    assert made.status == "open"
    scope.clear()
    assert any(made.number in text_of(mail) for mail in mailbox.deliver())
    page = signed_in("admin@acme.example").get("/o/acme/billing/").content.decode()
    assert made.number in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("text", value) for value in ("", "x" * 201, "a\x00b")),
        *(("quantity", value) for value in ("0", "-1", "1.5", "100001", "")),
        *(("unit_amount", value) for value in ("0", "-5", "1.005", "nan", "99999999999")),
        *(("currency", value) for value in ("EURO", "XYZ", "")),
        *(("note", value) for value in ("x" * 501, "a\x01b")),
    ],
)
def test_what_is_no_invoice_is_refused_and_takes_no_number(books_of_acme, name, value):
    before = organization("acme").invoices.count()
    scope.clear()
    form = {"text": "Training", "quantity": "1", "unit_amount": "400", "currency": "EUR"}
    page = at_work("finance").post(
        "/console/organizations/acme/invoices/new/", {**form, name: value}
    )
    assert page.status_code == 422
    assert organization("acme").invoices.count() == before


def test_a_subscription_gets_another_number_of_seats(books_of_acme):
    client = at_work("finance")
    running = organization("acme").subscriptions.filter(status="active").first()
    scope.clear()
    here = f"/console/organizations/acme/subscriptions/{running.pk}/"
    assert f'value="{running.seats}"' in client.get(here).content.decode()
    assert client.post(here, {"how": "seats", "seats": ""}).status_code == 422
    more = running.seats + 2
    assert client.post(here, {"how": "seats", "seats": str(more)}).status_code == 303
    assert organization("acme").subscriptions.get(pk=running.pk).seats == more


def test_what_is_another_customers_is_not_there(books_of_acme):
    client, invoice = at_work("finance"), open_invoice()
    for address in (f"invoices/{invoice.pk}/payment/", f"invoices/{invoice.pk}/credit/"):
        assert client.get(f"/console/organizations/globex/{address}").status_code == 404


def test_support_sees_money_and_changes_none(books_of_acme):
    client, invoice = at_work("support"), open_invoice()
    page = client.get("/console/organizations/acme/").content.decode()
    assert invoice.number in page and "/payment/" not in page
    here = f"/console/organizations/acme/invoices/{invoice.pk}/payment/"
    assert client.post(here, {}).status_code == 403
