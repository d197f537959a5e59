"""The catalog in the console, walked: a release from the vendor's browser to a customer's."""

import hashlib
import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.houses import STAFF
from tests.browser.looking import look

pytestmark = pytest.mark.browser
#: How far the bar says that an upload is, whenever it says so.
NOTED = """() => document.addEventListener("htmx:xhr:progress", () => {
    const bar = document.querySelector("[data-upload]");
    sessionStorage.bar = `${bar.hidden ? "hidden" : "shown"} ${bar.value}`;
})"""
# (The versions are older than those of the sample world, whose newest other journeys look for.)
PATCHES = itertools.count(1)
HERE = "/console/catalog/"


def packages(folder: Path, version: str) -> list[Path]:
    """Two files: one whose name tells its platform, and one whose name does not."""
    made = [folder / f"deploy-{version}-linux-x86-64.tar.gz", folder / "setup.run"]
    for path in made:
        path.write_bytes(path.name.encode() * 100_000)
    return made


def test_staff_publish_a_release_and_a_customer_downloads_it(house, visit, script, tmp_path):
    version = f"18.5.{next(PATCHES)}"
    staff, files = visit(STAFF, script=script), packages(tmp_path, version)
    page = staff.go("/console/").page
    page.get_by_role("link", name="Catalog").first.click()
    page.get_by_role("link", name="Deploy", exact=True).click()
    page.get_by_role("link", name="Publish a release").click()
    staff.fill("Version", version)
    staff.fill("Release notes", "### Added\n\n- Things for **everybody**")
    staff.press("Preview")
    expect(page.locator("#preview strong")).to_have_text("everybody")
    page.locator("input[type=file]").set_input_files(files)
    if script:
        expect(page.get_by_label(files[0].name)).to_have_value("linux/x86-64")
        page.get_by_label("setup.run").select_option("macOS")
        page.evaluate(NOTED)
    else:
        page.get_by_label("File name").first.fill("setup.run")
        page.get_by_label("Platform", exact=True).first.select_option("macOS")
    staff.press("Publish the release")
    staff.hears(f"Deploy {version} is published.")
    assert not script or page.evaluate("sessionStorage.bar") == "shown 1"
    customer = visit(house.address("member"), script=script, accept_downloads=True)
    customer.go(f"{house.products}deploy/versions/{version}/")
    customer.sees("Things for everybody")
    expect(customer.row("setup.run")).to_contain_text("macOS")
    with customer.page.expect_download() as started:
        customer.page.get_by_role("link", name=f"Download {files[0].name}").click()
    started.value.save_as(tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == files[0].read_bytes()
    customer.sees(hashlib.sha256(files[0].read_bytes()).hexdigest())


def test_a_refused_release_keeps_what_was_typed_and_says_to_choose_again(visit, script, tmp_path):
    staff, (file, _other) = visit(STAFF, script=script), packages(tmp_path, "19.4.2")
    page = staff.go(f"{HERE}deploy/releases/new/").page
    staff.fill("Version", "19.4.2")
    staff.fill("Release notes", "Written for an hour.")
    page.locator("input[type=file]").set_input_files(file)
    staff.press("Publish the release")
    expect(page.locator(".errors")).to_be_focused()
    staff.sees("It cannot change: publish another version.")
    staff.sees("The files have to be chosen again")
    expect(page.get_by_label("Release notes")).to_have_value("Written for an hour.")
    assert not script or look(page, "a refused release") == []
    version = f"18.6.{next(PATCHES)}"
    staff.fill("Version", version)
    page.locator("input[type=file]").set_input_files(file)
    staff.press("Publish the release")
    staff.hears(f"Deploy {version} is published.")
    page.get_by_role("link", name=f"Withdraw {version}").click()
    staff.fill("Reason", "Published by mistake.")
    staff.press("Withdraw the release")
    staff.hears(f"Deploy {version} is withdrawn.")
    expect(staff.row(version)).to_contain_text("Published by mistake.")


def test_a_release_is_published_by_keyboard_alone(visit, tmp_path):
    staff, files = visit(STAFF), packages(tmp_path, version := f"18.7.{next(PATCHES)}")
    page = staff.go(f"{HERE}deploy/releases/new/").page
    expect(page.get_by_label("Version")).to_be_focused()
    page.keyboard.type(version)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("By hand")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_contain_text("By hand")
    page.keyboard.press("Tab")
    expect(page.locator("input[type=file]")).to_be_focused()  # whose dialog is the system's
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_label("setup.run")).to_be_visible()
    for _field in range(4):  # two platforms, Cancel, and the button
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Publish the release")).to_be_focused()
    page.keyboard.press("Enter")
    staff.hears(f"Deploy {version} is published.")


def test_a_program_is_let_in_its_secret_is_copied_replaced_and_it_is_disabled(visit, script):
    allowed = ["clipboard-read", "clipboard-write"]
    staff, name = visit(STAFF, script=script, permissions=allowed), f"Reports {next(PATCHES)}"
    page = staff.go(f"{HERE}clients/").page
    page.get_by_role("link", name="Add a client").first.click()
    staff.fill("Name", name)
    staff.fill("Redirect addresses", "https://reports.example/done")
    staff.press("Add client")
    staff.sees("nobody can read it again")
    first = page.locator("#client-secret").inner_text()
    if script:
        page.get_by_role("button", name="Copy").last.click()
        expect(page.locator("#said")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == first
        assert look(page, "a new secret") == []
    page.get_by_role("link", name="Go on").click()
    staff.sees("https://reports.example/done")
    staff.sees_not(first)
    page.get_by_role("link", name="Replace the secret").click()
    staff.press("Replace the secret")
    staff.sees("The secret before it works until")
    assert page.locator("#client-secret").inner_text() != first
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Disable").click()
    staff.press("Disable the client")
    staff.hears(f"{name} signs in nobody any more.")


def test_the_pages_of_the_catalog_look_right(visit):
    staff, found = visit(STAFF), []
    page = staff.go(HERE).page
    found += look(page, "catalog")
    page.get_by_role("button", name="Actions for Deploy").click()
    found += look(page, "menu of a product", small=False)
    page.keyboard.press("Escape")
    for address, link in (
        (HERE, "Add a product"),
        (f"{HERE}deploy/", "Edit product"),
        (f"{HERE}deploy/", "Add a plan"),
        (f"{HERE}deploy/", "Withdraw 19.4.2"),
        (f"{HERE}clients/", "Add a client"),
    ):
        found += look(staff.go(address).page, address)
        page.get_by_role("link", name=link, exact=True).first.click()
        expect(staff.dialog).to_be_visible()
        found += look(page, link)
    page = staff.go(f"{HERE}deploy/").page
    page.get_by_text(re.compile("^[0-9] files")).first.click()
    found += look(page, "a release's files")
    page = staff.go(f"{HERE}deploy/releases/new/").page
    staff.fill("Release notes", "### Added\n\n- " + "long" * 60)
    staff.press("Preview")
    expect(page.locator("#preview h3")).to_be_visible()
    found += look(page, "publishing")
    page = staff.go(f"{HERE}clients/").page
    page.get_by_role("row").nth(1).get_by_role("link").click()
    found += look(page, "a client")
    assert not found, "\n".join(found)
