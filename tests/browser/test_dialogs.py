"""Dialogs and menus: what closes without a change, and the same by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
IN_DIALOG = "document.activeElement.closest('dialog') !== null"


def test_the_close_icon_changes_nothing_after_the_field_was_edited(house, visit, script):  # S32
    admin = visit(house.address("admin"), script=script)
    dialog = admin.choose("Milo Hart", "Edit User")
    dialog.get_by_role("radio", name="Admin").check()
    dialog.get_by_label("Close").click()
    expect(admin.dialog).to_have_count(0)
    admin.is_at(house.members)
    expect(admin.row("Milo Hart")).to_contain_text("Member")
    admin.go(house.members)
    expect(admin.row("Milo Hart")).to_contain_text("Member")


@pytest.mark.parametrize("way", ["Escape", "Close", "Cancel"])
def test_a_dialog_closed_gives_the_focus_back_to_its_row(house, visit, way):
    admin = visit(house.address("admin"))
    dialog = admin.choose("Milo Hart", "Edit User")
    dialog.get_by_role("radio", name="Admin").check()
    if way == "Escape":
        admin.page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name=way).click()
    expect(admin.dialog).to_have_count(0)
    expect(admin.menu("Milo Hart")).to_be_focused()
    admin.is_at(house.members)
    admin.page.reload()
    expect(admin.row("Milo Hart")).to_contain_text("Member")


def test_after_an_error_too_the_focus_goes_back_to_where_the_dialog_was_opened(house, visit):
    admin = visit(house.address("admin"))
    admin.page.get_by_role("link", name="Invite user").click()
    admin.fill("E-mail address", "nonsense")
    admin.press("Invite user")
    expect(admin.dialog.locator(".errors")).to_be_focused()
    admin.page.keyboard.press("Escape")
    expect(admin.dialog).to_have_count(0)
    expect(admin.page.get_by_role("link", name="Invite user")).to_be_focused()


def test_a_bad_address_stays_in_its_field_with_a_sentence(house, visit, script):
    admin = visit(house.address("admin"), script=script)
    admin.page.get_by_role("link", name="Invite user").click()
    admin.fill("E-mail address", "kim@nowhere")
    admin.press("Invite user")
    expect(admin.dialog.locator(".errors")).to_be_focused()
    field = admin.dialog.get_by_label("E-mail address")
    expect(field).to_have_value("kim@nowhere")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("e-mail address|mail can reach"))
    admin.fill("E-mail address", house.address("kim"))
    admin.press("Invite user")
    admin.hears("An invitation is on its way")


def test_the_menu_opens_by_enter_and_space_and_walks_by_arrows(house, visit):
    admin = visit(house.address("admin"))
    keys, menu = admin.page.keyboard, admin.menu("Milo Hart")
    edit = admin.page.get_by_role("link", name="Edit User").and_(admin.page.locator(":visible"))
    remove = admin.page.get_by_role("link", name="Remove User").and_(admin.page.locator(":visible"))
    for key in ("Enter", "Space"):
        menu.focus()
        keys.press(key)
        expect(edit).to_be_visible()
        keys.press("ArrowDown")
        expect(edit).to_be_focused()
        keys.press("ArrowDown")
        expect(remove).to_be_focused()
        keys.press("Home")
        expect(edit).to_be_focused()
        keys.press("ArrowUp")
        expect(remove).to_be_focused()
        keys.press("Escape")
        expect(remove).to_have_count(0)
        expect(menu).to_be_focused()


def test_a_role_is_changed_by_keyboard_alone(house, visit):
    admin = visit(house.address("admin"))
    keys = admin.page.keyboard
    admin.menu("Milo Hart").focus()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(admin.dialog).to_be_visible()
    for _ in range(12):  # round and round: the page behind is out of reach
        assert admin.page.evaluate(f"{IN_DIALOG} || document.activeElement === document.body")
        keys.press("Tab")
    admin.dialog.get_by_role("radio", name=re.compile("^Member")).focus()
    keys.press("ArrowDown")
    keys.press("Enter")
    admin.hears("The role of Milo Hart is saved.")
    expect(admin.row("Milo Hart")).to_contain_text("Admin")


def test_whoever_removes_starts_at_the_safe_button(house, visit):
    admin = visit(house.address("admin"))
    dialog = admin.choose("Milo Hart", "Remove User")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    admin.page.keyboard.press("Enter")
    expect(admin.dialog).to_have_count(0)
    expect(admin.row("Milo Hart")).to_have_count(1)


def test_the_first_tab_offers_to_skip_to_the_content(house, visit):
    admin = visit(house.address("admin"))
    admin.page.keyboard.press("Tab")
    skip = admin.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    admin.page.keyboard.press("Enter")
    expect(admin.page.locator("main")).to_be_focused()


def test_a_lost_connection_is_said_and_what_was_typed_stays(house, visit):
    admin = visit(house.address("admin"))
    admin.page.get_by_role("link", name="Invite user").click()
    admin.fill("E-mail address", house.address("kim"))
    admin.context.set_offline(True)
    admin.press("Invite user")
    expect(admin.dialog.get_by_role("alert")).to_contain_text("That did not work.")
    expect(admin.dialog.get_by_label("E-mail address")).to_have_value(house.address("kim"))
    admin.context.set_offline(False)
    admin.troubles.clear()  # the browser's own line about the network
    admin.press("Invite user")
    admin.hears("An invitation is on its way")


def test_whoever_was_signed_out_meanwhile_signs_in_instead_of_seeing_a_dialog(house, visit):
    admin = visit(house.address("admin"))
    admin.context.clear_cookies()
    admin.page.get_by_role("link", name="Invite user").click()
    admin.is_at("/accounts/login/")
    admin.sign_in(house.address("admin"))
    expect(admin.page.get_by_role("heading", name="Invite user")).to_be_visible()


def test_whoever_was_removed_meanwhile_sees_the_page_that_says_so(house, visit):
    admin, member = visit(house.address("admin")), visit(house.address("member"))
    admin.choose("Milo Hart", "Remove User")
    admin.press("Remove User")
    admin.hears("has no access any more")
    member.page.get_by_role("link", name="Invite user").click()
    member.sees("There is nothing here")
