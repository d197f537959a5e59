"""Whatever an attacker does with a victim's address before, between or after what the victim does,
the attacker ends with nothing of the victim's (the five classes of account pre-hijacking, and D13).

Every order of up to two of seven acts by two people (ORDERS=3: of up to three, which takes minutes),
over HTTP, then the victim takes their account; a tree of savepoints, so that what orders have in
common is done once. Where an act changed nothing, going on from it would be the orders without it
again: those are counted, not walked.
"""

import copy
import os
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction

from forecourt.core import scope
from forecourt.members.models import Invitation
from forecourt.people.accounts import create_account, verified_account
from forecourt.people.models import Session, User
from tests import hijack
from tests.cast import organization
from tests.hijack import ACTS, ATTACKER, PASSWORDS, VICTIM, Attacker, Victim
from tests.openid import walk

DEEP = int(os.environ.get("ORDERS") or "2")
STEPS = [(who, act) for who in ("attacker", "victim") for act in ACTS]


@pytest.fixture
def scene(world, openid, settings):
    """Both of them, before anything has happened."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    create_account(email=ATTACKER, password=PASSWORDS[ATTACKER])
    people = {"attacker": Attacker(), "victim": Victim()}
    for somebody in people.values():
        somebody.invited()
    walk(Victim().client, "google", "warm.up@example.com")  # the keys are known from here on
    return people


class Savepoint:
    """What is done inside is undone again: rows by the database, cookies by hand."""

    def __init__(self, people) -> None:
        clients = [somebody.client for somebody in people.values()]
        self.clients = [*clients, people["attacker"].own]

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        # Marked so that an action's own transaction may stand inside.
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        self.cookies = [copy.deepcopy(client.cookies) for client in self.clients]

    def __exit__(self, *problem) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(*problem)
        for client, cookies in zip(self.clients, self.cookies, strict=True):
            client.cookies = cookies


def holds(people, account: User) -> list[str]:
    """What the attacker has of this account."""
    found = []
    if check_password(PASSWORDS[ATTACKER], User.objects.get(pk=account.pk).password):
        found.append("the password is the attacker's")
    if SocialAccount.objects.filter(user=account, uid__contains=hijack.SUBJECT).exists():
        found.append("the attacker's identity is linked")
    if EmailAddress.objects.filter(user=account, email=ATTACKER).exists():
        found.append("the attacker's address is on it")
    keys = [c.session.session_key for c in (people["attacker"].client, people["attacker"].own)]
    if Session.objects.filter(user=account, session_key__in=keys).exists():
        found.append("the attacker is signed in")
    return found


def check(people, done) -> None:
    """The victim's account now, and after the victim has come for it."""
    with Savepoint(people):
        account = verified_account(VICTIM)
        if account is None:
            victim = people["victim"]
            victim.client = type(victim)().client
            victim.sign_up()
            victim.verify()
            account = verified_account(VICTIM)
        assert account is not None, f"{done}: the victim cannot have an account"
        assert holds(people, account) == [], done
        assert account.email != ATTACKER, done
        house = organization("acme")
        with scope.organization(house.pk):
            offers = Invitation.objects.filter(email=VICTIM, status=Invitation.Status.ACCEPTED)
            if offers.exists():
                assert house.memberships.filter(user=account).exists(), done
        own = User.objects.get(emailaddress__email=ATTACKER, emailaddress__verified=True)
        assert not EmailAddress.objects.filter(user=own, email=VICTIM, verified=True).exists()


TABLES = """select relname, relrowsecurity from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace"""
#: They carry the last sentence, and guard forms from strangers' pages: nobody is known by them.
PASSING = {"messages", "csrf"}


def state(people) -> list[object]:
    """All that an act could change: every row of every table, and who the browsers are."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = sorted(cursor.fetchall())
    rows = rows_of([name for name, walled in tables if not walled])
    with scope.across_organizations("a test compares"):
        rows += rows_of([name for name, walled in tables if walled])
    cookies = [
        sorted((name, each.value) for name, each in client.cookies.items() if name not in PASSING)
        for client in Savepoint(people).clients
    ]
    return [*rows, *cookies]


def rows_of(tables: list[str]) -> list[tuple]:
    row = "select '{0}', md5(string_agg(x::text, '|' order by x::text)) from {0} x"
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(row.format(table) for table in tables))
        return sorted(cursor.fetchall())


def go_on(people, done, before, count) -> None:
    """What comes of these acts, and of each further one where the last changed something."""
    now = state(people)
    if len(done) == 1 or now != before:
        check(people, done)
        count["checked"] += 1
    if now == before:
        count["orders"] += sum(len(STEPS) ** more for more in range(DEEP - len(done) + 1))
        return
    count["orders"] += 1
    if len(done) == DEEP:
        return
    for who, act in STEPS:
        with Savepoint(people):
            getattr(people[who], act)()
            go_on(people, [*done, f"{who} {act}"], now, count)


#: At first, these change nothing: nobody has a code yet, and the victim no account.
IDLE = {("attacker", "verify"), ("victim", "verify"), ("victim", "change_address")}


@pytest.mark.slow
@pytest.mark.parametrize(("who", "act"), STEPS, ids=[f"{who}-{act}" for who, act in STEPS])
def test_no_order_of_acts_leaves_the_attacker_anything(scene, who, act):
    """All ordered sequences up to this length of seven acts by two people."""
    count = Counter()
    before = state(scene)
    with Savepoint(scene):
        getattr(scene[who], act)()
        go_on(scene, [f"{who} {act}"], before, count)
    assert count["orders"] == sum(len(STEPS) ** length for length in range(DEEP))
    assert (count["checked"] == 1) == ((who, act) in IDLE)  # or `state` sees nothing
