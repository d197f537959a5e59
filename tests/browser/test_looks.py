"""Every page in both themes: axe finds nothing, nothing scrolls sideways, no trouble in the
console (see `visit`), and the first load stays small."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look
from tests.cast import code_in

pytestmark = pytest.mark.browser


def test_the_pages_of_signing_in_look_right(portal, house, visit):
    guest, found = visit(), []
    page = guest.page
    for name in ("login", "signup", "password/reset", "login/code"):
        found += look(guest.go(f"/accounts/{name}/").page, name)
    page.get_by_label("E-mail address").fill("nobody at all")
    guest.press("Send code")
    expect(page.locator(".errors")).to_be_visible()  # not the page that is being left
    found += look(page, "an error in a form")
    guest.fill("E-mail address", house.address("neighbor"))
    guest.press("Send code")
    expect(page.get_by_label("Code")).to_be_visible()
    found += look(page, "the code to sign in")
    guest.go("/accounts/password/reset/")
    guest.fill("E-mail address", house.address("neighbor"))
    guest.press("Send code")
    expect(page.get_by_label("Code")).to_be_visible()
    found += look(page, "the code to reset the password")
    guest.fill("Code", code_in(portal.mail_to(house.address("neighbor"), "reset")))
    guest.press("Confirm")
    expect(page.get_by_label("New password", exact=True)).to_be_visible()
    found += look(page, "the new password")
    guest = visit().go("/accounts/signup/")
    guest.fill("E-mail address", house.address("kim"))
    guest.fill("Password", "a sentence is fine")
    guest.press("Sign up")
    guest.sees("Verify your e-mail address")
    found += look(guest.page, "the code to verify the address")
    assert not found, "\n".join(found)


def test_the_pages_of_an_invitation_look_right(portal, house, visit):
    admin, found = visit(house.address("admin")), []
    links = {}
    for who in ("kim", "neighbor"):
        admin.invite(house.address(who))
        links[who] = portal.link_to(house.address(who))
    guest = visit()
    found += look(guest.go(links["kim"]).page, "invitation of somebody new")
    guest.fill("Choose a password", "short")
    guest.press("Continue")
    expect(guest.page.locator(".errors")).to_be_visible()
    found += look(guest.page, "invitation with a bad password")
    found += look(guest.go(links["neighbor"]).page, "invitation of an account")
    found += look(admin.go(links["kim"]).page, "invitation of somebody else")
    guest.sign_in(house.address("neighbor"))
    found += look(guest.page, "organizations with an invitation")
    found += look(guest.go(links["neighbor"]).page, "invitation to join")
    guest.press("Decline the invitation")
    guest.sees("You have not joined")
    found += look(guest.page, "declined")
    found += look(guest.go(links["neighbor"], status=404).page, "dead link")
    found += look(guest.go("/demo/mail/").page, "mailbox")
    guest.page.get_by_role("link").filter(has_text=house.address("kim")).first.click()
    expect(guest.page.locator("iframe")).to_be_visible()
    found += look(guest.page, "mail")
    assert not found, "\n".join(found)


def test_the_pages_of_an_organization_look_right(house, visit):
    admin, found = visit(house.address("admin")), []
    admin.invite(f"{'long' * 16}@{'name' * 15}.{'part' * 15}.example")
    admin.invite(house.address("kim"))
    found += look(admin.page, "members with a toast")
    admin.page.get_by_text("What each role may do").click()
    found += look(admin.page, "members with the table of roles")
    found += look(admin.go(house.members + "?q=none+of+these").page, "an empty search")
    found += look(admin.go(f"/o/{house.slug}/account/").page, "account")
    found += look(admin.go("/accounts/password/change/").page, "change password")
    found += look(admin.go("/organizations/").page, "organizations")
    found += look(admin.go(house.members + "invitations/several/").page, "invite several")
    admin.fill("E-mail addresses", f"{house.address('ida')}\nnonsense\n{house.address('kim')}")
    admin.press("Preview")
    expect(admin.page.get_by_role("button", name="Send 1 invitation")).to_be_visible()
    found += look(admin.page, "preview")
    admin.press("Send 1 invitation")
    expect(admin.page.get_by_role("button", name="Send 1 invitation")).to_have_count(0)
    found += look(admin.page, "results")
    found += look(admin.go("/nothing/", status=404).page, "404")
    member = visit(house.address("member"))
    found += look(member.page, "members for a Member")
    found += look(member.go(f"/o/{house.slug}/account/").page, "account for a Member")
    found += look(member.go("/o/initech/members/", status=404).page, "a stranger's 404")
    found += look(visit("nobody@example.com").page, "no organization")
    assert not found, "\n".join(found)


def test_menus_and_dialogs_look_right(house, visit):
    admin, found = visit(house.address("admin")), []
    page = admin.page
    admin.invite(house.address("kim"))
    admin.menu("Milo Hart").click()
    found += look(page, "row menu", small=False)
    page.keyboard.press("Escape")
    for name in ("organizations", "person"):
        page.locator(f"[popovertarget={name}]").click()
        if name == "organizations":
            expect(page.locator("#organizations")).to_contain_text(house.name)
        found += look(page, f"menu of {name}", small=False)
        page.keyboard.press("Escape")
    addresses = []
    for name, action in (
        ("Milo Hart", "Edit User"),
        ("Milo Hart", "Remove User"),
        ("Alva Reed", "Leave"),
        (house.address("kim"), "Revoke"),
    ):
        dialog = admin.choose(name, action)
        addresses.append(dialog.locator("form").get_attribute("action"))
        found += look(page, action)
        page.keyboard.press("Escape")
        expect(admin.dialog).to_have_count(0)
    page.get_by_role("link", name="Invite user").click()
    admin.fill("E-mail address", "nonsense")
    admin.press("Invite user")
    expect(admin.dialog.locator(".errors")).to_be_visible()
    found += look(page, "a dialog with an error")
    for address in (*addresses, house.members + "invitations/"):
        found += look(admin.go(address).page, f"{address} as a page")
    assert not found, "\n".join(found)


def test_the_menu_of_a_phone_looks_right(house, visit):
    member = visit(house.address("member"), width=390)
    member.press("Menu")
    expect(member.page.get_by_role("link", name="Account", exact=True).first).to_be_visible()
    found = look(member.page, "the phone's menu")
    member.page.get_by_role("link", name="Account", exact=True).first.click()
    member.is_at(f"/o/{house.slug}/account/")
    assert not found, "\n".join(found)


def test_the_first_load_of_members_is_small_and_asks_nobody_else(house, visit):
    first = visit(house.address("admin"))
    second = visit(storage_state=first.context.storage_state())
    second.go(house.members).page.wait_for_load_state("networkidle")
    page, *rest = [request for request in second.requests if not request.url.startswith("data:")]
    assert len(rest) <= 3, [request.url for request in rest]
    assert sum(request.sizes()["responseBodySize"] for request in [page, *rest]) <= 30_000


def test_signed_out_pages_load_no_script_but_the_passkeys(visit):
    guest = visit().go("/accounts/login/")
    guest.page.wait_for_load_state("networkidle")
    scripts = [request.url for request in guest.requests if request.resource_type == "script"]
    assert len(scripts) == 1 and "passkey" in scripts[0]


def test_the_chosen_theme_stays(house, visit, script):
    member = visit(house.address("member"), script=script, color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = member.page.evaluate(paper)
    member.page.locator("[popovertarget=person]").click()
    member.press("Dark")
    member.is_at(house.members)
    dark = member.page.evaluate(paper)
    assert dark != light
    member.page.reload()
    assert member.page.evaluate(paper) == dark
    assert visit(color_scheme="dark").go("/accounts/login/").page.evaluate(paper) == dark
