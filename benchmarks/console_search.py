"""Goal 8: the console's search, among 1,000 and among 1,000,000 organizations."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks import console_lists, load, seed
from benchmarks.load import Target
from benchmarks.report import Goal
from benchmarks.stage import Stage

FEW, MANY = 1_000, 1_000_000
#: The numbers of these organizations, and of all that belongs to them, begin here.
FIRST = 5_000_000
#: What is searched for: as much of a name, or an address, as somebody types.
ASKED = 200
#: Tables smaller than this are read whole by any plan.
SMALL = 5_000

WORDS = "(array['GmbH','Systems','Labs','Software','Inc','Ltd','Group'])[1 + n %% 7]"
NAME = f"initcap(substr(md5(n::text), 1, 4 + n %% 6)) || ' ' || {WORDS}"
ROWS = "generate_series(%(since)s::int, %(upto)s::int - 1) n"
#: One organization with its contact, and a person who is in it; no trigger asks about a million.
SEED = (
    "set session_replication_role = replica",
    f"""
    insert into orgs_organization (id, name, slug, primary_contact_id, who_may_invite,
            invitation_days, keys_hidden)
        select %(first)s + n, {NAME}, 'c-' || n, %(first)s + n, 'everyone', 7, false from {ROWS}
    """,
    f"""
    insert into orgs_contact (id, organization_id, name, email, phone)
        select %(first)s + n, %(first)s + n, 'Accounts',
            'billing@' || substr(md5(n::text), 1, 9) || '.example', '' from {ROWS}
    """,
    f"""
    insert into people_user (id, password, handle, email, name, language, time_zone, is_active,
            created_at)
        select %(first)s + n, '!', gen_random_uuid(),
            substr(md5((n * 3)::text), 1, 7) || '@' || substr(md5(n::text), 1, 9) || '.example',
            initcap(substr(md5((n * 5)::text), 1, 5)) || ' ' || initcap(substr(md5((n * 7)::text), 1, 8)),
            '', '', true, now() from {ROWS}
    """,
    """
    insert into account_emailaddress (email, verified, "primary", user_id)
        select email, true, true, id from people_user
        where id between %(first)s + %(since)s and %(first)s + %(upto)s - 1
    """,
    f"""
    insert into orgs_membership (organization_id, user_id, role, joined_at)
        select %(first)s + n, %(first)s + n, 'admin', now() from {ROWS}
    """,
)
#: What an index can do for one question: the first 25 with these letters inside their name.
FLOOR = "select id, name from orgs_organization where upper(name) like %s limit 25"


def measure(stage: Stage) -> Goal:
    """CPU and p50 of the page, the time of its statements against one indexed look-up, and what
    PostgreSQL says of their plans; and p50 of the lists."""
    from django.db import connection

    goal = Goal(8, f"Console search, {MANY:,} organizations (loaded with {load.WITH})")
    cookie = f"session={_staff_session()}; csrf={'c' * 32}"
    spent = _seed(stage, 0, FEW)
    q = _with_ten(_typed(stage, FEW, 1)[0])
    connection.close()
    with stage.twin() as (port, pid):
        spent += _seed(stage, FEW, MANY)
        bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
        few = _page(port, pid, q, cookie)
        page = _page(stage.port, stage.pid, _with_ten(_typed(stage, MANY, 1)[0]), cookie)
        lists_few = console_lists.targets(port, pid, cookie)
        lists = console_lists.targets(stage.port, stage.pid, cookie)
        load.rounds([bare, few, page], times=9)
        load.rounds([*lists_few, *lists], seconds=1)
    goal.add("B", bare.median("cpu"), unit=" ms", note=f"seeded in {spent:.0f} s")
    note = (
        f"{page.median('cpu'):.2f} ms, p50 {page.median('p50'):.1f}, p99 {page.median('p99'):.1f}"
    )
    goal.add("CPU of the page", page.ratio(bare), 14, unit=" B", note=note)
    note = f"p50 at {FEW:,} {few.median('p50'):.1f}; ten answers each"
    goal.add(f"p50 at {MANY:,} over p50 at {FEW:,}", page.ratio(few, "p50"), 1.3, note=note)
    _statements(goal, _typed(stage, MANY, ASKED))
    console_lists.compare(goal, lists_few, lists)
    return goal


def _page(port: int, pid: int, q: str, cookie: str) -> Target:
    """What answers as one types: the hits without the page around them."""
    headers = {"Cookie": cookie, "HX-Request": "true"}
    return Target("search", port, f"/console/search/?q={q}", pid, headers)


def _with_ten(name: str) -> str:
    """As much of a name as one types while ten still answer: so that the pages are of one length."""
    from forecourt.console import search

    first, *_others = name.split()
    words = [first[:length] for length in range(5, 1, -1)]
    return next(word for word in words if len(search.find(word)) == search.MOST)


def _seed(stage: Stage, since: int, upto: int) -> float:
    """Add organizations up to so many; seconds."""
    import psycopg

    began = time.monotonic()
    with psycopg.ClientCursor(psycopg.connect(stage.superuser, autocommit=True)) as cursor:
        for statement in (*SEED, *console_lists.SEED):
            cursor.execute(statement, {"first": FIRST, "since": since, "upto": upto})
        cursor.execute("vacuum analyze")
        # Else it is still writing what was seeded while the pages are asked for.
        cursor.execute("checkpoint")
        cursor.connection.close()
    return time.monotonic() - began


def _staff_session() -> str:
    """The key of a session of somebody of the vendor's, with a second factor."""
    from forecourt.orgs.models import Staff
    from forecourt.people.models import User
    from forecourt.people.sessions import SessionStore

    user = User.objects.create(email="staff@vendor.example", password="!")
    Staff.objects.create(user=user, duty=Staff.Duty.SUPPORT)
    store = SessionStore(seed.session(user))
    store.load()
    store["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    store["account_authentication_methods_user"] = str(user.pk)
    store.save()
    return str(store.session_key)


def _typed(stage: Stage, number: int, times: int) -> list[str]:
    """What is typed: names as far as people type them, parts of them, and addresses."""
    chosen = random.Random(8)
    wanted = [FIRST + chosen.randrange(number) for _ in range(times)]
    rows = stage.sql(
        "select o.name, c.email from orgs_organization o join orgs_contact c"
        " on c.id = o.primary_contact_id where o.id = any(%(wanted)s::bigint[])",
        wanted=wanted,
    )
    forms: list[Callable[[str, str], str]] = [
        lambda name, email: name.split()[0][:5],
        lambda name, email: name.split()[0],
        lambda name, email: name[1:9],
        lambda name, email: name,
        lambda name, email: email,
    ]
    return [forms[place % len(forms)](*map(str, row)) for place, row in enumerate(rows)]


def _statements(goal: Goal, asked: list[str]) -> None:
    """The time of the search's statements over that of one look-up through the index, and what is
    wrong with their plans."""
    from django.db import connection, transaction

    from forecourt.console import search
    from forecourt.core import scope

    spent: list[float] = []

    def timed(execute: Any, *asked: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            spent.append(time.perf_counter() - began)

    ours, floor, wrong = [], [], set()
    for place, q in enumerate(["warm", *asked]):
        with transaction.atomic(), connection.cursor() as cursor:
            # Who comes second finds the pages of the index in memory: each does, every other time.
            for is_ours in (True, False) if place % 2 else (False, True):
                spent.clear()
                if not is_ours:
                    cursor.execute(scope.ACROSS)
                with connection.execute_wrapper(timed):
                    search.find(q) if is_ours else cursor.execute(FLOOR, [f"%{q.upper()}%"])
                (ours if is_ours else floor).append(sum(spent))
                cursor.execute(f"{scope.BACK}; set local enable_seqscan = on")
            wrong |= _wrong_plans(cursor, q)
    note = f"{statistics.median(ours) * 1000:.2f} ms, the look-up {statistics.median(floor) * 1000:.2f}"
    ratio = statistics.median(ours) / statistics.median(floor)
    goal.add("database over the indexed look-up", ratio, 5, note=note)
    goal.add("sequential scans, counts, offsets", len(wrong), 0, note=", ".join(sorted(wrong)))


def _wrong_plans(cursor: Any, q: str) -> set[str]:
    """The larger tables that a plan reads whole, and what no statement of the search may do."""
    from forecourt.console import search
    from forecourt.core import scope

    cursor.execute("select relname from pg_class where relkind = 'r' and reltuples > %s", [SMALL])
    large = {name for (name,) in cursor.fetchall()}
    found = set()
    values = search.values(q)
    cursor.execute(search.BY_INDEX)
    for statement, is_across in ((search.people(q), False), (search.things(q), True)):
        found |= {word for word in ("count(", "offset") if word in statement.lower()}
        cursor.execute(scope.ACROSS if is_across else scope.BACK)
        cursor.execute(f"explain (format json) {statement}", values)
        found |= _read_whole(json.loads(json.dumps(cursor.fetchone()[0]))) & large
        cursor.execute(scope.BACK)
    cursor.execute("set local enable_seqscan = on")
    return found


def _read_whole(plan: Any) -> set[str]:
    if isinstance(plan, list):
        return set().union(*map(_read_whole, plan))
    if not isinstance(plan, dict):
        return set()
    here = {plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set()
    return here.union(*map(_read_whole, plan.values()))
