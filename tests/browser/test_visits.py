"""Staff see the portal as a customer does, and suspend one: walked with script and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.houses import STAFF
from tests.browser.looking import look

pytestmark = pytest.mark.browser
BANNER = "you see the portal as"


@pytest.fixture
def staff(portal, house, visit, script):
    """In a session of their own: a visit changes its key."""
    mine = f"{house.slug}-{script}"
    portal.command("tests.browser.houses", "session", STAFF, mine)
    return visit(script=script).enter(STAFF, mine)


def test_staff_look_as_a_customer_change_nothing_and_leave(house, visit, staff, script):
    page, found = staff.go(f"/console/organizations/{house.slug}/").page, []
    page.get_by_role("link", name="See as customer").click()
    page.get_by_label("Admin").check()
    staff.fill("Reason", "They see no invoices")
    found += look(page, "see as customer") if script else []
    staff.press("See as customer")
    staff.is_at(house.products)
    expect(page.locator(".visit")).to_contain_text(f"{STAFF}, {BANNER} {house.name}")
    for room in ("", "products/", "members/", "billing/", "account/", "account/activity/"):
        staff.go(f"/o/{house.slug}/{room}")
        expect(page.locator(".visit")).to_be_visible()
        found += look(page, f"visit: {room}") if script else []
    staff.go(house.members)
    page.get_by_role("link", name="Invite user").click()
    staff.fill("E-mail address", house.address("kim"))
    staff.press("Invite user")
    if script:
        staff.hears("You only look here: nothing was done.")
    else:
        staff.sees("You only look here")
    page.get_by_role("button", name="Leave", exact=True).click()
    staff.hears("You see the portal as yourself again.")
    staff.is_at(f"/console/organizations/{house.slug}/")
    staff.go(house.members, status=404)
    admin = visit(house.address("admin"), script=script)
    admin.go(f"/o/{house.slug}/account/activity/")
    admin.sees("Looked at the portal as you see it")
    admin.sees("They see no invoices")
    assert not found, "\n".join(found)


def test_a_customer_is_suspended_and_open_again(house, visit, staff, script):
    here, found = f"/console/organizations/{house.slug}/", []
    admin = visit(house.address("admin"), script=script)
    staff.go(here).page.get_by_role("link", name="Suspend", exact=True).click()
    found += look(staff.page, "suspend") if script else []
    staff.fill("Reason", "Nothing was paid since June")
    staff.press("Suspend")
    staff.hears(f"{house.name} is suspended.")
    found += look(staff.page, "a suspended customer") if script else []
    admin.go(house.products, status=403).sees(f"{house.name} is suspended")
    found += look(admin.page, "suspended") if script else []
    admin.page.get_by_role("link", name="Go to Billing").click()
    admin.is_at(house.billing)
    expect(admin.page.get_by_role("link", name="Products")).to_have_count(0)
    staff.page.get_by_role("link", name="Reopen").click()
    staff.press("Reopen")
    staff.hears(f"{house.name} is open again.")
    admin.go(house.products).sees("Deploy")
    assert not found, "\n".join(found)
