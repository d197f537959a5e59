"""Inviting several at once: pasted or from a file, first shown, then sent, safe to repeat."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_pasted_addresses_are_shown_then_sent_and_sending_again_invites_nobody_twice(
    portal, house, visit, script
):
    admin = visit(house.address("admin"), script=script)
    ida, ole = house.address("ida"), house.address("ole")
    pasted = f"{ida}\nOle Berg <{ole}>, admin\nnonsense\n{house.address('member')}\n{ida}\n"
    for verdict in ("Will be invited.", "Already invited; the link sent before stays good."):
        admin.go(house.members).page.get_by_role("link", name="Invite several").click()
        admin.fill("E-mail addresses", pasted)
        admin.press("Preview")
        expect(admin.row(ida).first).to_contain_text(verdict)
        expect(admin.row(ole)).to_contain_text(verdict)
        expect(admin.row(ole)).to_contain_text("Admin")
        expect(admin.row("nonsense")).to_contain_text("Not an e-mail address")
        expect(admin.row(house.address("member"))).to_contain_text("Already a member")
        expect(admin.row(ida).last).to_contain_text("Stands above already")
        expect(admin.page.get_by_label("E-mail addresses")).to_have_value(pasted)
        if verdict == "Will be invited.":
            admin.press("Send 2 invitations")
            admin.sees("2 invitations are on their way.")
            expect(admin.page.get_by_role("row")).to_have_count(3)
    expect(admin.page.get_by_role("button", name="Send")).to_have_count(0)
    portal.link_to(ida)
    portal.link_to(ole)
    admin.go(house.members)
    expect(admin.row("Pending")).to_have_count(2)


def test_the_page_sent_twice_does_not_invite_twice(portal, house, visit):
    admin = visit(house.address("admin"), script=False)
    admin.go(house.members + "invitations/several/")
    admin.fill("E-mail addresses", house.address("ida"))
    admin.press("Preview")
    admin.press("Send 1 invitation")
    admin.sees("1 invitation is on its way.")
    admin.page.reload()  # sends the form again
    admin.sees("0 invitations are on their way.")
    admin.go(house.members)
    expect(admin.row("Pending")).to_have_count(1)


def test_a_csv_file_is_read(portal, house, visit):
    admin = visit(house.address("admin"))
    admin.go(house.members + "invitations/several/")
    content = (
        f"Name;E-mail;Role\r\nIda;{house.address('ida')};admin\r\nOle;{house.address('ole')};\r\n"
    )
    admin.page.get_by_label("Or a CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")}
    )
    admin.press("Preview")
    expect(admin.row(house.address("ida"))).to_contain_text("Admin")
    expect(admin.row(house.address("ole"))).to_contain_text("Member")
    admin.press("Send 2 invitations")
    admin.sees("2 invitations are on their way.")


def test_a_file_that_is_no_text_gets_a_sentence(house, visit):
    admin = visit(house.address("admin"))
    admin.go(house.members + "invitations/several/")
    admin.page.get_by_label("Or a CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": bytes(range(128, 256))}
    )
    admin.press("Preview")
    expect(admin.page.locator(".errors")).to_contain_text("not text in UTF-8")
