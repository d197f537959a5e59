"""The Account page's contacts: seen by everybody, changed by whom it may, the primary contact handed
over, mail left without an account; with script and without, looked at by axe, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import looking

pytestmark = pytest.mark.browser


def look(page, name: str, script: bool) -> list[str]:
    """What is wrong with the page, where there is script to look with."""
    return looking.look(page, name) if script else []


def account(house) -> str:
    return f"/o/{house.slug}/account/"


def link_in(message, page: str) -> str:
    """The path of the link to this page in a mail."""
    text = message.get_body(("plain",)).get_content()
    found = re.search(rf"(/mailings/\S+?/{page}/)", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize("who", ["admin", "primary"])
def test_a_contact_is_added_changed_and_deleted(house, visit, script, who):  # S52, S53, S54, S56
    width = 390 if who == "primary" else 1280
    visitor = visit(house.address(who), script=script, width=width).go(account(house))
    visitor.page.get_by_role("link", name="Add a contact").click()
    visitor.fill("Name", "Kim <b>Park</b>")
    visitor.fill("E-mail address", house.address("kim"))
    visitor.dialog.get_by_role("checkbox", name="Releases").check()
    found = look(visitor.page, "add a contact", script)
    visitor.press("Add a contact")
    visitor.hears(f"{house.address('kim')} is a contact now.")
    row = visitor.row("Kim <b>Park</b>")
    expect(row).to_contain_text("Not confirmed")
    expect(row.locator("td[data-label='Releases']")).to_contain_text("Once confirmed")
    expect(row.locator("td[data-label='Invoices and receipts']")).to_contain_text("No")
    found += look(visitor.page, "the matrix", script)
    row.get_by_role("link", name="Edit Kim").click()
    visitor.dialog.get_by_role("checkbox", name="Invoices and receipts").check()
    visitor.press("Save changes")
    visitor.hears("The changes are saved.")
    expect(row.locator("td[data-label='Invoices and receipts']")).to_contain_text("Yes")
    row.get_by_role("link", name="Delete Kim").click()
    expect(visitor.dialog).to_contain_text("ends nobody's access")
    found += look(visitor.page, "delete a contact", script)
    visitor.press("Delete contact")
    visitor.hears("gets no more e-mails as a contact")
    expect(row).to_have_count(0)
    assert not found, "\n".join(found)


def test_a_member_sees_the_contacts_and_cannot_change_them(house, visit, script):  # S49
    member = visit(house.address("member"), script=script).go(account(house))
    expect(member.row("Petra Lowe").first).to_contain_text("Primary contact")
    expect(member.page.get_by_role("link", name="Add a contact")).to_have_count(0)
    expect(member.page.get_by_role("link", name=re.compile("^(Edit|Delete|Change)"))).to_have_count(
        0
    )
    member.go(f"{account(house)}contacts/", status=403)
    member.go(f"{account(house)}primary-contact/", status=403).sees("You may not open this")


def test_who_is_a_member_too_is_shown_as_such_and_keeps_access(house, visit, script):  # S56, S37
    admin = visit(house.address("admin"), script=script).go(f"{account(house)}contacts/")
    admin.fill("E-mail address", house.address("member"))
    admin.press("Add a contact")
    row = admin.row(house.address("member"))
    expect(row).to_contain_text("Member")
    row.get_by_role("link", name=f"Delete {house.address('member')}").click()
    expect(admin.dialog).to_contain_text(f"keeps access to {house.name}")
    admin.press("Delete contact")
    visit(house.address("member")).go(house.members)


def test_the_primary_contact_is_handed_over(portal, house, visit, script):  # S38 to S42
    primary = visit(house.address("primary"), script=script).go(account(house))
    change = primary.page.get_by_role("link", name="Change the primary billing contact")
    admin = visit(house.address("admin"), script=script).go(account(house))
    pencil = admin.page.get_by_role("link", name="Change the primary billing contact")
    expect(pencil).to_have_count(0)
    change.click()
    primary.fill("Name", "Milo Hart")
    primary.fill("E-mail address", house.address("member"))
    found = look(primary.page, "primary contact", script)
    primary.press("Save changes")
    primary.hears(f"{house.address('member')} is the primary billing contact now.")
    expect(change).to_have_count(0)
    primary.go(house.billing, status=403)
    member = visit(house.address("member"), script=script).go(house.billing).go(account(house))
    expect(
        member.page.get_by_role("link", name="Change the primary billing contact")
    ).to_be_visible()
    for who in ("primary", "member"):
        portal.mail_to(house.address(who), "primary billing contact")
    admin.go(account(house)).go(f"{account(house)}primary-contact/", status=403)
    assert not found, "\n".join(found)


def test_closing_the_dialog_changes_nothing(house, visit, script):
    primary = visit(house.address("primary"), script=script).go(f"{account(house)}")
    primary.page.get_by_role("link", name="Change the primary billing contact").click()
    primary.fill("E-mail address", "somebody@else.example")
    primary.dialog.get_by_label("Close").click()
    expect(primary.dialog).to_have_count(0)
    primary.sees_not("somebody@else.example")
    expect(primary.row(house.address("primary"))).to_have_count(1)


def test_a_stranger_confirms_and_chooses_without_an_account(portal, house, visit, script):  # O22
    admin, kim = visit(house.address("admin")), house.address("kim")
    admin.go(f"{account(house)}contacts/")
    admin.fill("E-mail address", kim)
    for kind in ("Releases", "Security advisories"):
        admin.dialog.get_by_role("checkbox", name=kind).check()
    admin.press("Add a contact")
    letter = portal.mail_to(kim, "named you as a contact")
    guest = visit(script=script, width=390).go(link_in(letter, "confirmation"))
    found = look(guest.page, "confirm", script)
    guest.press("Confirm")
    guest.sees("Your address is confirmed")
    guest.page.get_by_role("link", name="Choose which mails you get").click()
    found += look(guest.page, "preferences", script)
    guest.page.get_by_role("checkbox", name="Releases").uncheck()
    guest.press("Save changes")
    expect(guest.page.get_by_role("checkbox", name="Releases")).not_to_be_checked()
    guest.sees("Security advisories")
    admin.go(account(house))
    expect(admin.row(kim).locator("td[data-label='Releases']")).to_contain_text("Unsubscribed")
    guest.go("/mailings/invented/unsubscribe/", status=404).sees("This link does not work")
    assert not found, "\n".join(found)
