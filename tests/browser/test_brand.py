"""The brand in the console, walked: seen while it is typed, saved, and seen by everybody."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.houses import STAFF
from tests.browser.looking import look

pytestmark = pytest.mark.browser
HERE = "/console/brand/"
FRAME = "[data-shown=%s] iframe:not([hidden])"
#: All that a branded sign-in page loads beside itself: passkey.js, and what it asks for.
FIRST_LOAD = ["gate", "logo", "passkey", "passkey"]
BUTTON = "getComputedStyle(document.querySelector('.btn--primary')).backgroundColor"


@pytest.fixture
def staff(visit):
    """Somebody at the form; in the end the demo looks as before."""
    yield lambda **options: visit(STAFF, **options).go(HERE)
    last = visit(STAFF).go(HERE)
    for name in ("sender_name", "accent", "sign_in_text", "mail_footer", "privacy_url"):
        last.page.locator(f"[name={name}]").fill("")
    if last.page.locator("#id_remove_logo").count():
        last.page.locator("#id_remove_logo").check()
    last.press("Save changes")
    last.hears("changed.")  # or nothing was


def logo() -> dict:
    made = io.BytesIO()
    Image.new("RGB", (300, 80), "#c2410c").save(made, "JPEG")
    return {"name": "logo.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def type_in(page, script: bool) -> None:
    """By keyboard alone, but for the file, which a browser asks the system for."""
    page.locator("#id_privacy_url").focus()
    page.keyboard.type("https://lumen.example/privacy")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#id_logo")).to_be_focused()
    page.locator("#id_logo").set_input_files(logo())
    page.locator("#id_accent").focus()
    page.keyboard.type("#c2410c")
    page.locator("#id_sign_in_text").focus()
    page.keyboard.type("Welcome to **our** portal.")
    page.locator("#id_sender_name").fill("The Lumen portal")
    page.locator("#id_mail_footer").fill("Lumen Tools Ltd")
    if script:
        expect(page.locator("#tones")).to_contain_text("on light pages #b73b05")
    else:
        page.get_by_role("button", name="Preview what was typed").click()


def test_staff_see_the_brand_as_they_type_and_then_everybody_does(
    portal, house, visit, staff, script
):
    at_work = staff(script=script)
    page, before = at_work.page, visit().go("/accounts/login/").page.evaluate(BUTTON)
    beginning = page.evaluate("history.length")
    type_in(page, script)
    frame = page.frame_locator(FRAME % "light")
    expect(frame.locator("strong")).to_have_text("our")
    expect(frame.locator("img[src^='data:image/png']")).to_be_visible()
    if script:
        mail = page.frame_locator(FRAME % "mail")
        expect(mail.locator("body")).to_contain_text("Lumen Tools Ltd")
        assert page.evaluate("history.length") == beginning
    assert visit().go("/accounts/login/").page.evaluate(BUTTON) == before
    at_work.press("Save changes")
    at_work.hears("The brand is changed.")
    guest = visit(script=script).go("/accounts/login/")
    guest.sees("Welcome to our portal.")
    expect(guest.page.get_by_role("img", name="Lumen Tools")).to_be_visible()
    expect(guest.page.get_by_role("link", name="Privacy")).to_be_visible()
    assert guest.page.evaluate(BUTTON) == "rgb(183, 59, 5)"
    guest.go("/accounts/login/code/").fill("E-mail address", house.address("neighbor"))
    page.wait_for_timeout(3_000)  # the worker's process looks every two seconds
    guest.press("Send code")
    message = portal.mail_to(house.address("neighbor"), "code")
    assert message["From"].addresses[0].display_name == "The Lumen portal"
    assert "Lumen Tools Ltd" in message.get_body(("plain",)).get_content()


def test_a_refused_brand_keeps_what_was_typed_and_says_to_choose_again(staff, script):
    at_work = staff(script=script)
    page = at_work.page
    page.locator("#id_sign_in_text").fill("Written for an hour.")
    page.locator("#id_privacy_url").fill("javascript:alert(1)")
    svg = {"name": "logo.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'/>"}
    page.locator("#id_logo").set_input_files(svg)
    at_work.press("Save changes")
    expect(page.locator(".errors")).to_be_focused()
    at_work.sees("This is no web address")
    at_work.sees("This is no picture that can be read.")
    at_work.sees("A logo has to be chosen again")
    expect(page.locator("#id_sign_in_text")).to_have_value("Written for an hour.")
    assert not script or look(page, "a refused brand") == []


def test_the_brands_pages_look_right(house, visit, staff):
    at_work = staff()
    page, found = at_work.page, look(at_work.page, "the brand")
    type_in(page, True)
    for name in ("Light", "Dark", "Mail"):
        page.get_by_role("radio", name=name, exact=True).check(force=True)
        expect(page.locator(".branding__frame:visible")).to_have_count(1)
        found += look(page, f"the brand with {name}")
    at_work.press("Save changes")
    at_work.hears("The brand is changed.")
    found += look(page, "the brand, saved")
    guest = visit().go("/accounts/login/")
    guest.page.wait_for_load_state("networkidle")
    found += look(guest.page, "sign-in with a brand")
    asked = [each.url for each in guest.requests if not each.url.startswith("data:")]
    assert sorted(re.sub(r".*/(\w+).*", r"\1", url) for url in asked[1:]) == FIRST_LOAD
    found += look(visit(house.address("admin")).go(house.products).page, "products with a brand")
    assert not found, "\n".join(found)
