"""What customers pay for comes from files as the former system has it: every invoice with its number,
every period once, and nobody asked for anything again."""

import datetime as dt

import pytest
from django.db import connection

from forecourt.billing import actions, clock, notices, periods, telling
from forecourt.billing.models import Invoice, Payment, Seller, Subscription
from forecourt.console.models import Imported
from forecourt.console.tests.importing import MONEY, folder, forecourt, money
from forecourt.console.tests.test_importing import number_of
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import organization, run_jobs
from tests.invariants import verify


@pytest.fixture
def hooli(world, tmp_path):
    """Hooli with its money; the folder of its files."""
    assert forecourt("import", folder(tmp_path, **money())) == 0
    return tmp_path


def invoice(number: str) -> Invoice:
    return organization("hooli").invoices.get(number=number)


def test_it_is_there_as_the_files_say(hooli):
    house = organization("hooli")
    account = house.billing_account
    assert (account.details.company, account.net_days) == ("Hooli GmbH", 30)
    held = house.subscriptions.get()
    assert (held.seats, held.unit_amount, held.plan.slug) == (25, 90_00, "deploy-team")
    assert held.license.ends_at == periods.moment(periods.today()) and held.license.renews
    paid, mixed, open_one = house.invoices.order_by("pk")
    assert (paid.status, paid.paid, paid.period_start) == ("paid", 2677_50, held.period_start)
    assert (mixed.status, mixed.outstanding, mixed.tax) == ("open", 300_00, 22_00)
    assert open_one.outstanding == 11_90 and open_one.buyer == account.details
    assert paid.seller.content["name"] == "Lumen Werkzeuge e.K."
    assert [str(each.amount) for each in paid.payments.order_by("pk")] == ["200000", "67750"]
    verify()


def test_a_customer_reads_it_on_billing_with_its_papers(hooli, browser):
    person = User.objects.get(email="admin@acme.example")
    Membership.objects.create(organization=organization("hooli"), user=person, role="admin")
    pk, client = invoice("RE/2024/17").pk, browser("admin@acme.example")
    page = client.get("/o/hooli/billing/").content.decode()
    assert "RE/2024/17" in page and "€2,677.50" in page
    answer = client.get(f"/o/hooli/billing/invoices/{pk}/pdf/")
    assert answer.content.startswith(b"%PDF-")
    assert "Invoice RE-2024-17.pdf" in answer["Content-Disposition"]
    paper = client.get(f"/o/hooli/billing/invoices/{pk}/xml/").content.decode()
    for said in ("RE/2024/17", "Lumen Werkzeuge e.K.", "Hooli GmbH", "427.50", "2677.50", "PO-7"):
        assert said in paper


def test_nobody_is_told_nor_reminded_of_what_was_due_before(world, tmp_path):
    where = folder(tmp_path, **money(late=16, ends_in=5))
    assert forecourt("import", where) == 0
    telling.due(after=0)
    telling.renewals(after=0)
    run_jobs()
    assert number_of(Mail) == 0
    organization("hooli")
    assert notices.of_invoice(invoice("RE/2024/18")) is None
    assert notices.of_renewal(Subscription.objects.get()) is None


@pytest.mark.parametrize(("days_here", "told"), [(0, 0), (2, 0), (3, 1), (40, 1)])
def test_what_becomes_due_here_is_told_here(hooli, days_here, told):
    """The reminder of the 14th day is due since two days."""
    late = invoice("RE/2024/18")
    late.pk, late.number = None, "RE/2024/19"
    late.imported_on = periods.today() - dt.timedelta(days=days_here)
    late.save(force_insert=True)
    with scope.across_organizations("a test looks"):
        assert notices.invoices().count() == told
    telling.due(after=0)
    assert number_of(Mail) == told
    organization("hooli")
    assert (notices.of_invoice(late) is not None) == bool(told)


@pytest.mark.parametrize(("days_here", "told"), [(0, 0), (2, 0), (3, 1)])
def test_a_renewal_that_comes_near_here_is_told_here(world, tmp_path, days_here, told):
    """The reminder of 7 days before it is due since two days."""
    forecourt("import", folder(tmp_path, **money(ends_in=5)))
    organization("hooli")
    came = periods.today() - dt.timedelta(days=days_here)
    Subscription.objects.update(imported_on=came)
    with scope.across_organizations("a test looks"):
        assert notices.renewals().count() == told
    telling.renewals(after=0)
    assert number_of(Mail) == told
    organization("hooli")
    assert (notices.of_renewal(Subscription.objects.get()) is not None) == bool(told)


