"""Signing up, in and out; forgotten and changed passwords."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEW = "another fine sentence"


@pytest.fixture
def neighbor(house) -> str:
    """An account without an organization."""
    return house.address("neighbor")


def test_after_signing_up_by_the_front_door_the_invitations_are_waiting(  # O8
    portal, house, visit, script
):
    kim = house.address("kim")
    visit(house.address("admin")).invite(kim)
    guest = visit(script=script).go("/accounts/login/")
    guest.page.get_by_role("link", name="Sign up").click()
    guest.fill("Your name", "Kim Vale")
    guest.fill("E-mail address", kim)
    guest.fill("Password", NEW)
    guest.press("Sign up")
    guest.fill("Code", portal.code_to(kim))
    guest.press("Confirm")
    guest.is_at("/organizations/")
    guest.sees("Invitations for you")
    guest.press(f"Join {house.name}")
    guest.is_at(house.products)
    expect(guest.go(house.members).row("Kim Vale")).to_contain_text("you")


def test_a_waiting_invitation_can_be_declined(portal, house, visit, neighbor, script):
    visit(house.address("admin")).invite(neighbor)
    guest = visit(neighbor, script=script)
    guest.is_at("/organizations/")
    guest.press(f"Decline {house.name}")
    guest.hears("You have declined the invitation.")
    guest.sees("You are not a member of an organization yet.")
    guest.go(portal.link_to(neighbor), status=404)


def test_a_forgotten_password_is_replaced_by_a_code(portal, visit, neighbor):
    elsewhere = visit(neighbor)
    guest = visit().go("/accounts/login/")
    guest.page.get_by_role("link", name="Forgot password").click()  # S6
    guest.fill("E-mail address", neighbor)
    guest.press("Send code")
    guest.fill("Code", portal.code_to(neighbor))
    guest.press("Confirm")
    guest.page.get_by_label("New password", exact=True).fill(NEW)
    again = guest.page.get_by_label("New password, again")
    if again.count():
        again.fill(NEW)
    guest.press("Change password")
    expect(guest.page).not_to_have_url("/accounts/password/reset/new/")
    elsewhere.go("/organizations/").is_at("/accounts/login/")
    elsewhere.sign_in(neighbor, NEW).is_at("/organizations/")


def test_a_mailed_code_signs_in_without_a_password(portal, visit, neighbor):
    guest = visit().go("/accounts/login/")
    guest.page.get_by_role("link", name="E-mail me a sign-in code").click()
    guest.fill("E-mail address", neighbor)
    guest.press("Send code")
    guest.fill("Code", "WRONG1")
    guest.press("Confirm")
    expect(guest.page.locator(".errors")).to_be_visible()
    guest.fill("Code", portal.code_to(neighbor))
    guest.press("Confirm")
    guest.is_at("/organizations/")


def test_a_changed_password_ends_the_other_session_and_keeps_this_one(
    visit, house, neighbor, script
):
    here, elsewhere = visit(neighbor, script=script), visit(neighbor)
    here.page.locator("[popovertarget=person]").click()
    here.page.get_by_role("link", name="Profile & security").click()
    here.page.get_by_role("link", name="Reset password").click()
    here.fill("Current password", "not this one at all")
    here.page.get_by_label("New password", exact=True).fill(NEW)
    again = here.page.get_by_label("New password, again")
    if again.count():
        again.fill(NEW)
    here.press("Change password")
    expect(here.page.locator(".errors")).to_be_focused()
    here.fill("Current password", "open-the-door")
    here.page.get_by_label("New password", exact=True).fill(NEW)
    if again.count():
        again.fill(NEW)
    here.press("Change password")
    here.go("/organizations/").is_at("/organizations/")
    elsewhere.go("/organizations/").is_at("/accounts/login/")


def test_signing_out_closes_the_pages_and_the_way_back(house, visit, script):
    member = visit(house.address("member"), script=script)
    member.is_at(house.members)
    member.page.locator("[popovertarget=person]").click()
    member.press("Sign out")
    member.is_at("/accounts/login/")
    member.page.go_back()
    member.is_at("/accounts/login/")


def test_a_wrong_password_says_one_sentence_and_keeps_the_address(visit, neighbor):
    guest = visit().go("/accounts/login/")
    guest.fill("E-mail address", neighbor)
    guest.page.get_by_label("Password", exact=True).fill("not the right one")
    guest.press("Sign in")
    expect(guest.page.locator(".errors")).to_be_focused()
    expect(guest.page.get_by_label("E-mail address")).to_have_value(neighbor)
