"""Passkeys and security keys in a browser: made, asked for, and what stands there without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.keys import with_authenticator
from tests.browser.looking import look

pytestmark = pytest.mark.browser
STEP = "/accounts/second-factor/"
CONFIRM = "/accounts/reauthenticate/?next=/profile/"


def test_a_person_signs_up_with_a_passkey(visit, portal):
    address, visitor = "ada.passkey@example.com", visit()
    visitor.go("/accounts/signup/")
    visitor.page.get_by_role("link", name="Use a passkey instead of a password").click()
    visitor.fill("Your name", "Ada Newell")
    visitor.fill("E-mail address", address)
    assert look(visitor.page, "sign-up by passkey") == []
    visitor.press("Continue")
    visitor.fill("Code", portal.code_to(address))
    visitor.press("Confirm")
    visitor.is_at("/accounts/passkey/sign-up/")
    assert look(visitor.page, "create a passkey") == []
    with_authenticator(visitor)
    visitor.press("Create a passkey")
    visitor.is_at("/organizations/")
    visitor.go(CONFIRM).press("Use a passkey or key")
    visitor.is_at("/profile/")
    visitor.sees(address)


def test_a_security_key_is_the_second_step_and_confirms_by_keyboard_alone(visit, house):
    address, visitor = house.address("member"), visit()
    with_authenticator(visitor, "usb")
    visitor.sign_in(address).go("/profile/keys/add/?kind=key")
    assert look(visitor.page, "add a security key") == []
    visitor.press("Add a security key")
    visitor.is_at("/profile/recovery-codes/")
    visitor.context.clear_cookies()
    visitor.sign_in(address).is_at(STEP)
    assert look(visitor.page, "second step with a key") == []
    to_the_key(visitor)
    visitor.is_at(house.products)
    visitor.go(CONFIRM)
    expect(visitor.page.get_by_label("Password")).to_be_focused()
    assert look(visitor.page, "confirm with a key") == []
    to_the_key(visitor)
    visitor.is_at("/profile/")


def to_the_key(visitor) -> None:
    """Press Tab until the key's button has the focus, then Enter."""
    button = visitor.page.get_by_role("button", name="Use a passkey or key")
    expect(button).to_be_visible()
    for _press in range(6):
        visitor.page.keyboard.press("Tab")
        if button.evaluate("(one) => one === document.activeElement"):
            break
    visitor.page.keyboard.press("Enter")


def test_without_script_each_page_says_what_to_do_instead(visit, house):
    address, maker = house.address("member"), visit()
    with_authenticator(maker, "usb")
    maker.sign_in(address).go("/profile/keys/add/?kind=key").press("Add a security key")
    codes = maker.page.locator("pre").inner_text().split()
    plain = visit(script=False).sign_in(address)
    plain.is_at(STEP)
    assert "A key needs JavaScript." in shown(plain)
    plain.fill("Recovery code", codes[0])
    plain.press("Sign in")
    plain.is_at(house.products)
    assert "A key needs JavaScript." in shown(plain.go(CONFIRM))
    for kind in ("key", "passkey"):
        assert "This needs JavaScript." in shown(plain.go(f"/profile/keys/add/?kind={kind}"))


def shown(visitor) -> str:
    """What the page shows in the place of a key's form."""
    return visitor.page.locator("noscript .notice").inner_text()


def test_a_browser_that_knows_no_keys_says_so(visit, house):
    visitor = visit(house.address("member"))
    visitor.context.add_init_script("delete window.PublicKeyCredential")
    visitor.go("/profile/keys/add/?kind=passkey")
    expect(visitor.page.get_by_text("This browser cannot make one here.")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Add a passkey")).to_be_hidden()
