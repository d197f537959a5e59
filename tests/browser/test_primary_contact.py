"""The primary billing contact, walked by the right person and the wrong one: an open tab after the
change, the change undone from the former mailbox, the rights of somebody who joins later, and whose
password Account resets."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_contacts import account, link_in, look
from tests.browser.test_ways_in import be

pytestmark = pytest.mark.browser
PENCIL = "Change the primary billing contact"


def hand_over(visitor, house, to: str) -> None:
    """Somebody who is it makes somebody else it, on the page."""
    visitor.go(account(house)).page.get_by_role("link", name=PENCIL).click()
    expect(visitor.dialog).to_be_visible()
    # Until then htmx may take the focus, and with it what is being typed.
    expect(visitor.page.locator(".htmx-settling")).to_have_count(0)
    visitor.fill("Name", "")
    visitor.fill("E-mail address", to)
    visitor.press("Save changes")
    visitor.hears(f"{to} is the primary billing contact now.")


def test_an_open_tab_of_the_former_one_is_refused(house, visit, script):  # S39, S42
    primary = visit(house.address("primary"), script=script)
    old, hers = primary.context.new_page(), primary.page
    old.goto(f"{account(house)}primary-contact/")
    old.get_by_label("E-mail address").fill("somebody@else.example")
    hand_over(primary, house, house.address("member"))
    primary.page = old
    with old.expect_response(lambda answer: answer.request.method == "POST") as refused:
        primary.press("Save changes")
    assert refused.value.status == 403
    primary.page = hers
    primary.go(account(house)).sees(house.address("member"))
    primary.sees_not("somebody@else.example")
    expect(hers.get_by_role("link", name=PENCIL)).to_have_count(0)


def test_the_former_one_undoes_it_from_the_mailbox(portal, house, visit, script):
    mine, milo = house.address("primary"), house.address("member")
    primary = visit(mine, script=script)
    hand_over(primary, house, milo)
    letter = portal.mail_to(mine, "no longer the primary")
    link, guest = link_in(letter, "primary-contact"), visit(script=script, width=390)
    guest.go(link).sees(f"From {mine} to {milo}")
    found = look(guest.page, "undo", script)
    guest.press("Undo this change")
    guest.sees("The change is undone")
    found += look(guest.page, "undone", script)
    guest.go(link, status=404).sees("This link does not work")
    found += look(guest.page, "dead", script)
    visit(milo).go(house.billing, status=403)
    expect(primary.go(account(house)).page.get_by_role("link", name=PENCIL)).to_be_visible()
    portal.mail_to(mine, "again")
    portal.mail_to(house.address("admin"), "its former primary billing contact again")
    assert not found, "\n".join(found)


def test_the_new_one_gets_no_login_by_it_and_the_rights_by_joining(portal, house, visit):  # S41
    nell = house.address("neighbor")
    hand_over(visit(house.address("primary")), house, nell)
    admin, person = visit(house.address("admin")), visit(nell)
    person.go(account(house), status=404)
    admin.go(account(house))
    expect(admin.page.get_by_role("link", name=PENCIL)).to_be_visible()  # while no member is it
    admin.go(house.members).invite(nell)
    person.go(portal.link_to(nell)).press(f"Join {house.name}")
    person.go(house.billing).go(account(house))
    expect(person.page.get_by_role("link", name=PENCIL)).to_be_visible()
    expect(admin.go(account(house)).page.get_by_role("link", name=PENCIL)).to_have_count(0)


def test_account_leads_to_members_and_members_says_that_the_entry_stays(house, visit):  # S37, S56
    admin, milo = visit(house.address("admin")), house.address("member")
    admin.go(f"{account(house)}contacts/").fill("E-mail address", milo)
    admin.press("Add a contact")
    admin.page.get_by_role("link", name=f"Delete {milo}").click()
    admin.dialog.get_by_role("link", name="Members").click()
    expect(admin.dialog).to_contain_text("Remove")
    expect(admin.dialog).to_contain_text("additional contacts")
    admin.dialog.get_by_role("button", name="Remove").click()
    admin.go(account(house))
    expect(admin.row(milo)).to_have_count(1)


def test_account_resets_the_password_of_who_came_by_email(house, visit, script):  # S50
    member = visit(house.address("member"), script=script).go(account(house))
    member.page.get_by_role("link", name="Reset password").click()
    member.is_at("/accounts/password/change/")


def test_account_offers_no_password_to_who_came_by_a_provider(portal, house, visit):  # S51
    kim = house.address("kim")
    visit(house.address("admin")).go(house.members).invite(kim)
    guest = visit().go(portal.link_to(kim))
    be(guest, "Google", kim)
    guest.press(f"Join {house.name}")
    guest.go(account(house)).sees("Primary billing contact")
    expect(guest.page.get_by_role("link", name="Reset password")).to_have_count(0)
