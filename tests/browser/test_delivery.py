"""What became of mails: a contact's mail comes back by a mail server's pipe, an Admin finds it, and says
that it works again; with script and without, by keyboard, looked at by axe."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from forecourt.account.tests.mails import report
from tests.browser import looking

pytestmark = pytest.mark.browser
SAID = "The mailbox does not exist"


def account(house) -> str:
    return f"/o/{house.slug}/account/"


def bounce(portal, address: str, subject: str = "") -> None:
    """The newest mail to an address comes back, as a mail server tells it."""
    message = portal.mail_to(address, subject)
    row = SimpleNamespace(message_id=message["Message-ID"], to=address)
    told = portal.command("forecourt", "mail", "bounce", given=report(row, said=SAID).decode())
    assert "Noted." in told


def bounced_contact(portal, house, visit, script: bool = True, width: int = 1280):
    """An Admin who has added Kim, and Kim's mail has come back."""
    admin = visit(house.address("admin"), script=script, width=width)
    admin.go(f"{account(house)}contacts/")
    admin.fill("Name", "Kim Park")
    admin.fill("E-mail address", house.address("kim"))
    admin.press("Add a contact")
    admin.hears("is a contact now")
    bounce(portal, house.address("kim"))
    return admin


def test_an_admin_finds_what_came_back_and_says_that_it_works_again(portal, house, visit, script):
    admin = bounced_contact(portal, house, visit, script)
    row = admin.go(account(house)).row("Kim Park")
    expect(row).to_contain_text("Mail comes back")
    expect(row).to_contain_text(SAID)
    admin.page.get_by_role("link", name="Mail", exact=True).click()
    expect(admin.row("Confirm the address of a contact")).to_contain_text("Bounced")
    admin.page.get_by_label("What became of it").select_option(label="Marked as spam")
    admin.press("Show")
    admin.sees("Nothing matches.")
    admin.is_at(f"{account(house)}mail/")
    admin.page.get_by_label("What became of it").select_option(label="Bounced")
    admin.fill("To", "KIM@")
    admin.press("Show")
    expect(admin.row(house.address("kim"))).to_contain_text(SAID)
    admin.page.get_by_role("link", name="Account").last.click()
    row.get_by_role("button", name="It works again").click()
    admin.hears(f"{house.address('kim')} is no longer marked.")
    expect(row).not_to_contain_text("Mail comes back")


def test_by_keyboard_alone(portal, house, visit):
    admin = bounced_contact(portal, house, visit)
    page = admin.go(account(house)).page
    page.get_by_role("link", name="Mail", exact=True).focus()
    page.keyboard.press("Enter")
    admin.sees("What became of each e-mail")
    page.get_by_label("To").focus()
    page.keyboard.type("kim")
    page.keyboard.press("Tab")
    page.keyboard.press("b")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{admin.portal}{account(house)}mail/?to=kim&fate=bounced")
    admin.go(account(house))
    page.get_by_role("link", name="Edit Kim Park").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="It works again")).to_be_focused()
    page.keyboard.press("Enter")
    admin.hears("is no longer marked")


def test_a_member_sees_the_mark_and_nothing_to_press(portal, house, visit):
    bounced_contact(portal, house, visit)
    member = visit(house.address("member")).go(account(house))
    row = member.row("Kim Park")
    expect(row).to_contain_text("Mail comes back")
    expect(row).not_to_contain_text(SAID)
    expect(member.page.get_by_role("button", name="It works again")).to_have_count(0)
    expect(member.page.get_by_role("link", name="Mail", exact=True)).to_have_count(0)
    member.go(f"{account(house)}mail/", status=403)


def test_the_pages_look_right(portal, house, visit):
    admin, found = bounced_contact(portal, house, visit, width=390), []
    admin.go(house.members).invite(f"{'kim' * 19}@{house.slug}.example")
    page = admin.go(account(house)).page
    found += looking.look(page, "a marked contact")
    admin.go(f"{account(house)}mail/")
    found += looking.look(page, "mail")
    admin.go(f"{account(house)}mail/?fate=dropped")
    found += looking.look(page, "nothing")
    acmes = visit("admin@acme.example").go("/o/acme/account/mail/").page
    found += looking.look(acmes, "Acme's mail")
    assert not found, "\n".join(found)
