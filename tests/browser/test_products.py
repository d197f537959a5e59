"""The Products room, walked: keys, downloads, versions."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser
NEWEST = "Download 19.4.2"


def test_a_member_reveals_a_key_and_downloads_the_newest_version(house, visit, script, tmp_path):
    member = visit(house.address("member"), script=script, accept_downloads=True)
    page = member.go(house.products).page
    key = f"DPLY-JOURNEY-{house.number}"
    member.sees_not(key)
    page.get_by_role("button", name="Reveal: license key of Deploy").click()
    expect(member.dialog).to_contain_text(key)
    member.go(house.products)
    with page.expect_download() as started:
        page.get_by_role("link", name=NEWEST).click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert re.fullmatch(r"deploy-19\.4\.2-\w+-x86-64\.tar\.gz", file.name)
    page.get_by_role("link", name="Release notes").first.click()
    member.sees("no longer skipped")
    member.sees(hashlib.sha256(Path(file).read_bytes()).hexdigest())
    page.get_by_role("link", name="Versions of Deploy").click()
    expect(member.row("19.4.1")).to_contain_text("Withdrawn")


def test_a_key_is_copied_without_being_shown(house, visit):
    admin = visit(house.address("admin"), permissions=["clipboard-read", "clipboard-write"])
    page = admin.go(house.products).page
    page.get_by_role("button", name="Copy: license key of Deploy").click()
    expect(page.locator("#said")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"DPLY-JOURNEY-{house.number}"
    admin.sees_not(copied)


def test_an_admin_replaces_a_key_and_hides_keys_from_members(house, visit, script):
    admin = visit(house.address("admin"), script=script)
    admin.go(house.products).page.get_by_role("link", name="Replace").click()
    admin.fill("works on for", "30")
    admin.press("Replace the key")
    admin.hears("Deploy has a new license key.")
    admin.sees("The key before it works until")
    admin.go(f"/o/{house.slug}/account/")
    keys = admin.page.get_by_role("group", name="Who sees license keys")
    keys.get_by_role("radio", name=re.compile("^Admins only")).check()
    admin.page.get_by_role("button", name="Save changes").first.click()
    admin.hears("The settings are saved.")
    member = visit(house.address("member"), script=script).go(house.products)
    member.sees("License keys are shown to Admins only.")
    expect(member.page.get_by_role("button", name="Reveal")).to_have_count(0)


def test_the_menu_of_packages_opens_and_closes_by_keyboard(house, visit):
    page = visit(house.address("member")).go(house.products).page
    button = page.get_by_role("button", name="Other platforms of Deploy")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Windows, x86-64")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Windows, x86-64")).not_to_be_visible()
    expect(button).to_be_focused()


def test_the_pages_of_products_look_right(house, visit):
    admin, found = visit(house.address("admin")), []
    page = admin.go(house.products).page
    found += look(page, "products")
    for open_it in (
        page.get_by_role("button", name="Reveal: license key of Deploy"),
        page.get_by_role("link", name="Replace"),
    ):
        open_it.click()
        expect(admin.dialog).to_be_visible()
        found += look(page, "a dialog of products")
        page.keyboard.press("Escape")
    there = f"{house.products}deploy/versions/"
    found += look(admin.go(there + "?channel=beta").page, "versions")
    found += look(admin.go(there + "19.4.2/").page, "a release")
    found += look(admin.go(there + "19.4.1/").page, "a withdrawn release")
    other = visit("admin@globex.example").go("/o/globex/products/")
    found += look(other.page, "products with an expired license")
    found += look(other.go("/o/globex/products/deploy/versions/").page, "versions, expired")
    found += look(visit("admin@initech.example").go("/o/initech/products/").page, "no product")
    assert not found, "\n".join(found)
