"""An invitation's page: with an account, with another one, as an Admin, from the command line.

These pages load no script, so each way is walked once.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import link_in

pytestmark = pytest.mark.browser


@pytest.fixture
def neighbor(portal, house, visit) -> str:
    """The link of an invitation to somebody who has an account already."""
    address = house.address("neighbor")
    visit(house.address("admin")).invite(address)
    return portal.link_to(address)


def test_an_existing_account_logs_in_comes_back_and_joins_by_one_button(house, visit, neighbor):
    guest = visit().go(neighbor)
    guest.sees(f"already an account with {house.address('neighbor')}")
    expect(guest.page.get_by_label("Choose a password")).to_have_count(0)
    guest.page.get_by_role("link", name="Log In").click()
    guest.sign_in(house.address("neighbor"))
    guest.is_at(neighbor)
    guest.go(house.members, status=404)  # nothing is joined before the button (D11)
    guest.go(neighbor)
    guest.press(f"Join {house.name}")
    guest.is_at(house.products)
    expect(guest.go(house.members).row("Nell Ford")).to_contain_text("Member")
    guest.go(neighbor, status=404)


def test_somebody_signed_in_as_another_sees_both_addresses_and_switches(house, visit, neighbor):
    guest = visit(house.address("member"))
    guest.go(neighbor)
    guest.sees(f"You are signed in as {house.address('member')}")
    guest.sees(f"this invitation is for {house.address('neighbor')}")
    expect(guest.page.get_by_role("button", name="Join")).to_have_count(0)
    guest.press("Switch account")
    guest.is_at(neighbor)
    guest.page.get_by_role("link", name="Log In").click()
    guest.sign_in(house.address("neighbor"))
    guest.is_at(neighbor)
    expect(guest.page.get_by_role("button", name=f"Join {house.name}")).to_be_visible()


def test_whoever_becomes_an_admin_confirms_the_address_by_a_code_first(portal, house, visit):
    admin, chief = visit(house.address("admin")), house.address("chief")
    admin.invite(chief, role="Admin")
    guest = visit().go(portal.link_to(chief))
    guest.fill("Choose a password", "a sentence is fine")
    guest.press("Continue")
    guest.sees("Verify your e-mail address")
    guest.fill("Code", portal.code_to(chief))
    guest.press("Confirm")
    guest.is_at(portal.link_to(chief))
    guest.press(f"Join {house.name}")
    guest.is_at(house.products)
    expect(guest.go(house.members).row(chief)).to_contain_text("Admin")
    expect(guest.page.get_by_role("button", name="Actions for Milo Hart")).to_be_visible()


def test_a_short_password_is_refused_with_a_sentence_and_the_name_stays(portal, house, visit):
    kim = house.address("kim")
    visit(house.address("admin")).invite(kim)
    guest = visit().go(portal.link_to(kim))
    guest.fill("Your name", "Kim Vale")
    guest.fill("Choose a password", "short")
    guest.press("Continue")
    guest.sees("at least 12 characters")
    expect(guest.page.get_by_label("Your name")).to_have_value("Kim Vale")
    expect(guest.page.locator(".errors")).to_be_focused()


def test_declining_says_so_and_tells_the_inviter(portal, house, visit, neighbor):
    guest = visit().go(neighbor)
    guest.press("Decline the invitation")
    guest.sees("Invitation declined")
    guest.go(neighbor, status=404)
    portal.mail_to(house.address("admin"), "declined")


def test_an_admin_resends_and_revokes(portal, house, visit, neighbor, script):
    admin, address = visit(house.address("admin"), script=script), house.address("neighbor")
    admin.menu(address).click()
    admin.press("Resend")
    admin.hears("The one before is dead.")
    second = portal.link_to(address, 2)
    guest = visit(script=script).go(neighbor, status=404).go(second)
    admin.choose(address, "Revoke")
    admin.press("Revoke")
    admin.hears(f"The invitation of {address} is revoked.")
    expect(admin.row(address)).to_have_count(0)
    guest.go(second, status=404).sees("This invitation does not work")


def test_an_organization_from_the_command_line_gets_its_first_admin(portal, visit):
    said = portal.command(
        "forecourt", "organization", "add", "Northwind Mills", "--admin", "first@north.example"
    )
    assert "/o/northwind-mills/members/" in said
    guest = visit().go(link_in(portal.mail_to("first@north.example", "invit")))
    guest.sees("Lumen Tools invited")
    guest.fill("Choose a password", "a sentence is fine")
    guest.press("Continue")
    guest.fill("Code", portal.code_to("first@north.example"))
    guest.press("Confirm")
    guest.press("Join Northwind Mills")
    guest.is_at("/o/northwind-mills/products/")
    guest.go("/o/northwind-mills/members/")
    expect(guest.row("first@north.example")).to_contain_text(re.compile("you.*Admin"))
