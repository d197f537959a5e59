"""The mails about money: who gets them, what is in them, and that each comes once. D8, S46, O21."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.billing import actions, clock, telling
from forecourt.billing.models import BillingAccount, BillingDetails, Invoice, Subscription
from forecourt.billing.tests.books import a_subscription, due_today, staff
from forecourt.core.actors import System
from forecourt.core.models import Mail
from forecourt.demo import books
from forecourt.orgs.models import Contact
from tests.cast import organization, text_of

INVOICING, PRIMARY, ADMIN = "invoices@acme.example", "primary@acme.example", "admin@acme.example"


@pytest.fixture
def acme(world, mailbox):
    """Acme with its books, and the mailbox."""
    books.books()
    return mailbox


def subscription(product: str) -> Subscription:
    return organization("acme").subscriptions.get(plan__product__slug=product)


def subjects(mailbox, address: str) -> list[str]:
    return [str(message["Subject"]) for message in mailbox.to(address)]


def test_an_invoice_goes_to_the_invoicing_address_and_the_primary_contact(acme):
    """S46: with its PDF; an Admin who is neither gets none."""
    deploy = subscription("deploy")
    actions.change_seats(System(1), subscription_id=deploy.pk, seats=26)
    (message,) = acme.to(INVOICING)
    number = Invoice.objects.order_by("pk").last().number
    assert number in str(message["Subject"]) and number in text_of(message)
    assert "DE02120300000000202051" in text_of(message)
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == f"Invoice {number}.pdf"
    assert attached.get_content()[:5] == b"%PDF-"
    assert len(acme.to(PRIMARY)) == 1 and not acme.to(ADMIN)


def test_a_contact_for_invoices_alone_gets_them_and_cannot_leave_them(acme):
    """O20, O22: also before confirming; the way to the preferences is there."""
    desk = {"email": "desk@acme.example", "kinds": ["invoices"]}
    Contact.objects.create(organization=organization("acme"), **desk)
    actions.change_seats(System(1), subscription_id=subscription("deploy").pk, seats=26)
    (message,) = acme.to("desk@acme.example")
    assert message["List-Unsubscribe"] is None and "/preferences/" in text_of(message)


def test_the_invoices_of_a_run_of_the_clock_come_once(world, mailbox):
    due_today()
    due_today("globex", slug="globex-plan")
    mailbox.deliver()
    before = len(mailbox.messages)
    clock.renew()
    assert len(mailbox.deliver()) == before + 2
    telling.invoices(after=0, upto=2**40)
    assert len(mailbox.deliver()) == before + 2


def test_a_payment_is_confirmed_with_what_is_still_open(acme):
    invoice = organization("acme").invoices.filter(status="open").last()
    actions.mark_paid(System(1), invoice_id=invoice.pk, amount=100_00, reference="SEPA 17")
    (message,) = acme.to(INVOICING)
    assert "€100.00" in text_of(message) and "€280.80" in text_of(message)
    organization("acme")
    assert Invoice.objects.get(pk=invoice.pk).status == "open"
    actions.mark_paid(System(1), invoice_id=invoice.pk)
    assert "€280.80" in text_of(acme.to(INVOICING)[-1])
    organization("acme")
    assert Invoice.objects.get(pk=invoice.pk).status == "paid"


def test_canceling_and_resuming_are_confirmed(acme):
    """O18."""
    deploy = subscription("deploy")
    actions.cancel_subscription(System(1), subscription_id=deploy.pk)
    assert any("is canceled and ends" in subject for subject in subjects(acme, ADMIN))
    actions.resume_subscription(System(1), subscription_id=deploy.pk)
    assert "Deploy is resumed" in subjects(acme, PRIMARY)
    assert "Deploy is resumed" in subjects(acme, INVOICING)


def test_what_was_resumed_before_its_mail_went_is_not_confirmed_as_canceled(acme):
    deploy = subscription("deploy")
    actions.cancel_subscription(System(1), subscription_id=deploy.pk)
    actions.resume_subscription(System(1), subscription_id=deploy.pk)
    assert subjects(acme, ADMIN) == ["Deploy is resumed"]


def owed(days: int) -> Invoice:
    """An invoice of Acme's that was due so many days ago (negative: is due in)."""
    actor = staff("acme")
    made = a_subscription()
    BillingAccount.objects.filter(pk=actor.organization_id).update(net_days=14)
    invoice = Invoice.objects.get(subscription=made)
    copy = Invoice.objects.get(pk=invoice.pk)
    copy.pk, copy.number, copy.period_start, copy.period_end = None, "OLD-1", None, None
    copy.due_on = timezone.localdate() - dt.timedelta(days=days)
    copy.issued_on = copy.due_on - dt.timedelta(days=14)
    copy.save(force_insert=True)
    return copy


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-4, None),
        (-3, "due"),
        (0, "due"),
        (1, "overdue"),
        (7, "overdue"),
        (8, None),
        (14, "overdue"),
        (36, "overdue"),
        (37, None),
    ],
)
def test_what_is_due_is_told_on_its_days(world, mailbox, days, said):
    owed(days)
    telling.due(after=0)
    telling.due(after=0)
    about = [mail.kind for mail in Mail.objects.filter(values__invoice_id__isnull=False)]
    kinds = {kind.rpartition(".")[2] for kind in about} - {"invoice"}
    assert kinds == ({said} if said else set())
    organization("acme")
    assert Mail.objects.filter(kind=f"billing.{said}").values("to").distinct().count() == (
        Mail.objects.filter(kind=f"billing.{said}").count()
    )