def test_the_clock_goes_on_where_the_other_system_stopped(hooli):
    """One invoice for the next period, with the number after the highest, at the customer's price."""
    for _ in range(2):
        clock.renew()
    held, year = organization("hooli").subscriptions.get(), periods.today().year
    new = held.invoices.order_by("pk").last()
    assert held.invoices.count() == 2 and new.number == f"LT-{year}-00042"
    assert (new.net, new.total, new.period_start) == (2250_00, 2677_50, periods.today())
    assert held.period_start == periods.today() and held.period == 1
    assert held.license.ends_at == periods.moment(held.period_end)
    verify()


def test_periods_are_counted_from_the_first_day_of_all(world, tmp_path):
    head = "organization,ref,plan,license,seats,started,period_start,period_end\n"
    line = "c-2,S2,connect-solo,L8,1,2023-01-31,2031-02-28,2031-03-31"
    assert forecourt("import", folder(tmp_path, **money(subscriptions=head + line))) == 1
    held = organization("pied-piper-inc").subscriptions.get()
    assert (held.period, held.anchor_date.day) == (97, 31)
    assert held.period_end == dt.date(2031, 3, 31)


def test_a_second_run_does_nothing(hooli, capsys):
    models = (Invoice, Payment, Subscription, AuditEvent, Imported)
    before = [number_of(model) for model in models]
    capsys.readouterr()
    assert forecourt("import", hooli) == 0
    assert capsys.readouterr().out == "Unchanged: 24 lines.\n"
    assert [number_of(model) for model in models] == before


def test_a_dry_run_says_every_line_and_writes_nothing(world, tmp_path, capsys):
    assert forecourt("import", folder(tmp_path, **money()), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "invoices.csv, line 4: New." in said and "plans.csv, line 2: New." in said
    assert "New: 24 lines." in said
    assert number_of(Invoice) == number_of(Imported) == Seller.objects.count() == 0


@pytest.mark.parametrize(
    ("ends_in", "cancels", "said"),
    [
        (-40, "", "it is renewed, and invoiced up to today, within ten minutes."),
        (-1, "yes", "it ends, and its license with it, within ten minutes."),
        (2, "", None),
    ],
)
def test_a_period_that_is_over_is_a_warning_and_nothing_wrong(
    world, tmp_path, capsys, ends_in, cancels, said
):
    head, row = MONEY["subscriptions"].split("\n")
    files = money(ends_in=ends_in, subscriptions=f"{head},cancels\n{row},{cancels}")
    assert forecourt("import", folder(tmp_path, **files), "--dry-run") == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "subscriptions.csv" in line]
    day = periods.today() + dt.timedelta(days=ends_in)
    warning = f" Its period ended on {day}: {said}" if said else ""
    assert told == [f"subscriptions.csv, line 2: New.{warning}"]


def test_who_imports_it_reads_the_warning_as_well_and_once(world, tmp_path, capsys):
    for number in (1, 0):
        assert forecourt("import", folder(tmp_path, **money())) == 0
        assert capsys.readouterr().out.count("within ten minutes") == number


def test_what_came_later_is_noted_once(hooli, capsys):
    more = MONEY["payments"] + "\nc-1,LT-{year}-00041,11.90,{due},SEPA"
    for _ in range(2):
        assert forecourt("import", folder(hooli, **money(payments=more))) == 0
    found = invoice(f"LT-{periods.today().year}-00041")
    assert (found.status, found.paid, found.payments.count()) == ("paid", 11_90, 1)
    assert "Unchanged: 25 lines." in capsys.readouterr().out
    run_jobs()
    assert number_of(Mail) == 0
    verify()


def test_a_credit_note_takes_back_what_was_imported_before(hooli):
    head = "organization,number,kind,credits,issued,currency,net,tax,total\n"
    note = "c-1,GS-1,credit_note,RE/2024/18,{due},EUR,300.00,22.00,322.00"
    line = "organization,invoice,text,net,tax_rate\nc-1,GS-1,Book,200,7\nc-1,GS-1,Stamp,100,8"
    assert (
        forecourt("import", folder(hooli, **money(invoices=head + note, invoice_lines=line))) == 1
    )
    found = invoice("RE/2024/18")
    assert (found.status, found.credited) == ("credited", 322_00)
    assert invoice("GS-1").credits == found and invoice("GS-1").status == "issued"


