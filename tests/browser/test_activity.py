"""Who did what, and another name: walked by an Admin in a browser."""

import csv
import json

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def account(house) -> str:
    return f"/o/{house.slug}/account/"


def wait_for(page, script: bool) -> None:
    """The file is made by a job; without script one looks again."""
    download = page.get_by_role("link", name="Download")
    again = page.get_by_role("link", name="Look again")
    for _look in range(0 if script else 20):
        expect(download.or_(again)).to_be_visible()
        if download.count():
            break
        page.wait_for_timeout(250)
        again.click()
    expect(download).to_be_visible()


def test_an_admin_finds_what_was_done_and_takes_it_along(house, visit, script, tmp_path):
    admin = visit(house.address("admin"), script=script, accept_downloads=True)
    page = admin.page
    admin.invite(f"kim@{house.slug}.example")
    admin.go(account(house)).page.get_by_role("link", name="Activity").click()
    expect(admin.row("Invited a person")).to_contain_text(f"kim@{house.slug}.example")
    page.get_by_label("What").select_option(label="Contacts and mail")
    admin.press("Show")
    admin.sees("Nothing matches.")
    expect(page).to_have_url(
        f"{admin.portal}{account(house)}activity/?what=contacts&who=&from=&to="
    )
    page.get_by_label("What").select_option(label="People")
    admin.fill("Who", "ADMIN@")
    admin.press("Show")
    expect(admin.row("Invited a person")).to_be_visible()
    page.get_by_role("link", name="Export").click()
    admin.dialog.get_by_role("radio", name="JSON Lines").check(force=True)
    admin.press("Make the file")
    wait_for(page, script)
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    started.value.save_as(tmp_path / "activity.jsonl")
    (line,) = (tmp_path / "activity.jsonl").read_text().splitlines()
    assert json.loads(line)["object"] == f"kim@{house.slug}.example"


def test_a_table_for_a_spreadsheet(house, visit, tmp_path):
    admin = visit(house.address("admin"), accept_downloads=True)
    admin.invite(f"kim@{house.slug}.example")
    admin.go(account(house) + "activity/exports/")
    admin.press("Make the file")
    with admin.page.expect_download() as started:
        admin.page.get_by_role("link", name="Download").click()
    assert started.value.suggested_filename.endswith(".csv")
    started.value.save_as(tmp_path / "activity.csv")
    rows = list(csv.DictReader((tmp_path / "activity.csv").open(newline="")))
    assert [row["what"] for row in rows] == ["Invited a person"]


def test_an_admin_renames_it_and_former_links_lead_on(house, visit, script):
    admin = visit(house.address("admin"), script=script).go(account(house))
    member = visit(house.address("member"), script=script)
    admin.page.get_by_role("link", name="Rename").click()
    expect(admin.dialog).to_be_visible()
    admin.fill("Name", "Journeys & Sons")
    admin.fill("Address in the portal", "admin")
    admin.press("Save changes")
    expect(admin.dialog).to_contain_text("The portal uses this word itself.")
    admin.fill("Address in the portal", f"{house.slug}-sons")
    admin.press("Save changes")
    admin.hears("The organization is called Journeys & Sons.")
    admin.is_at(f"/o/{house.slug}-sons/account/")
    member.go(house.members).is_at(f"/o/{house.slug}-sons/members/")
    member.sees("Journeys & Sons")
    stranger = visit(house.address("neighbor"), script=script)
    stranger.go(house.members, status=404)


def test_a_member_finds_no_way_to_either(house, visit):
    member = visit(house.address("member")).go(account(house))
    for name in ("Activity", "Rename"):
        expect(member.page.get_by_role("link", name=name)).to_have_count(0)
    for end in ("activity/", "activity/exports/", "name/"):
        member.go(account(house) + end, status=403)


def test_the_pages_look_right(house, visit):
    admin, found = visit(house.address("admin")), []
    admin.invite(f"{'kim' * 19}@{house.slug}.example", role="Admin")
    page = admin.go(account(house)).page
    found += look(page, "account")
    page.get_by_role("link", name="Rename").click()
    expect(admin.dialog).to_be_visible()
    found += look(page, "rename")
    admin.go(account(house) + "activity/")
    found += look(page, "activity")
    page.get_by_role("link", name="Export").click()
    expect(admin.dialog).to_be_visible()
    found += look(page, "export")
    admin.press("Make the file")
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    found += look(page, "the file")
    admin.go(account(house) + "activity/?what=contacts")
    found += look(page, "nothing")
    found += look(visit("admin@acme.example").go("/o/acme/account/activity/").page, "Acme's")
    assert not found, "\n".join(found)
