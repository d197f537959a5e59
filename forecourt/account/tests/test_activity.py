"""The Activity page: who did what, when and from where, for Admins alone. D12, O16."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from forecourt.account import activity
from forecourt.core import happenings
from forecourt.core.models import AuditEvent
from forecourt.members import actions
from tests.cast import membership, organization

HERE = "/o/acme/account/activity/"
ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"


def note(event: str = "member.invited", *, who: str = ADMIN, days: float = 0, **more) -> AuditEvent:
    """Something that happened at Acme so many days ago."""
    row = {
        "organization_id": organization("acme").pk,
        "actor_kind": "member",
        "actor_label": who,
        "object_kind": "invitation",
        "object_id": "1",
        "object_label": "kim@acme.example",
        "address": "192.0.2.7",
        "at": timezone.now() - dt.timedelta(days=days),
    }
    return AuditEvent.objects.create(**{**row, "event": event, **more})


def page(client, query: str = "") -> str:
    answer = client.get(HERE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(markup: str) -> list[str]:
    """The rows of the list as text."""
    body = markup.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr>.*?</tr>", body, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def test_an_admin_reads_who_did_what_when_and_from_where(world, browser):
    member = membership("acme", ADMIN)
    actions.invite_member(member, email="kim@acme.example", role="admin")
    (row,) = rows(page(browser(ADMIN)))
    for part in ("Invited a person", "kim@acme.example", "Role Admin", ADMIN):
        assert part in row
    note(days=1)
    assert "from 192.0.2.7" in rows(page(browser(ADMIN)))[1]


@pytest.mark.parametrize("who", [MEMBER, PRIMARY])
def test_nobody_but_admins_reads_it(world, browser, who):
    client = browser(who)
    for end in ("", "exports/"):
        assert client.get(HERE + end).status_code == 403
    assert HERE not in client.get("/o/acme/account/").content.decode()
    assert HERE in browser(ADMIN).get("/o/acme/account/").content.decode()
    assert browser("admin@globex.example").get(HERE).status_code == 404


def test_another_organizations_events_are_not_there(world, browser):
    note(object_label="only acme knows")
    theirs = browser("admin@globex.example").get("/o/globex/account/activity/").content.decode()
    assert "only acme knows" not in theirs and "Nothing has happened yet." in theirs


def test_before_and_after_are_in_words(world, browser):
    before = {"who_may_invite": "everyone", "keys_hidden": False, "invitation_days": 7}
    note(before=before, after={**before, "who_may_invite": "admins", "keys_hidden": True})
    note("invoice.issued", after={"total": 49980, "currency": "EUR", "status": "open"})
    note("subscription.renewed", before={"until": "2026-03-03"}, after={"until": "2027-03-03"})
    renewed, issued, changed = rows(page(browser(ADMIN)))
    assert "Who may invite before: Everyone now: Admins only" in changed
    assert "hidden from Members before: No now: Yes" in changed and "valid for" not in changed
    assert "Total €499.80" in issued and "Status Open" in issued and "EUR" not in issued
    assert "Until before: Mar 3, 2026 now: Mar 3, 2027" in renewed


def test_what_the_house_and_the_vendors_staff_do_is_shown_as_such(world, browser):
    note("subscription.renewed", who="Forecourt", actor_kind="system", address=None)
    note("license.granted", who="staff@lumen.example", actor_kind="staff")
    staff, system = rows(page(browser(ADMIN)))
    assert "Forecourt By itself" in system and "from" not in system
    assert "staff@lumen.example Staff of" in staff


def test_an_event_without_words_is_named_all_the_same(world, browser):
    note("weather.turned_cold", after={"how_cold": 3})
    assert "Weather: turned cold" in page(browser(ADMIN))
    assert "How cold 3" in rows(page(browser(ADMIN)))[0]


def test_every_event_has_words_and_every_room_a_group():
    named = happenings.events()
    assert len(named) > 70
    assert [event for event in named if event not in happenings._words()] == []
    begins = {each for _said, all_of_it in activity.GROUPS.values() for each in all_of_it}
    assert {event.partition(".")[0] for event in named} <= begins


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} %(x)s {0}",
    "one\ntwo\r\nthree\x1b[31m\u2028four\u202efive",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "formats", "lines", "long"])
def test_hostile_values_are_text_in_one_short_line(world, browser, text):
    """A137, A139, A196: in the values, their names, and the labels."""
    event = note(before={"name": text, "deep": [{text: text}]}, after={text[:500]: text})
    labels = {"actor_label": text[:320], "object_label": text[:320]}
    note(**labels)
    markup = page(browser(ADMIN))
    assert "<script>alert" not in markup and "49" not in rows(markup)[1]
    assert "\x1b" not in markup and "\u202e" not in markup and "\u2028" not in markup
    assert len(markup) < 40_000 and len(rows(markup)) == 2
    assert event.before["name"] == text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?what=people", ["role"]),
        ("?what=billing", ["invoice"]),
        ("?what=contacts", ["primary", "contact"]),
        ("?what=nonsense", ["primary", "invoice", "contact", "role"]),
        ("?who=KIM", ["invoice"]),
        ("?who=%25", []),
        ("?what=billing&who=admin", []),
        ("?from=2026-03-02&to=2026-03-03", ["invoice", "contact"]),
        ("?to=2026-03-02", ["contact", "role"]),
        ("?from=2026-13-45&to=x", ["primary", "invoice", "contact", "role"]),
        ("?from=0001-01-01&to=9999-12-31", ["primary", "invoice", "contact", "role"]),
        ("?before=x&after=-1", ["primary", "invoice", "contact", "role"]),
        ("?before=99999999", ["primary", "invoice", "contact", "role"]),
    ],
)
def test_filters_live_in_the_address(world, browser, query, found):
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    note("member.role_changed", at=noon, object_label="the role")
    note("contact.changed", at=noon + dt.timedelta(days=1), object_label="the contact")
    note(
        "invoice.paid",
        who="kim@acme.example",
        at=noon + dt.timedelta(days=2),
        object_label="the invoice",
    )
    note(
        "organization.primary_contact_changed",
        at=noon + dt.timedelta(days=3),
        object_label="the primary",
    )
    shown = rows(page(browser(ADMIN), query))
    assert [row.partition("the ")[2].split()[0] for row in shown] == found


def test_days_are_the_readers(world, browser):
    note(at=dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC))
    client = browser(ADMIN)
    client.cookies["timezone"] = "Asia/Tokyo"
    assert rows(page(client, "?from=2026-03-02&to=2026-03-02"))
    assert not rows(page(client, "?to=2026-03-01"))
    assert "Mar 2, 2026, 08:30" in page(client)


def walk(client, query: str = "") -> list[list[str]]:
    """The rows of every page from the newest on."""
    pages, link = [], query
    while link is not None:
        markup = page(client, link)
        pages.append(rows(markup))
        found = re.search(r'href="(\?[^"]*)">Next', markup)
        link = found[1].replace("&amp;", "&") if found else None
        assert len(pages) < 60
    return pages


def test_next_and_previous_lead_through_all_of_it(world, browser):
    at = timezone.now()
    for number in range(60):  # three at a time happened in the same moment
        moment = at - dt.timedelta(minutes=number // 3)
        note(at=moment, object_label=f"thing-{number}")
    client = browser(ADMIN)
    there = walk(client)
    assert [len(each) for each in there] == [25, 25, 10]
    things = [re.search(r"thing-\d+", row)[0] for each in there for row in each]
    assert len(set(things)) == 60
    organization("acme")
    markup = page(client, f"?before={AuditEvent.objects.order_by('at', 'pk')[35].pk}")
    previous = re.search(r'href="(\?[^"]*)">Previous', markup)[1]
    back = [re.search(r"thing-\d+", row)[0] for row in rows(page(client, previous))]
    assert back == things[:25]


def test_a_page_looks_so_far_and_says_so(world, browser, monkeypatch):
    monkeypatch.setattr(activity, "LOOKED", 10)
    for number in range(25):
        note("contact.changed" if number == 24 else "member.invited", days=number)
    client = browser(ADMIN)
    first = page(client, "?what=contacts")
    assert not rows(first) and "It looked back to" in first
    there = walk(client, "?what=contacts")
    assert [len(each) for each in there] == [0, 0, 1]


def test_it_asks_the_database_as_often_however_much_there_is(
    world, browser, django_assert_num_queries
):
    client = browser(ADMIN)
    page(client)
    last = note()
    for _number in range(30):
        note()
    for query, more in (("", 0), ("?what=people&who=a", 4), (f"?before={last.pk}&what=people", 5)):
        # To look through a part of it: where that ends, a setting, and a transaction around both.
        with django_assert_num_queries(3 + 1 + more):
            page(client, query)


def test_what_was_not_said_has_no_line(world, browser):
    """A subscription is canceled without a reason."""
    note("subscription.canceled", after={"ends_on": "2027-03-31", "reason": ""})
    (row,) = rows(page(browser(ADMIN)))
    assert "Mar 31, 2027" in row and "Reason" not in row