def test_a_credit_note_may_stand_before_its_invoice_of_the_same_day(world, tmp_path):
    head = "organization,number,kind,credits,issued,currency,net,tax,total\n"
    note = "c-1,GS-2,credit_note,RE-2,{due},EUR,100.00,19,119\nc-1,RE-2,,,{due},eur,100,19.0,119.00"
    lines = "organization,invoice,text,net,tax_rate\nc-1,GS-2,Book,100,19\nc-1,RE-2,Book,100,19"
    files = money(invoices=head + note, invoice_lines=lines, payments="organization,invoice\n")
    forecourt("import", folder(tmp_path, **files))
    assert invoice("RE-2").status == "credited" and invoice("GS-2").pk > invoice("RE-2").pk


def test_an_imported_invoice_is_credited_here_with_each_line_s_own_tax(hooli):
    organization("hooli")
    found = invoice("RE/2024/18")
    note = actions.credit_invoice(System(found.organization_id), invoice_id=found.pk, reason="x")
    organization("hooli")
    assert [(x.net, x.tax_rate) for x in note.lines.order_by("pk")] == [(200_00, 7), (100_00, 8)]
    assert (note.number, note.tax) == (f"LT-{periods.today().year}-00042", 22_00)


def test_what_an_invoice_says_never_changes(hooli, capsys):
    changed = money()
    changed["invoices"] = changed["invoices"].replace("10.00,1.90,11.90", "20.00,3.80,23.80")
    changed["invoice_lines"] = changed["invoice_lines"].replace("Cable,1,10,10", "Cable,2,10,20")
    assert forecourt("import", folder(hooli, **changed)) == 1
    assert "What an invoice says never changes." in capsys.readouterr().out
    assert invoice(f"LT-{periods.today().year}-00041").total == 11_90
    another = money(invoice_lines=MONEY["invoice_lines"].replace("Cable", "Kabel"))
    assert forecourt("import", folder(hooli, **another)) == 1
    assert "What an invoice says never changes." in capsys.readouterr().out
    void = money(invoices=MONEY["invoices"].replace("11.90,open", "11.90,void"))
    assert forecourt("import", folder(hooli, **void)) == 0
    assert invoice(f"LT-{periods.today().year}-00041").status == "void"


def test_a_subscription_that_went_on_here_is_not_set_back(hooli, capsys):
    clock.renew()
    again = money(subscriptions=MONEY["subscriptions"].replace("L7,25", "L7,30"))
    assert forecourt("import", folder(hooli, **again)) == 1
    assert "It went on here: its period began on" in capsys.readouterr().out
    assert organization("hooli").subscriptions.get().seats == 25
    clock.renew()
    assert organization("hooli").invoices.count() == 4


def test_a_subscription_that_went_on_there_comes_along(hooli):
    later = MONEY["subscriptions"].replace("{start},{due}", "{due},").replace("L7,25", "L7,30")
    assert forecourt("import", folder(hooli, **money(subscriptions=later))) == 0
    held = organization("hooli").subscriptions.get()
    assert (held.seats, held.period_start, held.license.seats) == (30, periods.today(), 30)
    assert held.license.ends_at == periods.moment(held.period_end)
    assert clock.renew().renewed == 0


def test_what_is_sold_by_stripe_keeps_its_name_there_and_its_paper_is_fetched(
    world, tmp_path, settings
):
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    files = money()
    files["billing_details"] = files["billing_details"].replace("net_days", "stripe_customer")
    files["billing_details"] = files["billing_details"].replace(",30", ",cus_7")
    files["subscriptions"] = (
        "organization,ref,plan,license,seats,period_start,period_end,provider,external_id\n"
        "c-1,S1,deploy-team,L7,25,2025-01-05,2031-01-09,stripe,sub_7"
    )
    files["invoices"] = (
        "organization,number,issued,currency,net,tax,total,provider,external_id,status\n"
        "c-1,AB-1,2025-01-05,EUR,100,19,119,stripe,in_7,paid"
    )
    files["invoice_lines"] = "organization,invoice,text,net\n"
    files["payments"] = "organization,invoice,amount,received\n"
    assert forecourt("import", folder(tmp_path, **files)) == 0
    house = organization("hooli")
    assert house.stripe_customer.customer_id == "cus_7"
    assert house.subscriptions.get().external_id == "sub_7"
    assert house.invoices.get().stripe.paper is None and house.invoices.get().paid == 119_00
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name ~ 'fetch_paper'")
        assert len(cursor.fetchall()) == 1
