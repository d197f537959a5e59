"""Who has a seat of a license: S7, A081, A160; seen by everybody, decided by Admins."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from forecourt.core.models import AuditEvent
from forecourt.members.tests.reading import page_words, row, row_markup
from forecourt.orgs.models import Membership
from forecourt.products.models import License, Seat
from tests.cast import membership, organization, run_jobs

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
BOTH = "both@example.com"


def license_of(slug: str, product: str) -> License:
    return organization(slug).licenses.select_related("product").get(product__slug=product)


def here(slug: str = "acme", product: str = "inventory") -> str:
    return f"/o/{slug}/products/licenses/{license_of(slug, product).pk}/seats/"


def having(slug: str = "acme", product: str = "inventory") -> set[str]:
    """The addresses of those who have a seat."""
    seats = license_of(slug, product).seats_taken
    return set(seats.values_list("member__user__email", flat=True))


def ids(*addresses: str, slug: str = "acme") -> list[int]:
    return [membership(slug, address).pk for address in addresses]


def assign(client, *addresses: str, at: str = ""):
    return client.post((at or here()) + "assignment/", {"member": ids(*addresses)})


def free(client, address: str):
    return client.post(f"{here()}{membership('acme', address).pk}/freeing/")


def log() -> list[AuditEvent]:
    organization("acme")
    return list(AuditEvent.objects.filter(event__startswith="seat.").order_by("pk"))


def test_everybody_sees_who_has_a_seat_and_how_many_are_left(world, browser):
    """S7: Inventory has three seats, two are taken."""
    for who in (ADMIN, MEMBER, PRIMARY):
        page = browser(who).get(here())
        assert "Seats of Inventory" in page_words(page)
        assert re.search(r"Seats 3 Used 2 Left 1\b", page_words(page))
        assert "No seat" not in row(page, MEMBER)
        assert "No seat" in row(page, PRIMARY)


def test_only_an_admin_sees_boxes_and_buttons(world, browser):
    assert "Free seat" in row(browser(ADMIN).get(here()), MEMBER)
    assert 'name="member"' in row_markup(browser(ADMIN).get(here()), PRIMARY)
    for who in (MEMBER, PRIMARY):
        markup = browser(who).get(here()).content.decode()
        assert "Free seat" not in markup and "Assign seats" not in markup
        assert "checkbox" not in markup and "freeing/" not in markup


def test_an_admin_gives_a_seat_and_it_is_in_the_audit_log(world, browser):
    admin = browser(ADMIN)
    answer = assign(admin, PRIMARY)
    assert (answer.status_code, answer["Location"]) == (303, here())
    page = admin.get(here())
    assert "has a seat now." in page_words(page)
    assert re.search(r"Used 3 Left 0\b", page_words(page))
    assert having() == {ADMIN, MEMBER, PRIMARY}
    (event,) = log()
    assert (event.event, event.actor_label, event.object_label) == ("seat.assigned", ADMIN, PRIMARY)
    assert event.after == {"license": "Inventory, Per admin, yearly"}


def test_several_get_a_seat_at_once_and_who_has_one_keeps_it(world, browser):
    at = here(product="deploy")
    Seat.objects.filter(license=license_of("acme", "deploy")).exclude(
        member__user__email=ADMIN
    ).delete()
    answer = assign(browser(ADMIN), ADMIN, MEMBER, PRIMARY, at=at)
    assert answer.status_code == 303
    assert having(product="deploy") == {ADMIN, MEMBER, PRIMARY}
    assert {event.object_label for event in log()} == {MEMBER, PRIMARY}


def test_more_than_are_left_is_all_or_nothing_with_how_many_are_left(world, browser):
    answer = assign(browser(ADMIN), PRIMARY, BOTH)
    assert answer.status_code == 422
    assert "You chose 2 members, and 1 seat is left. Nothing was changed." in page_words(answer)
    assert len(re.findall(r'name="member" [^>]* checked', answer.content.decode())) == 2
    assert having() == {ADMIN, MEMBER} and log() == []


def test_when_all_are_taken_nobody_can_be_ticked_and_a_stale_page_is_refused(world, browser):
    admin = browser(ADMIN)
    assign(admin, PRIMARY)
    page = admin.get(here())
    assert "No seat is left. Free one first." in page_words(page)
    assert 'name="member"' not in page.content.decode()
    assert "No seat is left" in page_words(assign(admin, BOTH))
    assert BOTH not in having()


def test_an_unlimited_license_says_so_and_has_room_for_all(world, browser):
    License.objects.filter(pk=license_of("acme", "inventory").pk).update(seats=None)
    admin = browser(ADMIN)
    assert re.search(r"Seats Unlimited Used 2\b(?! Left)", page_words(admin.get(here())))
    assert assign(admin, PRIMARY, BOTH).status_code == 303
    assert having() == {ADMIN, MEMBER, PRIMARY, BOTH}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_at": -1, "renews": False}, "has ended"),
        ({"status": "suspended"}, "is suspended"),
        ({"starts_at": 1}, "has not started"),
    ],
)
def test_a_license_not_in_force_gives_no_seats_and_lets_go_of_them(
    world, browser, change, sentence
):
    days = {key: timezone.now() + dt.timedelta(days=n) for key, n in change.items() if "_at" in key}
    License.objects.filter(pk=license_of("acme", "inventory").pk).update(**{**change, **days})
    admin = browser(ADMIN)
    assert sentence in page_words(admin.get(here()))
    answer = assign(admin, PRIMARY)
    assert answer.status_code == 422 and sentence in page_words(answer)
    assert free(admin, MEMBER).status_code == 303
    assert having() == {ADMIN}


def test_a_freed_seat_can_be_given_again_and_freeing_twice_says_the_same(world, browser):
    admin = browser(ADMIN)
    for _ in range(2):
        assert free(admin, MEMBER)["Location"] == here()
        assert "has no seat any more." in page_words(admin.get(here()))
    (event,) = log()
    assert (event.event, event.object_label) == ("seat.freed", MEMBER)
    assert event.before == {"license": "Inventory, Per admin, yearly"}
    assert assign(admin, PRIMARY, BOTH).status_code == 303
    assert having() == {ADMIN, PRIMARY, BOTH}


@pytest.mark.parametrize("member", [[], [""], ["x"], ["-1"], ["9" * 30], ["1.5"], ["1", "2 "]])
def test_a_choice_that_is_none_is_refused(world, browser, member):
    answer = browser(ADMIN).post(here() + "assignment/", {"member": member})
    assert answer.status_code == 422
    assert having() == {ADMIN, MEMBER}


def test_members_and_licenses_of_elsewhere_are_not_there(world, browser):
    """A081, A089: in the body as in the address, alone and mixed with one's own, also for somebody
    who is an Admin there."""
    theirs, mine = ids("admin@globex.example", slug="globex"), ids(PRIMARY)
    foreign, ours = here("globex", "connect"), here()
    admin, both = browser(ADMIN), browser(BOTH)
    for body in (theirs, [*mine, *theirs], [*mine, 987_654_321]):
        assert admin.post(ours + "assignment/", {"member": body}).status_code == 404
    wrong = foreign.replace("globex", "acme")
    assert admin.get(wrong).status_code == 404
    assert admin.post(wrong + "assignment/", {"member": mine}).status_code == 404
    assert admin.post(f"{wrong}{theirs[0]}/freeing/").status_code == 404
    assert admin.post(f"{ours}{theirs[0]}/freeing/").status_code == 404
    assert both.post(foreign + "assignment/", {"member": mine}).status_code == 404
    assert both.post(ours + "assignment/", {"member": mine}).status_code == 403
    assert having() == {ADMIN, MEMBER} and having("globex", "connect") == {"admin@globex.example"}
    assert log() == []


def test_an_admin_who_was_demoted_meanwhile_does_nothing_any_more(world, browser):
    admin = browser(ADMIN)
    assert "Assign seats" in page_words(admin.get(here()))
    Membership.objects.filter(pk=membership("acme", ADMIN).pk).update(role="member")
    assert assign(admin, PRIMARY).status_code == 403
    assert free(admin, MEMBER).status_code == 403
    assert having() == {ADMIN, MEMBER} and log() == []


def test_a_removed_members_seats_are_free_again_at_once(world, browser):
    """By the Members page; the audit log says so, a line for each seat."""
    admin = browser(ADMIN)
    address = f"/o/acme/members/{membership('acme', MEMBER).pk}/removal/"
    assert admin.post(address).status_code == 303
    assert having() == {ADMIN}
    assert MEMBER not in having(product="deploy")
    assert re.search(r"Used 1 Left 2\b", page_words(admin.get(here())))
    assert [(event.event, event.object_label, event.actor_label) for event in log()] == [
        ("seat.freed", MEMBER, ADMIN)
    ] * 2
    assert assign(admin, PRIMARY, BOTH).status_code == 303


def test_a_deleted_accounts_seat_is_free_and_the_log_forgets_whose_it_was(world, browser):
    assert browser(BOTH).post("/profile/removal/", {"email": BOTH}).status_code == 303
    run_jobs()
    assert BOTH not in having(product="deploy")
    (event,) = log()
    assert event.event == "seat.freed"
    assert event.object_label == event.actor_label
    assert event.object_label.startswith("Former person")
