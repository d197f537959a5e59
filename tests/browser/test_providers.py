"""Accounts at Google and Microsoft: another address than the invited one, linking after signing in
the old way, linking from one's own page, turning back; in the demo, with its stand-ins."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look
from tests.browser.test_ways_in import be

pytestmark = pytest.mark.browser


def test_another_address_joins_nothing_and_one_may_choose_again(visit, house, portal):
    address = house.address("kim")
    visit(house.address("admin")).go(house.members).invite(address)
    link = portal.link_to(address)
    guest = visit().go(link)
    be(guest, "Google", house.address("somebody.else"))
    guest.sees(f"This invitation is for {address}")
    guest.sees(house.address("somebody.else"))
    assert look(guest.page, "another address") == []
    be(guest, "Google", address, press="Use another Google account")
    guest.is_at(link)
    guest.press(f"Join {house.name}")
    guest.is_at(house.products)


def test_an_account_from_before_is_signed_in_to_the_old_way_then_linked(visit, house, portal):
    address = house.address("neighbor")
    visit(house.address("admin")).invite(address)
    link = portal.link_to(address)
    guest = visit().go(link)
    be(guest, "Google", address)
    guest.sees(f"There is already an account with {address}")
    assert look(guest.page, "link, signed out") == []
    guest.page.get_by_role("link", name="Sign in").click()
    guest.sign_in(address)
    guest.sees("Link Google?")
    assert look(guest.page, "link, signed in") == []
    guest.press("Link Google")
    guest.is_at(link)


def test_an_identity_is_linked_from_ones_own_page_and_signs_in_from_then_on(visit, house, script):
    mine, elsewhere = house.address("neighbor"), f"nell.{house.slug}.{script}@example.com"
    person = visit(mine, script=script).go("/profile/")
    be(person, "Google", elsewhere, press="Link Google")
    person.is_at("/profile/")
    person.hears("Google is linked.")
    person.sees(elsewhere)
    guest = visit(script=script).go("/accounts/login/")
    be(guest, "Google", elsewhere)
    guest.go("/profile/").sees(mine)


def test_an_identity_of_another_address_is_linked_only_after_both_were_shown(visit, house):
    """The identity waits in the browser; whoever signs in as somebody else is told so."""
    guest = visit().go("/accounts/login/")
    be(guest, "Google", house.address("neighbor"))
    guest.page.get_by_role("link", name="Sign in").click()
    guest.sign_in(house.address("member"))
    guest.sees("The two addresses differ. Link it only if both are yours.")
    assert look(guest.page, "link, two addresses") == []
    guest.press("Not now")
    guest.go("/profile/").sees("Link Google")


def test_turning_back_at_the_provider_changes_nothing(visit):
    guest = visit().go("/accounts/login/")
    guest.elsewhere = "http://localhost:"
    guest.press("Continue with Microsoft")
    expect(guest.page.get_by_role("heading", name="Sample Microsoft")).to_be_visible()
    assert look(guest.page, "the sample Microsoft") == []
    guest.press("Cancel")
    guest.is_at("/accounts/login/")
    guest.hears("You turned back; nothing was changed.")


def test_an_answer_that_nobody_waits_for_gets_a_calm_page(visit):
    guest = visit().go("/accounts/provider/google/callback/?state=x&code=x", status=401)
    expect(guest.page.locator("h1")).to_have_text("Signing in with Google did not work")
    assert look(guest.page, "it did not work") == []
    guest.page.get_by_role("link", name="Back to sign in").click()
    guest.is_at("/accounts/login/")


def test_the_marks_keep_their_own_colors_and_the_buttons_their_owners(visit):
    guest = visit(color_scheme="dark").go("/accounts/login/")
    button = guest.page.get_by_role("button", name="Continue with Google")
    paper = "(button) => getComputedStyle(button).backgroundColor"
    assert button.evaluate(paper) == "rgb(19, 19, 20)"
    guest.page.emulate_media(color_scheme="light")
    assert button.evaluate(paper) == "rgb(255, 255, 255)"
    mark = button.locator("svg").inner_html()
    assert set(re.findall(r'fill="(.*?)"', mark)) == {"#4285f4", "#34a853", "#fbbc05", "#ea4335"}
