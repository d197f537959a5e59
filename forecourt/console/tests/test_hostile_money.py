"""Whatever the files say of money, it is looked at, and what is wrong is left out as a whole."""

import itertools

import pytest
from django.db import connection

from forecourt.billing import clock, periods
from forecourt.billing.models import Invoice, Numbering, Payment, Subscription
from forecourt.billing.tests.books import a_subscription
from forecourt.console.tests.importing import MONEY, folder, forecourt, money
from forecourt.console.tests.test_importing import number_of
from forecourt.core import scope
from tests.cast import organization
from tests.invariants import verify
from tests.racing import one_by_one
from tests.test_crash_points import killed_at

WRONG = [
    ("plans", "100.00", "1,5", "more cells"),
    ("plans", "100.00", "1.005", "price: That is no amount of EUR"),
    ("plans", "EUR", "EURO", "currency: At most 3 letters"),
    ("plans", "CHF", "XQX", "currency: “XQX” is no currency"),
    ("plans", "deploy,Team", "abacus,Team", "product: There is no product"),
    ("sellers", "Kiel", "", "city: An invoice has to say who issues it"),
    ("billing_details", "Hamburg,DE", "Hamburg,XX", "country: Choose a country."),
    ("billing_details", "20095", "1", "postal_code: "),
    ("billing_details", "DE,,", "DE,DE123,", "tax_id: VAT number"),
    ("billing_details", "PO-7,30", "PO-7,91", "net_days: A whole number from 0 to 90"),
    ("subscriptions", "deploy-team", "abacus", "plan: There is no plan “abacus”"),
    ("subscriptions", "deploy-team", "connect-solo", "license: It is a license for another"),
    ("subscriptions", "L7", "L9", "license: There is none with this ref"),
    ("subscriptions", "L7", "", "license: Say what it pays for"),
    ("subscriptions", "{start},{due}", "{due},{start}", "period_end: By its plan the next"),
    ("subscriptions", "90.00", "-1", "price: That is no price"),
    ("subscriptions", "{start},{due}", "9999-12-31,", "period_start: It is no day"),
    ("invoices", "EUR,300.00", "XQX,300.00", "currency: “XQX” is no currency"),
    ("invoices", "2250.00,427.50", "2250.00,427.51", "total: It says 2677.50, but net"),
    ("invoices", "427.50,2677.50", "427.51,2677.51", "tax: It says 427.51, but the tax on"),
    ("invoices", "10.00,1.90,11.90", "11.00,0.90,11.90", "net: It says 11.00, but its lines"),
    ("invoices", "10.00,1.90", "10.001,1.90", "net: That is no amount of EUR"),
    ("invoices", "10.00,1.90", '"10,00",1.90', "net: It is no amount"),
    ("invoices", "11.90,open", "11.90,paid by cash", "status: “paid by cash” is none"),
    ("invoices", "322.00,,", "322.00,paid,", "status: By what was paid and credited"),
    ("invoices", "{start},{due},{start}", "{due},{late},{start}", "period_end: A period ends"),
    ("invoices", "S1,{start},{due}", "S1,{due},2099-01-01", "would be invoiced again"),
    ("invoices", "17,S1", "17,S9", "subscription: There is none"),
    ("invoices", "paid,before", "paid,after", "seller: There is none"),
    ("invoices", "RE/2024/18,", "RE/2024/17,", "The same stands in line 2"),
    ("invoices", "RE/2024/18,", "RE\\18,", "number: Letters, digits"),
    ("invoice_lines", "RE/2024/17", "RE/2024/99", "invoice: There is none with this number"),
    ("invoice_lines", "10,10.00,19", "11,10.00,19", "unit_price: 1 × 11 is not 10.00"),
    ("invoice_lines", "Book,2", "Book,1.5", "quantity: A whole number"),
    ("invoice_lines", "200.00,7", "200.00,107", "tax_rate: A rate is percent"),
    ("payments", "2000.00", "0.00", "amount: It is no money"),
    ("payments", "2000.00", "1000.00", "status: By what was paid and credited it is “open”"),
    ("payments", "RE/2024/18", "RE/2024/99", "invoice: There is no invoice"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), WRONG)