def test_an_overdue_invoice_is_no_news_once_it_is_paid(world, mailbox):
    invoice = owed(1)
    telling.due(after=0)
    actions.mark_paid(System(1), invoice_id=invoice.pk)
    assert not any("overdue" in subject for subject in subjects(mailbox, ADMIN))


@pytest.mark.parametrize(
    ("interval", "left", "which"),
    [
        ("year", 31, ""),
        ("year", 30, "30"),
        ("year", 8, "30"),
        ("year", 7, "7"),
        ("year", 1, "7"),
        ("month", 30, ""),
        ("month", 8, ""),
        ("month", 7, "7"),
    ],
)
def test_a_renewal_is_told_thirty_and_seven_days_before(world, mailbox, interval, left, which):
    """A monthly one seven days before alone."""
    made = a_subscription(interval=interval)
    end = timezone.localdate() + dt.timedelta(days=left)
    Subscription.objects.filter(pk=made.pk).update(
        period_start=end - dt.timedelta(days=31), period_end=end
    )
    telling.renewals(after=0)
    telling.renewals(after=0)
    organization("acme")
    told = Mail.objects.filter(kind="billing.renews", to=PRIMARY)
    assert [mail.about.rpartition(":")[2] for mail in told] == ([which] if which else [])


def test_a_renewals_notice_says_what_it_will_cost(world, mailbox):
    made = a_subscription()
    end = timezone.localdate() + dt.timedelta(days=7)
    Subscription.objects.filter(pk=made.pk).update(period_end=end)
    telling.renewals(after=0)
    notice = next(m for m in mailbox.to(PRIMARY) if "renews" in str(m["Subject"]))
    assert "7 days" in text_of(notice) and "€1,904.00" in text_of(notice)


def test_whoever_is_no_recipient_any_more_gets_no_invoice(acme):
    deploy = subscription("deploy")
    actions.change_seats(System(1), subscription_id=deploy.pk, seats=26)
    telling.invoice(1, Invoice.objects.order_by("pk").last().pk)
    organization("acme")
    account = BillingAccount.objects.get(pk=1)
    details = BillingDetails.objects.get(pk=account.details_id)
    details.pk, details.email = None, "new-finance@acme.example"
    details.save(force_insert=True)
    BillingAccount.objects.filter(pk=1).update(details=details)
    acme.deliver()
    assert not acme.to(INVOICING) and len(acme.to(PRIMARY)) == 1
