"""The list of 2,000 members: searching, filtering, going on and back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MEMBERS = "/o/initech/members/"
ADMIN = "admin@initech.example"


def test_the_list_is_searched_while_typing(visit):
    admin = visit(ADMIN)
    admin.is_at(MEMBERS)
    before = len([request for request in admin.requests if request.resource_type == "document"])
    admin.page.get_by_label("Search by name or e-mail").press_sequentially("person1234@")
    expect(admin.row("person1234@initech.example")).to_be_visible()
    expect(admin.page.get_by_role("row")).to_have_count(2)
    expect(admin.page).to_have_url(re.compile(r"\?q=person1234(%40|@)"))
    expect(admin.page.locator("#said")).to_contain_text("1")
    documents = [request for request in admin.requests if request.resource_type == "document"]
    assert len(documents) == before
    admin.page.get_by_label("Search by name or e-mail").fill("nobody of this name")
    admin.sees("No member matches")
    admin.page.get_by_role("link", name="Show everyone").click()
    expect(admin.row("Otto Brandt")).to_be_visible()


def test_the_list_is_searched_and_filtered_without_script(visit):
    admin = visit(ADMIN, script=False)
    admin.fill("Search by name or e-mail", "initech")
    admin.page.get_by_role("radio", name="Admins").check(force=True)
    admin.press("Search")
    expect(admin.page).to_have_url(re.compile("q=initech&role=admin"))
    expect(admin.row("Otto Brandt")).to_be_visible()
    expect(admin.row("person1@initech.example")).to_have_count(0)
    expect(admin.page.get_by_role("radio", name="Admins")).to_be_checked()


def test_the_filter_narrows_the_list_and_stays_in_the_address(visit):
    admin = visit(ADMIN)
    admin.page.get_by_text("Admins", exact=True).click()
    expect(admin.page).to_have_url(re.compile("role=admin"))
    expect(admin.row("person1@initech.example")).to_have_count(0)
    admin.page.reload()
    expect(admin.page.get_by_role("radio", name="Admins")).to_be_checked()
    expect(admin.row("person1@initech.example")).to_have_count(0)
    admin.page.get_by_text("Pending", exact=True).click()
    admin.sees("No invitation is waiting for an answer.")
    admin.fill("Search by name or e-mail", "person1@")
    admin.sees("No invitation matches “person1@”.")
    admin.page.get_by_text("Admins", exact=True).click()
    admin.sees("No member with this role matches “person1@”.")


def test_next_previous_and_the_back_button(visit, script):
    admin = visit(ADMIN, script=script)
    admin.sees("1–25 of 1,000+")
    admin.page.get_by_role("link", name="Next").click()
    admin.sees("26–50 of 1,000+")
    admin.page.get_by_role("link", name="Next").click()
    admin.sees("51–75 of 1,000+")
    admin.page.get_by_role("link", name="Previous").click()
    admin.sees("26–50 of 1,000+")
    admin.page.go_back()
    admin.sees("51–75 of 1,000+")
    admin.page.go_back()
    admin.page.go_back()
    admin.sees("1–25 of 1,000+")
    expect(admin.row("Otto Brandt")).to_be_visible()


def test_after_a_dialog_the_back_button_shows_the_list_again(visit):
    admin = visit(ADMIN)
    admin.page.get_by_role("link", name="Next").click()
    admin.sees("26–50 of 1,000+")
    admin.page.get_by_role("link", name="Invite user").click()
    expect(admin.dialog).to_be_visible()
    admin.page.keyboard.press("Escape")
    admin.page.go_back()
    admin.sees("1–25 of 1,000+")
    admin.page.go_forward()
    admin.sees("26–50 of 1,000+")
