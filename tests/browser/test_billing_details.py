"""Manage billing details: by an Admin and by a primary contact who is a Member, by keyboard, on a
phone, with script and without; looked at by axe. S45, S47."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("who", ["admin", "primary"])
def test_billing_details_are_filled_in_by_the_countrys_rules(house, visit, script, who):
    billing = f"/o/{house.slug}/billing/"
    visitor = visit(house.address(who), script=script, width=390).go(billing + "details/")
    dialog = visitor.dialog
    visitor.fill("Company", "Journey <b>Tools</b> GmbH")
    visitor.fill("PO number", "PO 4711")
    for country, label in (("US", "ZIP code"), ("DE", "Postal code")):
        dialog.get_by_label("Country").select_option(country)
        if not script:
            visitor.press("Use this country")
        expect(dialog.get_by_label(label)).to_be_visible()
    expect(dialog.get_by_label("State")).to_have_count(0)
    expect(dialog.get_by_label("Company")).to_have_value("Journey <b>Tools</b> GmbH")
    visitor.fill("Street", "Hafenstraße 12")
    visitor.fill("Postal code", "ABC")
    visitor.fill("City", "Hamburg")
    dialog.get_by_label("City").press("Enter")
    expect(dialog.locator(".errors")).to_contain_text("in Germany it looks like 26133.")
    found = look(visitor.page, "page with errors") if script else []
    visitor.fill("Postal code", "20457")
    visitor.press("Update")
    visitor.hears("The billing details are saved.")
    visitor.is_at(billing)
    visitor.sees("Journey <b>Tools</b> GmbH")
    visitor.sees("20457 Hamburg")
    visitor.sees("PO 4711")
    found += look(visitor.page, "card") if script else []
    assert not found, "\n".join(found)


def test_the_dialog_is_used_by_keyboard_alone(house, visit, script):
    billing = f"/o/{house.slug}/billing/"
    admin = visit(house.address("admin"), script=script).go(billing + "details/")
    admin.dialog.get_by_label("Country").select_option("AE")
    if not script:
        admin.press("Use this country")
    admin.fill("Street", "Dock 7")
    admin.dialog.get_by_label("Emirate").select_option(label="Dubai")
    admin.press("Update")
    admin.sees("United Arab Emirates")
    page = admin.page
    page.get_by_role("link", name="Manage billing details").press("Enter")
    country = admin.dialog.get_by_label("Country")
    country.focus()
    # Until then htmx does not hear what is typed, and may take the focus.
    expect(page.locator(".htmx-settling")).to_have_count(0)
    country.focus()
    page.keyboard.type("Germany")
    if script:
        expect(admin.dialog.get_by_label("VAT number")).to_be_visible()
        expect(country).to_be_focused()
    else:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    found = look(page, "dialog") if script else []
    expect(admin.dialog.get_by_label("Street")).to_have_value("Dock 7")
    admin.dialog.get_by_label("VAT number").fill("DE 136 695 977")
    admin.dialog.get_by_label("Postal code").fill("20457")
    admin.dialog.get_by_label("City").fill("Hamburg")
    admin.dialog.get_by_role("button", name="Update").press("Enter")
    expect(admin.dialog.locator(".errors")).to_contain_text("VAT number: this is not its form")
    if script:
        expect(admin.dialog.locator(".errors")).to_be_focused()
        found += look(page, "dialog with errors")
    admin.dialog.get_by_label("VAT number").fill("DE 136 695 976")
    admin.dialog.get_by_label("VAT number").press("Enter")
    admin.hears("The billing details are saved.")
    admin.sees("DE136695976")
    assert not found, "\n".join(found)
