"""The activity as a file: exactly what is listed, one record an event, nothing that a spreadsheet
would obey."""

import csv
import datetime as dt
import io
import json
import random

import pytest
from django.utils import timezone

from forecourt.account import activity, activity_exports
from forecourt.account.tests.test_activity import ADMIN, HERE, note
from forecourt.core import exports
from forecourt.core.models import AuditEvent, Export
from tests.cast import organization, run_jobs

EVENTS = ["member.invited", "contact.changed", "invoice.paid", "license.granted", "weather.cold"]
PEOPLE = [ADMIN, "kim@acme.example", "Forecourt", "Zoë 100%"]


def ask(client, query: str = "", form: str = "csv") -> int:
    """The id of a file that was asked for."""
    answer = client.post(f"{HERE}exports/{query}", {"file_type": form})
    assert answer.status_code == 303
    return int(answer["Location"].split("/")[-2])


def file_of(client, export_id: int) -> str:
    answer = client.get(f"{HERE}exports/{export_id}/file/")
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    return content.decode()


def made(client, query: str = "", form: str = "csv") -> str:
    export_id = ask(client, query, form)
    run_jobs()
    return file_of(client, export_id)


def listed(client, query: str) -> list[int]:
    """The ids on every page of the list."""
    found, place = [], {}
    asked = activity.Asked.from_query(client.get(HERE + query).wsgi_request.GET, dt.UTC)
    pk = organization("acme").pk
    while True:
        shown = activity.read(pk, asked, before=place.get("before"), after=None)
        found += [entry.event.pk for entry in shown.entries]
        if shown.next is None:
            return found
        place = {"before": shown.next.rpartition("before=")[2]}


