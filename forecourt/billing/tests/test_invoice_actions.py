"""What comes after an invoice: paid, credited, corrected; and that what it says never changes."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from forecourt.billing import actions, periods
from forecourt.billing.accounts import account_of
from forecourt.billing.models import BillingDetails, Invoice, Numbering, Payment
from forecourt.billing.tests.books import a_subscription, invoices, staff
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Gone, Refused
from tests.cast import organization

KEPT = {
    "billing_invoice": ["number = 'X'", "total = total + 1, rounding = rounding + 1", "note = 'x'"],
    "billing_invoiceline": ["net = 1", "text = 'x'", "tax_rate = 7"],
    "billing_billingdetails": ["company = 'Other'", "email = 'x@x.example'"],
    "billing_invoicerevision": ["revision = 9"],
    "billing_payment": ["amount = 2"],
    "billing_seller": ["content = '{}'"],
    "billing_plan": ["unit_amount = 1", "currency = 'USD'", "name = 'Other'"],
}


@pytest.fixture
def invoice(world) -> Invoice:
    """1,904 euros, open."""
    a_subscription()
    return invoices().get()


def refused(field: str, sentence: str, act, invoice: Invoice, **more) -> None:
    """It is refused there, with a sentence, and nothing was changed."""
    before = list(invoices().values()), Payment.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        act(staff(), invoice_id=invoice.pk, **more)
    assert refusal.value.field == field
    assert (list(invoices().values()), Payment.objects.count()) == before


def move(**details) -> None:
    """Acme has other billing details from now on."""
    account = account_of(organization("acme"))
    old = {"company": "Acme", "email": "money@acme.example", "country": account.details.country}
    values = {**old, **details}
    account.details = BillingDetails.objects.create(organization_id=account.pk, **values)
    account.save()


def test_money_that_came_in_parts_is_noted_until_nothing_is_open(invoice):
    name = {"invoice_id": invoice.pk}
    payment = actions.mark_paid(staff(), **name, amount=1000_00, reference="x" * 200)
    after = invoices().get()
    assert (after.status, after.paid, after.outstanding) == ("open", 1000_00, 904_00)
    assert len(payment.reference) == 140 and payment.received_on == periods.today()
    actions.mark_paid(staff(), **name)
    after = invoices().get()
    assert (after.status, after.paid, after.outstanding) == ("paid", 1904_00, 0)
    assert after.paid_on == periods.today() and after.payments.count() == 2
    assert AuditEvent.objects.filter(event="invoice.paid").count() == 2
    refused(None, "not open", actions.mark_paid, invoice)


def test_what_is_no_payment_is_refused(invoice):
    tomorrow, long_ago = (periods.today() + dt.timedelta(days=n) for n in (1, -32))
    for amount in (0, -1, 1904_01, 10**12):
        refused("amount", "no more than is open", actions.mark_paid, invoice, amount=amount)
    for day in (tomorrow, long_ago):
        refused("on", "nor tomorrow", actions.mark_paid, invoice, received_on=day)
    with pytest.raises(Gone):
        actions.mark_paid(staff("globex"), invoice_id=invoice.pk)


def test_an_invoice_is_credited_once_by_a_numbered_document_that_mirrors_it(invoice):
    note = actions.credit_invoice(staff(), invoice_id=invoice.pk, reason=" Wrong\n plan. ")
    after = invoices().first()
    assert (after.status, after.credited, after.outstanding) == ("credited", after.total, 0)
    assert (note.kind, note.status, note.note) == ("credit_note", "issued", "Wrong plan.")
    assert note.credits == after and note.due_on is None and note.period_start is None
    amounts = ("currency", "net", "tax", "gross", "rounding", "total", "buyer_id", "seller_id")
    assert [getattr(note, name) for name in amounts] == [getattr(after, name) for name in amounts]
    lines = [
        list(each.lines.values_list("text", "quantity", "unit_amount", "net", "tax_rate"))
        for each in (note, after)
    ]
    assert lines[0] == lines[1]
    assert [i.number[-5:] for i in invoices()] == ["00001", "00002"]
    refused(None, "cannot be credited", actions.credit_invoice, invoice, reason="again")
    refused(None, "cannot be credited", actions.credit_invoice, note, reason="of a note")
    refused(None, "not open", actions.mark_paid, invoice)
    refused(None, "not open", actions.mark_paid, note)


def test_a_paid_invoice_can_be_credited_too(invoice):
    actions.mark_paid(staff(), invoice_id=invoice.pk)
    actions.credit_invoice(staff(), invoice_id=invoice.pk, reason="Given back.")
    after = invoices().first()
    assert (after.status, after.paid) == ("credited", after.total)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501, "a\x00b", "a\x1bb"])
def test_a_credit_note_says_why(invoice, reason):
    refused("reason", "Say why", actions.credit_invoice, invoice, reason=reason)
    assert Numbering.objects.get().last == 1


def test_a_corrected_copy_is_a_numbered_revision_to_the_details_of_today(invoice):
    move(company="Acme Holding")
    first = actions.correct_invoice(staff(), invoice_id=invoice.pk)
    assert (str(first), first.buyer.company) == (f"{invoice}-2", "Acme Holding")
    refused(None, "says what", actions.correct_invoice, invoice)
    move(company="Acme Holding", street="Elsewhere 1")
    second = actions.correct_invoice(staff(), invoice_id=invoice.pk)
    assert second.revision == 3 and invoices().get().buyer_id == invoice.buyer_id
    note = actions.credit_invoice(staff(), invoice_id=invoice.pk, reason="All of it.")
    assert note.buyer_id == second.buyer_id
    refused(None, "no corrected copy", actions.correct_invoice, invoice)


def test_nothing_is_corrected_where_nothing_changed_or_the_tax_would(invoice):
    refused(None, "says what", actions.correct_invoice, invoice)
    move(country="CH")
    refused(None, "tax would be another", actions.correct_invoice, invoice)
    assert not AuditEvent.objects.filter(event="invoice.corrected").exists()


def test_numbers_have_no_gap_whatever_was_refused_between(invoice):
    for _ in range(3):
        made = a_subscription(unit_amount=10_00 + Invoice.objects.count())
        refused("reason", "Say why", actions.credit_invoice, invoice, reason="")
        mine = invoices().filter(subscription=made).get()
        actions.credit_invoice(staff(), invoice_id=mine.pk, reason="No.")
    assert [int(i.number[-5:]) for i in invoices()] == [*range(1, 8)]
    assert Numbering.objects.get().last == 7


def test_what_an_invoice_says_is_kept_by_the_database(invoice):
    actions.mark_paid(staff(), invoice_id=invoice.pk, amount=1)
    move(company="Acme Holding")
    actions.correct_invoice(staff(), invoice_id=invoice.pk)
    organization("acme")
    for table, changes in KEPT.items():
        for change in changes:
            assert "never changes" in refusal(f"update {table} set {change}")
        assert "kept for ever" in refusal(f"delete from {table}")
    settled = {"status": "uncollectible", "paid": 2, "paid_on": periods.today(), "credited": 3}
    assert Invoice.objects.update(**settled) == 1


def refusal(statement: str) -> str:
    """With what the database refuses it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as problem:
        return str(problem)
    return f"done: {statement}"
