"""An invoice's page, its papers, its corrected copy, and a year of them. S44, O19."""

import csv
import io
import zipfile

import pytest

from forecourt.billing import actions, exports
from forecourt.billing.models import BillingAccount, BillingDetails, Invoice
from forecourt.core import exports as files
from forecourt.core.actors import System
from forecourt.core.models import Export
from forecourt.demo import books
from tests.cast import organization, run_jobs

HERE = "/o/acme/billing/"
ADMIN = "admin@acme.example"


@pytest.fixture
def admin(world, browser):
    books.books()
    return browser(ADMIN)


def an_invoice(**more) -> Invoice:
    """The newest of Acme's that are to be paid, or that are like this."""
    rows = organization("acme").invoices.filter(**(more or {"status": "open"}))
    return rows.order_by("-pk").first()


def page(client, invoice: Invoice, end: str = "") -> str:
    answer = client.get(f"{HERE}invoices/{invoice.pk}/{end}")
    assert answer.status_code == 200
    return answer.content.decode()


def move(**changes) -> BillingDetails:
    """Acme has other billing details from now on."""
    account = BillingAccount.objects.select_related("details").get(pk=organization("acme").pk)
    details = account.details
    details.pk = None
    for name, value in changes.items():
        setattr(details, name, value)
    details.save(force_insert=True)
    account.details = details
    account.save()
    return details


def test_it_says_what_it_is_for_and_how_to_pay(admin):
    invoice = an_invoice()
    shown = page(admin, invoice)
    for text in ("How to pay", "DE02 1203", invoice.number, "€320.00", "Tax, 19", "€380.80"):
        assert text in shown
    assert "How to pay" not in page(admin, an_invoice(status="paid"))


def test_its_pdf_is_one_with_its_data_in_it(admin):
    from facturx import get_xml_from_pdf

    invoice = an_invoice()
    answer = admin.get(f"{HERE}invoices/{invoice.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert f"Invoice {invoice.number}.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    name, data = get_xml_from_pdf(answer.content)
    assert name == "factur-x.xml" and invoice.number.encode() in data
    assert data == admin.get(f"{HERE}invoices/{invoice.pk}/xml/").content


def test_a_change_of_details_leaves_old_invoices_as_they_are(admin):
    """O19."""
    invoice = an_invoice()
    before = admin.get(f"{HERE}invoices/{invoice.pk}/pdf/").content
    move(company="Acme Holding SE")
    assert admin.get(f"{HERE}invoices/{invoice.pk}/pdf/").content == before
    assert "Acme GmbH" in page(admin, invoice)


def test_a_corrected_copy_bears_the_new_details_and_a_number_of_its_own(admin):
    """O19."""
    invoice = an_invoice()
    address = f"{HERE}invoices/{invoice.pk}/correction/"
    assert "say what your billing details say" in admin.post(address).content.decode().replace(
        "says", "say"
    )
    move(company="Acme Holding SE")
    assert admin.post(address).status_code == 303
    shown = page(admin, invoice)
    assert f"{invoice.number}-2" in shown and "Acme GmbH" in shown
    copy = admin.get(f"{HERE}invoices/{invoice.pk}/xml/?copy=2").content.decode()
    assert "Acme Holding SE" in copy and ">384<" in copy and f"{invoice.number}-2" in copy
    assert admin.get(f"{HERE}invoices/{invoice.pk}/pdf/?copy=3").status_code == 404


def test_a_copy_that_would_change_the_tax_is_refused(admin):
    move(country="FR", tax_id="FR86990000002")
    invoice = an_invoice()
    answer = admin.post(f"{HERE}invoices/{invoice.pk}/correction/")
    assert answer.status_code == 422 and "tax would be another" in answer.content.decode()
    assert not organization("acme").invoices.get(pk=invoice.pk).revisions.exists()


def test_a_credit_note_and_its_invoice_point_to_each_other(admin):
    invoice = an_invoice()
    note = actions.credit_invoice(System(1), invoice_id=invoice.pk, reason="Ordered twice.")
    assert note.number in page(admin, invoice) and invoice.number in page(admin, note)
    assert "Ordered twice." in page(admin, note) and "How to pay" not in page(admin, invoice)
    assert ">381<" in page(admin, note, "xml/")


def test_another_organizations_invoice_is_not_there(admin, browser):
    stranger, invoice = browser("admin@globex.example"), an_invoice()
    for end in ("", "pdf/", "xml/", "correction/"):
        assert stranger.get(f"/o/globex/billing/invoices/{invoice.pk}/{end}").status_code == 404


def ask_for(client, form: str) -> Export:
    year = an_invoice().issued_on.year
    answer = client.post(f"{HERE}exports/", {"year": year, "file_type": form})
    assert answer.status_code == 303
    organization("acme")
    return Export.objects.get(pk=int(answer["Location"].split("/")[-2]))


def test_a_year_comes_as_one_zip_with_every_paper(admin):
    export = ask_for(admin, "zip")
    waiting = admin.get(f"{HERE}exports/{export.pk}/").content.decode()
    assert "It begins in a moment" in waiting
    assert admin.get(f"{HERE}exports/{export.pk}/file/").status_code == 404
    run_jobs()
    assert "Download" in admin.get(f"{HERE}exports/{export.pk}/").content.decode()
    answer = admin.get(f"{HERE}exports/{export.pk}/file/")
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    year = export.wanted["year"]
    papers = organization("acme").invoices.filter(issued_on__year=year)
    assert len(names) == 2 * papers.count() + 1
    assert f"Invoice {an_invoice().number}.pdf" in names and f"{year}.csv" in names


def test_a_table_of_a_year_has_no_formula_in_it(admin):
    move(company="=1+1", po_number="@SUM(A1)")
    invoice = an_invoice()
    Invoice.objects.filter(pk=invoice.pk).exists()
    actions.change_seats(
        System(1), subscription_id=invoice.subscription_id, seats=invoice.subscription.seats + 1
    )
    export = ask_for(admin, "csv")
    run_jobs()
    answer = admin.get(f"{HERE}exports/{export.pk}/file/")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[-1]["company"] == "'=1+1" and rows[-1]["po_number"] == "'@SUM(A1)"
    assert rows[-2]["total"] == "380.80" and rows[-2]["currency"] == "EUR"


def test_an_export_that_broke_off_begins_anew(admin, monkeypatch):
    export = ask_for(admin, "zip")
    made = exports.papers.content
    calls = []

    def breaks(*arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise OSError("no room")
        return made(*arguments)

    monkeypatch.setattr(files, "PIECE", 1000)
    monkeypatch.setattr(exports.papers, "content", breaks)
    with pytest.raises(OSError, match="no room"):
        exports.make(1, export.pk)
    exports.make(1, export.pk)
    content = b"".join(admin.get(f"{HERE}exports/{export.pk}/file/").streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_another_organizations_export_is_not_there(admin, browser):
    export = ask_for(admin, "csv")
    run_jobs()
    for end in ("", "file/"):
        address = f"/o/globex/billing/exports/{export.pk}/{end}"
        assert browser("admin@globex.example").get(address).status_code == 404
