""" "Profile & security", looked at and used, by keyboard too."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser
HERE = "/profile/"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_for_everybody_in_both_themes(visit, house, width):
    """axe, and 320 pixels; the list of sections leads to each."""
    visitor = visit(house.address("member"), width=width).go(HERE)
    assert look(visitor.page, f"profile at {width}") == []
    visitor.page.get_by_role("link", name="Sessions", exact=True).click()
    expect(visitor.page.get_by_role("heading", name="Sessions", exact=True)).to_be_in_viewport()


def test_name_and_time_zone_by_keyboard(visit, house):
    visitor = visit(house.address("member")).go(HERE)
    visitor.page.get_by_label("Your name").focus()
    keyboard = visitor.page.keyboard
    keyboard.press("Control+A")
    keyboard.type("Milo Hartmann")
    keyboard.press("Tab")
    keyboard.type("Tokyo")
    keyboard.press("Tab")
    keyboard.press("Enter")
    visitor.hears("Your profile is saved.")
    expect(visitor.page.get_by_label("Your name")).to_have_value("Milo Hartmann")
    expect(visitor.page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_another_session_is_ended(visit, house, script):
    milo = house.address("member")
    there = visit(script=script).sign_in(milo)
    here = visit(script=script).sign_in(milo).go(HERE)
    ends = here.page.get_by_role("button", name="End the session of")
    before = ends.count()
    ends.first.press("Enter")
    here.hears("The session is ended.")
    expect(ends).to_have_count(before - 1)
    here.press("End all others")
    expect(ends).to_have_count(0)
    there.go(HERE).is_at("/accounts/login/")


def test_an_address_is_added_made_primary_and_taken_back(portal, visit, house, script):
    milo, other = house.address("member"), house.address("other")
    visitor = visit(script=script).sign_in(milo).go(HERE)
    visitor.fill("Another address", other)
    visitor.press("Add address")
    visitor.fill("Code", portal.code_to(other))
    visitor.press("Confirm")
    visitor.is_at(HERE)
    visitor.page.get_by_role("link", name="Make primary").click()
    expect(visitor.dialog).to_contain_text("can undo it for 72 hours")
    assert not script or look(visitor.page, "make primary") == []
    visitor.press("Make primary")
    visitor.hears(f"Mail goes to {other} from now on.")
    mail = portal.mail_to(milo, "address of your account was changed").get_body(("plain",))
    link = next(word for word in mail.get_content().split() if "/accounts/revert/" in word)
    owner = visit(script=script).go(link)
    assert not script or look(owner.page, "take back") == []
    owner.press("Take my account back")
    owner.sees(milo)
    assert not script or look(owner.page, "taken back") == []
    visitor.go(HERE).is_at("/accounts/login/")