@pytest.mark.parametrize("seed", range(8))
def test_for_any_filters_the_file_has_exactly_what_is_listed(world, browser, monkeypatch, seed):
    monkeypatch.setattr(activity, "LOOKED", 13)
    monkeypatch.setattr(activity_exports, "AT_ONCE", 7)
    monkeypatch.setattr(exports, "PIECE", 500)
    lot, client = random.Random(seed), browser(ADMIN)
    now = timezone.now()
    for _event in range(90):
        at = now - dt.timedelta(hours=lot.randrange(200))  # many in the same moment
        note(lot.choice(EVENTS), who=lot.choice(PEOPLE), at=at)
    days = [(now - dt.timedelta(days=lot.randrange(9))).date().isoformat() for _two in range(2)]
    filters = {
        "what": lot.choice(["", "", *activity.GROUPS]),
        "who": lot.choice(["", "", "acme", "100%", "ZOË", "_"]),
        "from": lot.choice(["", min(days)]),
        "to": lot.choice(["", max(days)]),
    }
    query = "?" + "&".join(f"{name}={value.replace('%', '%25')}" for name, value in filters.items())
    before = listed(client, query)
    lines = made(client, query, "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == before
    organization("acme")
    kept = list(AuditEvent.objects.filter(pk__in=before).order_by("-at", "-pk"))
    assert [row.pk for row in kept] == before


def test_what_happens_after_it_was_asked_for_is_not_in_it(world, browser):
    client, before = browser(ADMIN), note()
    export_id = ask(client, form="jsonl")
    note("contact.changed")
    run_jobs()
    assert [json.loads(line)["id"] for line in file_of(client, export_id).splitlines()] == [
        before.pk
    ]


def test_it_is_noted_who_took_what(world, browser):
    client = browser(ADMIN)
    made(client, "?what=billing&who=kim")
    organization("acme")
    event = AuditEvent.objects.get(event="organization.activity_exported")
    assert event.after == {"form": "csv", "what": "billing", "who": "kim"}
    assert event.actor_label == ADMIN


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '";=1+1', "a;=1+1", "a\nb\r\n=1\u2028c\x1b[0m"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_has_one_line_an_event_and_no_formula(world, browser, text):
    """A142, A196."""
    note(actor_label=text, object_label=text, before={"name": text}, after={text: "x" * 10_000})
    table = made(browser(ADMIN))
    head, line = table.rstrip("\r\n").split("\r\n")
    assert len(table.splitlines()) == 2 and "\x1b" not in table
    (row,) = csv.DictReader(io.StringIO(table))
    for cell in row.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert line.startswith('"') and line.count('","') == head.count('","')
    assert [*json.loads(row["after"]).values()] == ["x" * 10_000]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_lines_say_what_was_noted_to_the_letter(world, browser, text):
    note(actor_label=text, before={"name": text}, address=None)
    (line,) = made(browser(ADMIN), form="jsonl").splitlines()
    record = json.loads(line)
    assert (record["actor"], record["before"], record["address"]) == (text, {"name": text}, None)
    assert line.isascii() and record["what"] == "Invited a person"


def test_how_far_it_is_and_then_the_file(world, browser):
    client = browser(ADMIN)
    note()
    export_id = ask(client)
    there = f"{HERE}exports/{export_id}/"
    assert "It begins in a moment" in client.get(there).content.decode()
    assert client.get(there + "file/").status_code == 404
    organization("acme")
    Export.objects.filter(pk=export_id).update(done=1, total=3)
    fragment = client.get(there, headers={"HX-Request": "true"}).content.decode()
    assert "1 of 3 events" in fragment and "<html" not in fragment
    run_jobs()
    assert "Download" in client.get(there).content.decode()
    answer = client.get(there + "file/")
    assert answer["Content-Disposition"].startswith('attachment; filename="Activity ')
    assert answer["Cache-Control"] == "private, no-store"


def test_what_broke_off_begins_anew_and_what_is_ready_stays(world, browser, monkeypatch):
    monkeypatch.setattr(activity_exports, "AT_ONCE", 4)
    monkeypatch.setattr(exports, "PIECE", 100)
    client = browser(ADMIN)
    for number in range(10):
        note(object_label=f"thing-{number}")
    export_id, tell = ask(client), exports.tell

    def breaks(export, **progress):
        if progress.get("done", 0) > 4:
            raise OSError("no room")
        tell(export, **progress)

    monkeypatch.setattr(exports, "tell", breaks)
    pk = organization("acme").pk
    with pytest.raises(OSError, match="no room"):
        activity_exports.make(pk, export_id)
    monkeypatch.setattr(exports, "tell", tell)
    for _run in range(2):
        activity_exports.make(pk, export_id)
    assert len(file_of(client, export_id).splitlines()) == 11


def test_nobody_else_gets_the_file(world, browser):
    export_id = ask(browser(ADMIN))
    run_jobs()
    for who, slug, status in (
        ("member@acme.example", "acme", 403),
        ("primary@acme.example", "acme", 403),
        ("admin@globex.example", "acme", 404),
        ("admin@globex.example", "globex", 404),
    ):
        for end in ("", "file/"):
            address = f"/o/{slug}/account/activity/exports/{export_id}/{end}"
            assert browser(who).get(address).status_code == status
    # The primary contact may open Billing, and its exports alone.
    assert (
        browser("primary@acme.example").get(f"/o/acme/billing/exports/{export_id}/").status_code
        == 404
    )


def test_not_too_many_are_made_at_the_same_time(world, browser):
    client = browser(ADMIN)
    for _file in range(exports.MOST_WAITING):
        ask(client)
    answer = client.post(f"{HERE}exports/", {"file_type": "csv"})
    assert answer.status_code == 422 and "Several files are being made" in answer.content.decode()
    run_jobs()
    ask(client)


def test_a_form_that_there_is_not_is_refused(world, browser):
    for form in ("", "zip", "exe", "csv\x00"):
        answer = browser(ADMIN).post(f"{HERE}exports/", {"file_type": form})
        assert answer.status_code in (400, 422)
    organization("acme")
    assert not Export.objects.exists()


def test_after_a_week_files_are_forgotten(world, browser):
    export_id = ask(browser(ADMIN))
    run_jobs()
    organization("acme")
    Export.objects.filter(pk=export_id).update(created_at=timezone.now() - dt.timedelta(days=8))
    exports.sweep()
    organization("acme")
    assert not Export.objects.exists()
