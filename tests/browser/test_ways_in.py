"""Signing up with "Google", accepting an invitation with "Microsoft", and passkeys."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.keys import with_authenticator
from tests.browser.looking import look

pytestmark = pytest.mark.browser
ADA = "ada.newell@example.com"


def be(visitor, provider: str, email: str, name: str = "Ada Newell", press: str = "") -> None:
    """Press the provider's button (or the one that is called `press`), and be somebody there."""
    visitor.elsewhere = "http://localhost:"
    visitor.press(press or f"Continue with {provider}")
    expect(visitor.page).not_to_have_url(re.compile(re.escape(visitor.portal)))
    visitor.page.locator("input[name=email]").fill(email)
    visitor.page.locator("input[name=name]").fill(name)
    visitor.page.locator("form:has(input[name=email]) button").last.click()
    expect(visitor.page).to_have_url(re.compile(re.escape(visitor.portal)))


def test_a_new_person_signs_up_with_google_adds_a_passkey_and_signs_in_with_it(visit):
    visitor = visit()
    visitor.go("/accounts/signup/")
    be(visitor, "Google", ADA)
    visitor.go("/profile/").sees(ADA)
    assert look(visitor.page, "profile") == []
    with_authenticator(visitor)
    visitor.page.get_by_role("link", name="Add a passkey").click()
    visitor.press("Add a passkey")
    visitor.hears("is added")
    visitor.page.get_by_role("button", name=re.compile("^Your menu")).click()
    visitor.press("Sign out")
    # No button is pressed on the sign-in page: the virtual device answers the browser's autofill
    # without waiting for a touch.
    visitor.is_at("/organizations/")
    visitor.go("/profile/").sees(ADA)


def test_an_invitation_is_accepted_with_microsoft(visit, house, portal):
    address = "kim.microsoft@example.com"
    visit(house.address("admin")).go(house.members).invite(address)
    guest = visit()
    guest.go(portal.link_to(address))
    be(guest, "Microsoft", address, "Kim Park")
    guest.page.get_by_label("Code").fill(portal.code_to(address))
    guest.press("Confirm")
    guest.press(f"Join {house.name}")
    guest.hears(f"You have joined {house.name}.")


def code_now(secret: str) -> str:
    """What the app shows; of the next half minute where this one is about to end."""
    time.sleep(max(0, 5 - (30 - time.time() % 30)))
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_authenticator_app_is_set_up_and_asked_for(visit, house, script):
    address = house.address("member")
    member = visit(address, script=script).go("/profile/authenticator/")
    secret = member.page.locator("code").inner_text().replace(" ", "")
    member.fill("2. Enter the code", code_now(secret))
    member.press("Turn on")
    member.is_at("/profile/recovery-codes/")
    member.hears("The authenticator app is on.")
    assert member.page.locator(".toast").count() == 1
    codes = member.page.locator("pre").inner_text().split()
    guest = visit(script=script).sign_in(address)
    guest.is_at("/accounts/second-factor/")
    assert not script or look(guest.page, "second step") == []
    guest.fill("Code", codes[0])
    guest.press("Sign in")
    guest.is_at(house.products)


def test_whoever_has_nothing_but_a_mailbox_confirms_with_a_mailed_code(
    visit, house, portal, script
):
    address = house.address("reader")
    reader = visit(address, script=script).go("/accounts/reauthenticate/?next=/profile/")
    found = look(reader.page, "the offer of a code") if script else []
    reader.press("Mail me a code")
    found += look(reader.page, "a code to confirm") if script else []
    reader.fill("Code", "WRNG-CODE")
    reader.press("Confirm")
    reader.sees("Incorrect code.")
    found += look(reader.page, "a wrong code to confirm") if script else []
    reader.fill("Code", portal.code_to(address))
    reader.press("Confirm")
    reader.is_at("/profile/")
    assert found == []
