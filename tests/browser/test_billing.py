"""The Billing room, walked by those who may, and by one who may not. S12, S43, S44, S48."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("who", ["admin", "primary"])
def test_a_subscription_is_canceled_and_resumed(house, visit, script, who):
    """S48, O18: by an Admin, and by a primary contact who is only a Member."""
    payer = visit(house.address(who), script=script)
    page = payer.page
    page.get_by_role("link", name="Billing").first.click()
    payer.is_at(house.billing)
    payer.choose("Inventory", "Cancel subscription")
    expect(payer.dialog).to_contain_text("there is no further invoice")
    payer.fill("Why?", "We merge with Globex.")
    payer.press("Cancel subscription")
    payer.hears("Inventory is canceled.")
    expect(payer.row("Inventory")).to_contain_text("ends")
    page.get_by_role("button", name="Resume Inventory").click()
    payer.hears("Inventory goes on.")
    expect(payer.row("Inventory")).to_contain_text("renews")


def test_keeping_it_changes_nothing(house, visit, script):
    admin = visit(house.address("admin"), script=script).go(house.billing)
    admin.choose("Inventory", "Cancel subscription")
    keep = admin.dialog.get_by_text("Keep it")
    keep.click()
    expect(admin.dialog).to_have_count(0)
    expect(admin.row("Inventory")).to_contain_text("renews")


def test_an_invoice_is_opened_and_saved(house, visit, script, tmp_path):
    """S44."""
    admin = visit(house.address("admin"), script=script, accept_downloads=True).go(house.billing)
    admin.page.get_by_role("link", name="How to pay").click()
    for text in ("How to pay", "DE02 1203", "€499.80"):
        admin.sees(text)
    with admin.page.expect_download() as started:
        admin.page.get_by_role("link", name="PDF").first.click()
    started.value.save_as(tmp_path / "invoice.pdf")
    assert started.value.suggested_filename.startswith("Invoice LT-")
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF")


def test_further_seats_show_their_price_first(house, visit, script):
    admin = visit(house.address("admin"), script=script).go(house.billing)
    admin.choose("Inventory", "Change seats")
    admin.fill("Seats", "5")
    admin.press("Show the price")
    expect(admin.dialog).to_contain_text("€833.00")
    admin.press("Buy 2 seats")
    admin.hears("The seats of Inventory are changed.")
    expect(admin.row("Inventory").first).to_contain_text("5")


def test_a_year_comes_as_one_file(house, visit, tmp_path):
    admin = visit(house.address("admin"), accept_downloads=True).go(house.billing)
    admin.page.get_by_role("link", name="Year as ZIP").click()
    admin.press("Make the file")
    with admin.page.expect_download() as started:
        admin.page.get_by_role("link", name="Download").click()
    started.value.save_as(tmp_path / "year.zip")
    names = zipfile.ZipFile(io.BytesIO((tmp_path / "year.zip").read_bytes())).namelist()
    assert any(name.endswith(".pdf") for name in names)


def test_a_member_is_refused_everywhere(house, visit):
    """S12: no entry in the rail, and no page."""
    member = visit(house.address("member"))
    expect(member.page.get_by_role("link", name="Billing")).to_have_count(0)
    for end in ("", "exports/", "details/"):
        member.go(house.billing + end, status=403)


def test_the_pages_of_billing_look_right(house, visit):
    admin, found = visit(house.address("admin")), []
    page = admin.go(house.billing).page
    found += look(page, "billing")
    for what in ("Change seats", "Cancel subscription"):
        admin.choose("Inventory", what)
        found += look(page, what)
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Year as ZIP").click()
    expect(admin.dialog).to_be_visible()
    found += look(page, "a year")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="How to pay").click()
    found += look(page, "an invoice")
    page.get_by_role("link", name="Issue a corrected copy").click()
    expect(admin.dialog).to_be_visible()
    found += look(page, "a corrected copy")
    found += look(visit("admin@acme.example").go("/o/acme/billing/").page, "a year of invoices")
    assert not found, "\n".join(found)
