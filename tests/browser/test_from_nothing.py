"""From an empty database to a customer who downloads and is invoiced: all that a vendor does first."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.real import RealPortal
from tests.browser.visitor import Visitor
from tests.database import open_folder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("FORECOURT_TEST_SUPERUSER_URL"), reason="needs a superuser's address"
    ),
]
OWNER, CUSTOMERS = "owner@vendor.example", 1_000
ADMIN = "admin@customer-7.example"


@pytest.fixture
def portal(chromium) -> Iterator[RealPortal]:
    """A portal with nobody in it but the first of the staff."""
    with open_folder() as folder:
        real = RealPortal(str(folder))
        try:
            real.run("database", "prepare", real.superuser)
            real.run("migrate")
            real.start()
            real.run("staff", "add", OWNER)
            yield real
        finally:
            real.stop()


@pytest.fixture
def owner(chromium, portal) -> Visitor:
    return Visitor(chromium, portal.address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def customer(chromium, portal) -> Visitor:
    options = {"viewport": {"width": 390, "height": 800}, "accept_downloads": True}
    return Visitor(chromium, portal.address, **options)


def files(folder: Path) -> list[Path]:
    """A thousand customers, each with an Admin and a license, as another system wrote them."""
    each = range(1, CUSTOMERS + 1)
    rows = {
        "organizations": ["ref,name,primary_email"]
        + [f"c-{n},Customer {n},billing@customer-{n}.example" for n in each],
        "members": ["organization,email,name,role"]
        + [f"c-{n},admin@customer-{n}.example,Ada {n},admin" for n in each],
        "licenses": ["organization,ref,product,plan,seats,ends,key"]
        + [f"c-{n},L1,hammer,Team,5,2031-12-31,OLD-HAMMER-{n:06}" for n in each],
    }
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return [folder / f"{name}.csv" for name in rows]


def test_a_vendor_begins_and_a_customer_is_served(portal, owner, customer, tmp_path):
    _gets_in(owner, portal)
    _chooses_the_brand(owner)
    package = _fills_the_catalog(owner, tmp_path)
    _imports(owner, tmp_path)
    _joins(customer, portal)
    _downloads(customer, package, tmp_path)
    _is_invoiced(owner, customer, portal)
    assert not owner.troubles + customer.troubles


def _gets_in(owner: Visitor, portal: RealPortal) -> None:
    told = portal.mail_to(OWNER, "staff").get_body(("plain",))
    assert f"{portal.address}/console/" in told.get_content()
    owner.go("/console/")
    owner.page.get_by_role("link", name="E-mail me a sign-in code").click()
    owner.fill("E-mail address", OWNER)
    owner.press("Send code")
    owner.fill("Code", portal.code_to(OWNER))
    owner.press("Confirm")
    owner.page.get_by_role("link", name="Set one up").click()
    owner.go("/profile/authenticator/")
    secret = owner.page.locator("code").inner_text().replace(" ", "")
    time.sleep(max(0, 5 - (30 - time.time() % 30)))
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    owner.fill("2. Enter the code", code)
    owner.press("Turn on")
    owner.is_at("/profile/recovery-codes/")
    owner.go("/console/").sees("What needs somebody's attention now.")


def _chooses_the_brand(owner: Visitor) -> None:
    owner.go("/console/brand/")
    owner.page.locator("[name=name]").fill("Hammer Works")
    owner.press("Save changes")
    expect(owner.page.locator(".rail")).to_contain_text("Hammer Works")


def _fills_the_catalog(owner: Visitor, folder: Path) -> Path:
    page = owner.go("/console/catalog/").page
    page.get_by_role("link", name="Add a product").first.click()
    owner.fill("Name", "Hammer")
    owner.fill("Slug", "hammer")
    owner.fill("Prefix of its license keys", "HMMR")
    owner.press("Add product")
    owner.is_at("/console/catalog/hammer/")
    page.get_by_role("link", name="Add a plan").click()
    owner.fill("Name", "Team, yearly")
    owner.fill("Price of a seat", "120")
    owner.press("Add plan")
    owner.hears("Team, yearly can be had.")
    package = folder / "hammer-1.0.0-linux-x86-64.tar.gz"
    package.write_bytes(os.urandom(300_000))
    page.get_by_role("link", name="Publish a release").click()
    owner.fill("Version", "1.0.0")
    page.locator("input[type=file]").set_input_files(package)
    owner.press("Publish the release")
    owner.hears("Hammer 1.0.0 is published.")
    return package


def _imports(owner: Visitor, folder: Path) -> None:
    page = owner.go("/console/imports/").page
    page.locator("input[type=file]").set_input_files(files(folder))
    owner.press("Check the files")
    expect(page.get_by_text("Nothing is written yet, and nothing is wrong.")).to_be_visible(
        timeout=60_000
    )
    owner.press("Start the import")
    expect(page.get_by_text("It is done.")).to_be_visible(timeout=180_000)
    page = owner.go("/console/imports/").page
    owner.sees(f"{CUSTOMERS:,}")
    owner.fill("A minute", "600")
    owner.press("Send the invitations")


def _joins(customer: Visitor, portal: RealPortal) -> None:
    customer.go(portal.link_to(ADMIN))
    customer.sees("Join Customer 7")
    customer.sees("Hammer Works invited")
    customer.fill("Choose a password", "a sentence is fine")
    customer.press("Continue")
    customer.fill("Code", portal.code_to(ADMIN))  # an Admin shows that they read the address
    customer.press("Confirm")
    customer.press("Join Customer 7")
    customer.is_at("/o/customer-7/products/")


def _downloads(customer: Visitor, package: Path, folder: Path) -> None:
    page = customer.go("/o/customer-7/products/hammer/versions/1.0.0/").page
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("^Download hammer")).click()
    started.value.save_as(folder / "got")
    assert (folder / "got").read_bytes() == package.read_bytes()
    customer.go("/o/customer-7/products/").sees("Hammer")


def _is_invoiced(owner: Visitor, customer: Visitor, portal: RealPortal) -> None:
    page = owner.go("/console/").page
    page.get_by_role("searchbox").fill("customer 7")
    page.get_by_role("link", name=re.compile("^Customer 7")).first.click()
    page.get_by_role("link", name="Start a subscription").click()
    owner.fill("Seats", "5")
    owner.press("Start the subscription")
    expect(owner.row("LT-")).to_contain_text("714.00")
    portal.mail_to("billing@customer-7.example", "invoice")
    customer.go("/o/customer-7/billing/").sees("LT-")
