"""Who may do what: every address, every method, every person of the cast, with ids of the own
organization, of another, and of nobody; and a refused request changes no row."""

import copy
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

import forecourt
from forecourt.config.commands.addresses import every_address
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import WHERE_ALLOWED, Permission, Role, granted
from forecourt.people.models import User
from tests import snapshot
from tests.cast import membership, organization, signed_in
from tests.invariants import picture
from tests.who_may import (
    ANYONE,
    ELSEWHERE,
    HOLDER,
    MEMBERS,
    SIGNED_IN,
    TABLE,
    Row,
)
from tests.who_may.place import Place

#: (who, at which organization, as what)
CAST = [
    ("", "acme", "anonymous"),
    ("nobody@example.com", "acme", "invitee"),
    ("admin@globex.example", "acme", "stranger"),
    ("staff@lumen.example", "acme", "staff"),
    ("member@acme.example", "acme", "member"),
    ("primary@acme.example", "acme", "primary"),
    ("admin@acme.example", "acme", "admin"),
    ("both@example.com", "acme", "member"),
    ("both@example.com", "globex", "admin"),
    ("member@acme.example", "globex", "stranger"),
]
NEVER = 987_654_321
INSIDE = [row for row in TABLE if row.permission]
OUTSIDE = [row for row in TABLE if not row.permission]
VIEWS = {row["name"]: row for row in every_address()}
VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


@pytest.fixture(scope="module")
def _kept() -> dict[str, Any]:
    """Both places with their rows, once they were made."""
    return {}


@pytest.fixture
def places(request, db, _kept) -> dict[str, Place]:
    if _kept:
        snapshot.write(_kept["rows"])
        cache.clear()
        return copy.deepcopy(_kept["places"])
    request.getfixturevalue("world")
    somebody = User.objects.create(email="somebody@example.com")
    made = {slug: Place(slug, somebody) for slug in ("acme", "globex")}
    _kept.update(rows=snapshot.taken(), places=copy.deepcopy(made))
    return made


def ask(client: Client, row: Row, address: str):
    return getattr(client, row.method.lower())(address, row.form)


class Unchanged:
    """What the tables held at first; every look must find the same."""

    def __init__(self) -> None:
        self.before = picture()

    def look(self, what: object) -> None:
        assert picture() == self.before, f"{what} changed a row"


def refused(client: Client, row: Row, address: str, status: int) -> bytes:
    """The answer, which must be this one, without what is new in every page."""
    answer = ask(client, row, address)
    assert answer.status_code == status, f"{row} {address}: {answer.status_code}"
    return re.sub(rb'(csrfmiddlewaretoken" value|x-csrftoken": )"[^"]+"', b"", answer.content)


def let_in(client: Client, row: Row, address: str, status: int, unchanged: Unchanged) -> None:
    """The answer to somebody who may, undone again; what does something does it."""
    with transaction.atomic():
        # Marked so that the action's own transaction may stand inside.
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        answer = ask(client, row, address)
        assert answer.status_code == status, f"{row} {address}: {answer.status_code}"
        if status >= 400 or (row.method == "GET" and not row.action):
            unchanged.look(f"{row} {address}")
        elif row.action and "_auth_user_id" in client.session:
            assert picture() != unchanged.before, f"{row} {address} did nothing"
        transaction.set_rollback(True)


def to_sign_in(client: Client, row: Row, address: str) -> None:
    """Sent to sign in, and from there to an address of ours."""
    refused(client, row, address, 302)
    back = {quote(address), "/"} if row.permission is None else {quote(address)}
    back = back if row.method == "GET" or row.permission is None else {"/"}
    there = ask(client, row, address)["Location"]
    assert there in {f"/accounts/login/?next={path}" for path in back}


@pytest.mark.parametrize("row", INSIDE, ids=str)
def test_inside_an_organization(places, row):
    unchanged = Unchanged()
    for who, slug, kind in CAST:
        client, place = signed_in(who), places[slug]
        here, nowhere = place.address(row), place.address(row, slug="never-was")
        if kind == "anonymous":
            to_sign_in(client, row, here)
            to_sign_in(client, row, nowhere)
        elif kind not in MEMBERS:
            assert refused(client, row, here, 404) == refused(client, row, nowhere, 404)
        elif kind not in row.who:
            refused(client, row, here, 403)
        else:
            let_in(client, row, here, row.status(kind), unchanged)
            client.cookies.pop("messages", None)
        if row.thing and kind in MEMBERS:
            status = 404 if kind in row.who else 403
            other = places["globex" if slug == "acme" else "acme"]
            theirs = place.address(row, thing=getattr(other, row.thing))
            nobodys = place.address(row, thing=NEVER)
            assert refused(client, row, theirs, status) == refused(client, row, nobodys, status)
    unchanged.look(row)  # what was let in was undone


@pytest.mark.parametrize("row", OUTSIDE, ids=str)
def test_outside_of_organizations(places, row):
    unchanged = Unchanged()
    for who, slug, kind in CAST:
        client, place = signed_in(who), places[slug]
        if row.who == SIGNED_IN and kind == "anonymous":
            to_sign_in(client, row, place.address(row))
            continue
        let_in(client, row, place.address(row), row.status(kind), unchanged)
        client.cookies.pop("messages", None)
        if row.thing:
            nobodys = refused(client, row, place.address(row, thing=NEVER), 404)
            theirs = place.address(row, thing=place.invitation)
            assert refused(client, row, theirs, 404) == nobodys
    unchanged.look(row)


