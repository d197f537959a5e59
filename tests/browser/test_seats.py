"""Who has a seat: given and freed by an Admin, seen by everybody, looked at by axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_seats_are_given_by_keyboard_refused_and_freed(house, visit, script):
    admin = visit(house.address("admin"), script=script).go(house.seats)
    page, found = admin.page, look(visit(house.address("admin")).go(house.seats).page, "free")
    for name in ("Alva Reed", "Petra Lowe", "Milo Hart"):
        page.get_by_role("checkbox", name=re.compile(name)).press("Space")
    page.get_by_role("button", name="Assign seats").press("Enter")
    expect(page.locator(".errors")).to_contain_text("You chose 3 members, and 2 seats are left.")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
    if script:
        found += look(page, "refused")
    page.get_by_role("checkbox", name=re.compile("Petra Lowe")).press("Space")
    admin.press("Assign seats")
    admin.hears("2 members have a seat now.")
    admin.is_at(house.seats)
    admin.sees("No seat is left. Free one first.")
    if script:
        found += look(page, "full")
    page.get_by_role("button", name="Free seat of Milo Hart").press("Enter")
    admin.hears("Milo Hart has no seat any more.")
    expect(admin.row("Milo Hart")).to_contain_text("No seat")
    assert not found, "\n".join(found)


def test_a_member_looks_for_who_has_a_seat(house, visit, script):
    admin = visit(house.address("admin"), script=script).go(house.seats)
    admin.page.get_by_role("checkbox", name=re.compile("Alva Reed")).check()
    admin.press("Assign seats")
    admin.hears("Alva Reed has a seat now.")
    member = visit(house.address("member"), script=script).go(house.seats)
    expect(member.page.get_by_role("checkbox")).to_have_count(0)
    expect(member.page.get_by_role("button", name=re.compile("seat"))).to_have_count(0)
    member.page.get_by_role("radio", name="With a seat").check(force=True)
    if not script:
        member.press("Search")
    expect(member.page).to_have_url(re.compile("seat=with$"))
    expect(member.row("Alva Reed")).to_be_visible()
    expect(member.row("Milo Hart")).to_have_count(0)
    member.fill("Search by name or e-mail", "hart")
    if not script:
        member.press("Search")
    member.sees("No member matches “hart”.")
    found = look(member.page, "empty") if script else []
    assert not found, "\n".join(found)