def test_a_line_that_is_wrong_is_left_out_with_a_sentence(
    world, tmp_path, capsys, file, old, new, said
):
    assert old in MONEY[file]
    wrong = folder(tmp_path, **money(**{file: MONEY[file].replace(old, new, 1)}))
    assert forecourt("import", wrong, "--dry-run") == 1
    foretold = capsys.readouterr().out
    assert forecourt("import", wrong) == 1
    told = capsys.readouterr().out
    assert said in foretold and said in told
    is_line = file == "invoice_lines" and old != "RE/2024/17"
    assert ("A line of it is wrong." in told) == is_line
    verify()
    forecourt("import", folder(tmp_path, **money()))  # mended, it is completed
    assert organization("hooli").invoices.count() == 3
    assert organization("hooli").subscriptions.count() == 1


def test_an_invoice_without_a_number_takes_no_other_along(world, tmp_path, capsys):
    lines = MONEY["invoices"].replace("seller", "seller,credits")
    files = money(invoices=lines.replace("RE/2024/18,", f"{'9' * 41},", 1))
    assert forecourt("import", folder(tmp_path, **files)) == 1
    said = capsys.readouterr().out
    assert "invoices.csv, line 3: number: At most 40 letters" in said
    assert organization("hooli").invoices.count() == 2


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_a_number_that_another_invoice_has_is_refused(world, tmp_path, capsys, words):
    assert forecourt("import", folder(tmp_path, **money())) == 0
    theirs = money()
    theirs["invoices"] = theirs["invoices"].replace("c-1,RE/2024/18", "c-2,RE/2024/17")
    theirs["invoice_lines"] = theirs["invoice_lines"].replace("c-1,RE/2024/18", "c-2,RE/2024/17")
    capsys.readouterr()
    assert forecourt("import", folder(tmp_path, **theirs), *words) == 1
    assert "invoices.csv, line 3: number: Another invoice has it." in capsys.readouterr().out


def test_killed_anywhere_it_leaves_all_of_a_customer_s_money_or_none(committed_world, tmp_path):
    where, seen = folder(tmp_path, **money()), set()
    for boundary in itertools.count(1, 23):
        killed = killed_at(boundary, lambda: forecourt("import", where), 0)
        counts = tuple(number_of(each) for each in (Subscription, Invoice, Payment))
        assert counts in ((0, 0, 0), (1, 3, 3))
        last = dict(Numbering.objects.values_list("series", "last"))
        assert last == ({f"LT-{periods.today().year}": 41} if counts[1] else {})
        verify()
        seen.add(counts)
        if not killed:
            break
    assert len(seen) == 2


def test_the_clock_waits_for_an_import_that_has_its_next_number_and_takes_the_one_after(
    committed_world, tmp_path
):
    a_subscription("globex", ago=31, interval="month")  # its first invoice has the first number
    number = f"LT-{periods.today().year}-00002"
    where = folder(
        tmp_path,
        **money(
            invoices=MONEY["invoices"].replace("LT-{year}-00041", number),
            invoice_lines=MONEY["invoice_lines"].replace("LT-{year}-00041", number),
        ),
    )

    def hold() -> None:
        connection.cursor().execute("lock table billing_invoiceline in exclusive mode")

    code, run = one_by_one(hold, lambda: forecourt("import", where), clock.renew)
    assert (code, run.issued, run.failed) == (0, 2, [])
    with scope.across_organizations("a test looks"):
        ours = Invoice.objects.filter(number__startswith="LT-").order_by("number")
        owners = list(ours.values_list("organization__slug", flat=True))
    assert owners == ["globex", "hooli", "globex", "hooli"]
    verify()
