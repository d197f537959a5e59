"""Taking one's data along, and deleting one's account."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser
REMOVAL, EXPORT = "/profile/removal/", "/profile/export/"


def test_a_member_takes_their_data_and_deletes_their_account(portal, house, visit, script):
    milo = house.address("member")
    guest = visit(script=script).sign_in(milo)
    assert guest.context.request.get(EXPORT).json()["profile"]["email"] == milo
    guest.go(REMOVAL).fill("Type your e-mail address to confirm", "somebody@else.example")
    guest.press("Delete my account")
    expect(guest.dialog).to_contain_text(f"Type your address, {milo}.")
    guest.fill("Type your e-mail address to confirm", milo)
    guest.press("Delete my account")
    guest.is_at("/accounts/login/")
    guest.hears("Your account is deleted.")
    portal.mail_to(milo, "account was deleted")
    portal.mail_to(house.address("admin"), "milo hart left")


def test_the_only_admin_reads_what_is_in_the_way(house, visit):
    guest = visit().sign_in(house.address("admin")).go(REMOVAL)
    assert look(guest.page, "delete my account") == []
    guest.fill("Type your e-mail address to confirm", house.address("admin"))
    guest.press("Delete my account")
    expect(guest.dialog).to_contain_text(f"You are the only Admin of {house.name}.")
    assert look(guest.page, "delete my account, refused") == []
