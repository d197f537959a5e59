"""The main job, as a person does it: invite, accept, promote, remove, invite again."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_colleague_is_invited_joins_is_made_admin_is_removed_and_comes_back(
    portal, house, visit, script
):
    kim = house.address("kim")
    admin = visit(script=script).sign_in(house.address("admin"))
    admin.is_at(house.products)
    admin.go(house.members)
    admin.invite(kim)
    expect(admin.row(kim)).to_contain_text("Pending")
    admin.menu(kim).click()
    expect(admin.page.get_by_role("link", name="Edit User")).to_have_count(0)  # S18
    link, guest = portal.link_to(kim), visit(script=script)
    _joins_from_the_mail(guest, house, kim, link)
    _is_made_admin(admin, house, kim)
    _is_removed(admin, house, kim)
    guest.page.get_by_role("link", name="Members").first.click()  # their next click (S35)
    guest.sees("There is nothing here")
    guest.go(link, status=404)  # S36
    guest.sees("This invitation does not work")
    admin.invite(kim)
    new_link = portal.link_to(kim, 2)
    assert new_link != link
    guest.go(new_link).press(f"Join {house.name}")
    guest.is_at(house.products)
    expect(admin.go(house.members).row(kim)).to_contain_text("Member")


def _joins_from_the_mail(guest, house, kim, link):
    guest.go("/demo/mail/").page.get_by_role("link").filter(has_text=kim).click()
    guest.page.frame_locator("iframe").get_by_role("link", name="See the invitation").click()
    guest.is_at(link)
    guest.sees(f"Join {house.name}")
    guest.sees("Alva Reed invited")
    guest.fill("Your name", "Kim Vale")
    guest.fill("Choose a password", "a sentence is fine")
    guest.press("Continue")
    guest.is_at(house.products)
    guest.hears(f"You have joined {house.name}.")
    guest.go(house.members)
    expect(guest.row(kim)).to_contain_text("you")


def _is_made_admin(admin, house, kim):
    admin.go(house.members)
    expect(admin.row(kim)).to_contain_text("Member")
    expect(admin.row(kim)).not_to_contain_text("Pending")
    admin.choose("Kim Vale", "Edit User").get_by_role("radio", name="Admin").check()
    admin.press("Save changes")
    admin.hears("The role of Kim Vale is saved.")
    expect(admin.dialog).to_have_count(0)
    expect(admin.row(kim)).to_contain_text("Admin")


def _is_removed(admin, house, kim):
    asked = admin.choose("Kim Vale", "Remove User")
    expect(asked).to_contain_text(f"Kim Vale loses access to {house.name} at once")
    expect(asked).to_contain_text("entry among the additional contacts stays")  # S37
    asked.get_by_text("Cancel").click()
    expect(admin.dialog).to_have_count(0)
    expect(admin.row(kim)).to_have_count(1)  # S34
    admin.choose("Kim Vale", "Remove User")
    admin.press("Remove User")
    admin.hears("Kim Vale has no access any more.")
    expect(admin.row(kim)).to_have_count(0)
