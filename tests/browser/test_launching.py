"""Products that sign people in through the portal, walked with the example product Connect beside
it: opened, left, taken away."""

import re
import time
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.houses import PASSWORD
from tests.browser.looking import look
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
CLOSED = "Sign in with Lumen"


@pytest.fixture
def comes(visit, portal):
    """A visitor who goes to Connect, too."""

    def come(who: str = "", **options) -> Visitor:
        visitor = visit(who, **options)
        visitor.elsewhere = f"{portal.connect}/"
        return visitor

    return come


def opens(visitor: Visitor, house) -> Page:
    """Press Open on the Products page, and be in Connect for this organization."""
    visitor.go(house.products)
    card = visitor.page.locator("section, article").filter(has_text="Connect")
    card.get_by_role("link", name="Open").click()
    return is_in(visitor, house.name)


def is_in(visitor: Visitor, organization: str) -> Page:
    expect(visitor.page).to_have_url(visitor.elsewhere)
    expect(visitor.page.get_by_role("heading", name=organization, exact=True)).to_be_visible()
    return visitor.page


def is_closed(visitor: Visitor) -> bool:
    """Whether Connect has ended the session by itself: it asks the portal only after 5 minutes."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        visitor.page.goto(visitor.elsewhere)
        if visitor.page.get_by_role("link", name=CLOSED).count():
            return True
        time.sleep(0.2)
    return False


def test_open_leads_into_the_product_for_this_organization(launching_house, comes, script):
    admin = comes(launching_house.address("admin"), script=script)
    page = opens(admin, launching_house)
    for said in (launching_house.address("admin"), "Admin", "Connect, Team"):
        expect(page.locator("main")).to_contain_text(said)
    assert not script or look(page, "Connect") == []


def test_signing_out_of_the_product_is_signing_out_of_the_portal(launching_house, comes, script):
    admin = comes(launching_house.address("admin"), script=script)
    opens(admin, launching_house).get_by_role("button", name="Sign out").click()
    expect(admin.page.get_by_role("link", name=CLOSED)).to_be_visible()
    assert not script or look(admin.page, "Connect, signed out") == []
    admin.go(launching_house.products)
    admin.is_at("/accounts/login/")


def test_signing_out_of_the_portal_closes_the_product(launching_house, comes):
    admin = comes(launching_house.address("admin"))
    opens(admin, launching_house)
    admin.go(launching_house.products).page.locator("[popovertarget=person]").click()
    admin.press("Sign out")
    admin.is_at("/accounts/login/")
    assert is_closed(admin)


def test_a_member_who_is_removed_is_out_of_the_product(launching_house, comes, visit):
    member = comes(launching_house.address("member"))
    opens(member, launching_house)
    admin = visit(launching_house.address("admin")).go(launching_house.members)
    admin.choose("Milo Hart", "Remove User")
    admin.press("Remove User")
    admin.hears("Milo Hart has no access any more.")
    assert is_closed(member)


def test_somebody_in_two_organizations_who_begins_at_the_product_chooses(comes, script):
    both = comes("both@example.com", script=script)
    both.page.goto(both.elsewhere)
    both.page.get_by_role("link", name=CLOSED).click()
    both.sees("for which organization?")
    both.page.get_by_role("button", name=re.compile("^Globex")).click()
    expect(is_in(both, "Globex").locator("main")).to_contain_text("Admin")
    both.page.get_by_role("link", name="Another organization").click()
    both.page.get_by_role("button", name=re.compile("^Acme")).click()
    expect(is_in(both, "Acme").locator("main")).to_contain_text("Member")
    both.page.get_by_role("link", name="Another organization").click()
    both.press("Cancel")
    expect(both.page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    both.page.get_by_role("link", name="To the start").click()
    is_in(both, "Acme")


def test_whoever_is_signed_out_signs_in_on_the_way(launching_house, comes, script):
    person = comes(script=script)
    person.page.goto(person.elsewhere)
    person.page.get_by_role("link", name=CLOSED).click()
    person.sign_in(launching_house.address("member"))
    is_in(person, launching_house.name)


def test_a_product_that_wants_a_fresh_proof_gets_one(launching_house, comes, portal, script):
    admin = comes(launching_house.address("admin"), script=script)
    admin.page.goto(f"{admin.elsewhere}sign-in?prompt=login")
    expect(admin.page).to_have_url(re.compile("/accounts/reauthenticate/"))
    admin.page.get_by_label("Password", exact=True).fill(PASSWORD)
    admin.press("Confirm")
    is_in(admin, launching_house.name)


def test_whoever_has_no_seat_is_told_so_and_goes_back(launching_house, comes, script):
    primary = comes(launching_house.address("primary"), script=script)
    primary.page.goto(f"{primary.elsewhere}sign-in")
    primary.sees("no seat of it is yours")
    assert not script or look(primary.page, "no access") == []
    primary.page.get_by_role("link", name="Back to Connect").click()
    expect(primary.page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    primary.go(f"{launching_house.products}connect/open/", status=403)
    primary.sees("no seat of it is yours")


def test_the_way_can_be_gone_by_keyboard(comes):
    both = comes("both@example.com")
    both.page.goto(both.elsewhere)
    both.page.get_by_role("link", name=CLOSED).focus()
    both.page.keyboard.press("Enter")
    both.page.get_by_role("button", name=re.compile("^Acme")).focus()
    both.page.keyboard.press("Enter")
    is_in(both, "Acme")
    both.page.get_by_role("button", name="Sign out").focus()


@pytest.fixture(scope="module")
def others(portal) -> dict[str, str]:
    """The client ids of a program that is somebody else's, and of one on a device."""
    back = ("--redirect", f"{portal.connect}/callback")
    of_others = portal.command("forecourt", "client", "add", "Of others", "--ask-consent", *back)
    shell = portal.command("forecourt", "client", "add", "In a shell", "--public", "--device")
    found = re.compile(r"client_id +(\S+)")
    return {"web": found.search(of_others)[1], "device": found.search(shell)[1]}


