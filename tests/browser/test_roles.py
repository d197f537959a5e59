"""What each role sees and may: Member, primary contact, Admin; leaving; the settings."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_primary_contact_who_is_a_member_removes_but_does_not_edit(  # S29, S33
    portal, house, visit, script
):
    primary = visit(house.address("primary"), script=script)
    primary.menu("Milo Hart").click()
    shown = primary.page.locator(".menu:popover-open")
    expect(shown.get_by_role("link", name="Remove User")).to_be_visible()
    expect(shown.get_by_role("link", name="Edit User")).to_have_count(0)
    shown.get_by_role("link", name="Remove User").click()
    primary.press("Remove User")
    primary.hears("Milo Hart has no access any more.")
    expect(primary.row("Milo Hart")).to_have_count(0)


def test_a_member_sees_no_menu_and_typed_addresses_are_refused(house, visit, script):  # S13
    admin = visit(house.address("admin"))
    edit = admin.choose("Milo Hart", "Edit User").locator("form").get_attribute("action")
    assert edit
    member = visit(house.address("member"), script=script)
    expect(member.menu("Alva Reed")).to_have_count(0)
    expect(member.menu("Petra Lowe")).to_have_count(0)
    member.go(edit, status=403).sees("You may not open this")
    member.go(edit.replace("role", "removal"), status=403)
    member.go("/o/globex/members/", status=404).sees("There is nothing here")
    member.go("/o/nowhere/members/", status=404).sees("There is nothing here")


def test_a_member_invites_but_chooses_no_role(portal, house, visit, script):  # S11, D2
    member, kim = visit(house.address("member"), script=script), house.address("kim")
    member.page.get_by_role("link", name="Invite user").click()
    expect(member.dialog.get_by_role("radio")).to_have_count(0)
    expect(member.dialog).to_contain_text("does not subscribe them to account e-mails")  # S21
    member.fill("E-mail address", kim)
    member.press("Invite user")
    member.hears(f"An invitation is on its way to {kim}.")
    expect(member.menu(kim)).to_have_count(1)  # their own invitation


def test_a_member_leaves_and_the_last_admin_cannot(house, visit, script):  # O10
    member = visit(house.address("member"), script=script)
    member.choose("Milo Hart", "Leave")
    member.press("Leave")
    member.is_at("/organizations/")
    member.hears(f"You have left {house.name}.")
    member.go(house.members, status=404)
    admin = visit(house.address("admin"), script=script)
    expect(admin.row("Milo Hart")).to_have_count(0)
    admin.choose("Alva Reed", "Leave")
    admin.press("Leave")
    expect(admin.dialog.locator(".errors")).to_contain_text("Admin")
    admin.go(house.members)


def test_the_last_admin_is_not_demoted_and_the_primary_contact_not_removed(house, visit, script):
    admin = visit(house.address("admin"), script=script)
    dialog = admin.choose("Petra Lowe", "Remove User")
    admin.press("Remove User")
    expect(dialog.locator(".errors")).to_contain_text("primary billing contact")  # O11
    admin.go(house.members)
    expect(admin.row("Petra Lowe")).to_have_count(1)


def test_only_admins_invite_where_the_settings_say_so(house, visit, script):  # O24
    admin = visit(house.address("admin"), script=script)
    admin.page.get_by_role("link", name="Account", exact=True).first.click()
    region = admin.page.get_by_role("region", name="What Members may do")
    save = region.get_by_role("button", name="Save changes")
    only = region.get_by_role("group", name="Who may invite").get_by_label("Admins only")
    only.check()
    admin.fill("An invitation is valid for, in days", "31")
    save.click()
    expect(admin.page.locator(".errors")).to_be_visible()
    expect(only).to_be_checked()
    admin.fill("An invitation is valid for, in days", "14")
    save.click()
    admin.hears("The settings are saved.")
    expect(admin.page.get_by_label("An invitation is valid for, in days")).to_have_value("14")
    member = visit(house.address("member"), script=script)
    expect(member.page.get_by_role("link", name="Invite user")).to_have_count(0)
    member.go(house.members + "invitations/", status=403)
    member.page.go_back()
    member.page.get_by_role("link", name="Account", exact=True).first.click()
    member.sees("Admins only")
    expect(member.page.get_by_role("radio")).to_have_count(0)


def test_two_organizations_in_two_tabs(visit):  # O14, D6
    visitor = visit("both@example.com")
    visitor.page.locator("[popovertarget=organizations]").click()
    switcher = visitor.page.locator("#organizations")
    switcher.get_by_role("link", name=re.compile("^Globex")).click()
    visitor.is_at("/o/globex/products/")
    second = visitor.context.new_page()
    second.goto("/o/acme/members/")
    expect(second.get_by_role("link", name="Invite user")).to_be_visible()
    visitor.page.reload()
    visitor.sees("What Globex may use")