@pytest.mark.parametrize(
    "row", [row for row in OUTSIDE if row.who == HOLDER and row.name != "switch_account"], ids=str
)
def test_a_link_that_nobody_sent_leads_nowhere_for_everybody(places, row):
    place, unchanged = places["acme"], Unchanged()
    place.token, place.mailed = "A" * 43, {}
    place.download["token"] = place.token
    for who, _slug, _kind in CAST[:8]:
        refused(signed_in(who), row, place.address(row), 404)
    unchanged.look(row)


@pytest.mark.parametrize("row", [row for row in INSIDE if row.permission in WHERE_ALLOWED], ids=str)
def test_where_the_organization_says_admins_only(places, row):
    place, house = places["acme"], organization("acme")
    house.who_may_invite, house.keys_hidden = "admins", True
    house.save()
    unchanged = Unchanged()
    for who in ("member@acme.example", "primary@acme.example"):
        refused(signed_in(who), row, place.address(row), 403)
    unchanged.look(row)
    let_in(signed_in("admin@acme.example"), row, place.address(row), row.status("admin"), unchanged)


def test_every_other_verb_is_refused(places):
    clients = [signed_in(who) for who in ("", "member@acme.example", "admin@acme.example")]
    unchanged = Unchanged()
    for row in {row.name: row for row in TABLE}.values():
        address, methods = places["acme"].address(row), VIEWS[row.name]["methods"]
        for verb in sorted(VERBS - {*methods}):
            for client in clients:
                answer = client.generic(verb, address)
                assert answer.status_code == 405, f"{verb} {address}"
                assert {*methods} <= {*answer["Allow"].split(", ")}
        if "GET" in methods and row.name != "download":  # which notes a GET
            assert clients[0].head(address).status_code == clients[0].get(address).status_code
    unchanged.look("a wrong verb")


def test_without_the_forms_token_nothing_is_done(places):
    unchanged = Unchanged()
    for row in [
        row for row in TABLE if row.method == "POST" and not (row.is_signed or row.gate_first)
    ]:
        for who in ("", "nobody@example.com", "admin@acme.example"):
            client = signed_in(who, client=Client(enforce_csrf_checks=True))
            refused(client, row, places["acme"].address(row), 403)
            client.cookies["csrf"] = "x" * 32  # somebody else's page knows no token that fits it
            refused(client, row, places["acme"].address(row), 403)
        unchanged.look(row)


def test_every_address_is_in_the_table():
    asked = {(name, method) for name, view in VIEWS.items() for method in view["methods"]}
    asked -= {(name, "HEAD") for name in VIEWS}  # goes with GET
    assert asked == {(row.name, row.method) for row in TABLE}
    assert None not in VIEWS  # an address without a name could not stand there


def kinds(permission: Permission, *, withheld=frozenset()) -> set[str]:
    """Who gets in by the permission table."""
    people = {"member": Role.MEMBER, "primary": Role.MEMBER, "admin": Role.ADMIN}
    return {
        kind
        for kind, role in people.items()
        if permission in granted(role, is_primary=kind == "primary", withheld=withheld)
    }


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_it_agrees_with_the_permission_table(row):
    who = VIEWS[row.name]["who"]
    if row.duty is not None:
        assert who == row.duty
        return
    if row.permission is None:
        assert who == row.who in (ANYONE, SIGNED_IN, HOLDER)
        return
    assert who == row.permission
    assert kinds(row.permission) == row.who
    limited = row.permission in WHERE_ALLOWED
    assert kinds(row.permission, withheld=WHERE_ALLOWED) == ({"admin"} if limited else row.who)
    if row.action:  # the door asks for what the stair behind it asks for
        assert ALL_ACTIONS[row.action] == row.permission


def _actions() -> dict[str, object]:
    """Every action of the house by its name, with the permission it requires."""
    found = {}
    for module in pkgutil.walk_packages(forecourt.__path__, "forecourt."):
        if ".tests" in module.name or "__main__" in module.name or ".migrations" in module.name:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if callable(thing) and hasattr(thing, "permission"):
                found[name] = thing.permission
    return found


ALL_ACTIONS = _actions()


def test_every_action_is_behind_an_address_or_named_by_a_test():
    named = {row.action for row in TABLE} | ELSEWHERE
    hidden = {"_start": "start_organization"}
    assert {hidden.get(name, name) for name in ALL_ACTIONS} == named - {""}
    tests = Path(forecourt.__file__).parent.parent
    text = "".join(
        path.read_text()
        for path in [*tests.glob("tests/**/test_*.py"), *tests.glob("forecourt/*/tests/*.py")]
    )
    assert not [name for name in ELSEWHERE if name not in text]


def test_the_table_is_run_by_people_of_every_kind(world):
    for who, slug, kind in CAST:
        found = Membership.objects.none()
        if who:
            organization(slug)
            found = Membership.objects.filter(user__email=who, organization__slug=slug)
        assert (kind in MEMBERS) == found.exists()
    assert membership("acme", "primary@acme.example").is_primary