def asks(portal, client_id: str, **more: str) -> str:
    """The address that a product sends people to."""
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": f"{portal.connect}/callback",
        "scope": "openid profile email",
        "state": "ours",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        **more,
    }
    return f"/identity/o/authorize?{urlencode(asked)}"


def test_a_program_of_others_asks_first_and_learns_nothing_without(
    launching_house, comes, portal, others, script
):
    member = comes(launching_house.address("member"), script=script)
    member.go(asks(portal, others["web"]))
    member.sees("It learns:")
    assert not script or look(member.page, "consent") == []
    member.press("Cancel")
    expect(member.page).to_have_url(re.compile("error=access_denied"))
    member.go(asks(portal, others["web"]))
    member.press("Continue")
    expect(member.page).to_have_url(re.compile("/callback.code="))


def test_a_device_is_signed_in_and_cut_off_again(launching_house, comes, portal, others, script):
    begun = requests.post(
        f"{portal.address}/identity/o/api/device/code",
        {"client_id": others["device"], "scope": "openid"},
        timeout=10,
    ).json()
    member = comes(launching_house.address("member"), script=script)
    page = member.go("/identity/o/device").page
    assert not script or look(page, "device") == []
    member.fill("Code", begun["user_code"])
    member.press("Continue")
    member.sees(begun["user_code"])
    assert not script or look(page, "a device asks") == []
    member.press("Sign the device in")
    member.sees("The device is signed in")
    assert not script or look(page, "device, done") == []
    page.get_by_role("link", name="Connected products").click()
    member.sees("On a device")
    assert not script or look(page, "connected products") == []
    page.get_by_role("link", name="Disconnect").click()
    member.press("Disconnect")
    member.hears("In a shell is disconnected.")
    member.sees("You are signed in to no product.")


def test_the_pages_of_launching_look_right(launching_house, comes, portal):
    both, found = comes("both@example.com"), []
    there = asks(portal, "sample-connect")
    found += look(both.go(there).page, "choose")
    broken = asks(portal, "sample-connect", redirect_uri="https://evil.example/")
    found += look(both.go(broken, status=400).page, "a link that does not work")
    found += look(both.go("/identity/o/logout").page, "sign out, too?")

    def stay(route):  # The page goes on by itself, at once.
        headers = {**route.request.headers, "sec-fetch-dest": "document"}
        answer = route.fetch(headers=headers, max_redirects=0)
        route.fulfill(response=answer, body=answer.text().replace("http-equiv", "name"))

    admin = comes(launching_house.address("admin"))
    admin.page.route("**/identity/o/authorize*", stay)
    found += look(admin.go(there).page, "onwards")
    admin.page.get_by_role("link", name="Continue").click()
    expect(admin.page).to_have_url(re.compile("/callback.code="))
    assert found == []
