"""Goal 4, first half: accepting an invitation."""

from __future__ import annotations

import statistics
from urllib.parse import urlencode

from benchmarks import load, seed
from benchmarks.load import Request, Shot, Target
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch

ROUNDS = 6
EACH = 40
TOKEN = "c" * 32


def measure(stage: Stage) -> Goal:
    """GET and POST of somebody who is signed in with the invited address: open the link, press
    the button. Small organizations against the largest one."""
    goal = Goal(4, "Accepting an invitation (the Python loader; one Admin in 50 members)")
    number = (ROUNDS + 1) * EACH
    waiting = {
        "ten": seed.invitations(stage, seed.TENS, number + 1, "ten"),
        "many": seed.invitations(stage, [seed.IDS["many"]], number + 1, "many"),
    }
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    shots: dict[str, list[Shot]] = {"bare": [], "ten": [], "many": []}
    for turn in range(ROUNDS + 1):
        found = {"bare": bare.fire(1)}
        for size, answers in waiting.items():
            chains = [_chain(*answer) for answer in answers[turn * EACH : (turn + 1) * EACH]]
            found[size] = load.sequence(stage.port, stage.pid, chains, expect="200 303")
        if turn:
            for name, shot in found.items():
                shots[name].append(shot)
    for name, size in (("ten", 10), ("many", 100_000)):
        ratio = _ratio(shots[name], shots["bare"])
        spent = statistics.median(s.cpu for s in shots[name])
        p50 = statistics.median(s.p50 for s in shots[name])
        p99 = statistics.median(s.p99 for s in shots[name])
        note = f"{spent:.2f} ms, p50 {p50:.1f}, p99 {p99:.1f}"
        goal.add(f"GET and POST, {size:,} members", ratio, 40, unit=" B", note=note)
    growth = _ratio(shots["many"], shots["ten"])
    goal.add("growth from 10 to 100,000 members, CPU", growth, 1.10)
    _count(stage, goal, waiting["many"][-1])
    return goal


def _count(stage: Stage, goal: Goal, answer: tuple[str, str]) -> None:
    total = {"queries": 0, "all": 0}
    parts = []
    for method, path, headers, body in _chain(*answer):
        with stage.counted() as count:
            fetch(stage.port, path, headers, method=method, body=body or None)
        parts.append(f"{method} {count['queries']}")
        for key in total:
            total[key] += count[key]
    note = (
        f"{', '.join(parts)}; {total['all']} statements with BEGIN, COMMIT and the pool's question"
    )
    goal.add("queries, GET and POST together", total["queries"], 12, note=note)


def _ratio(ours: list[Shot], theirs: list[Shot]) -> float:
    return statistics.median(a.cpu / b.cpu for a, b in zip(ours, theirs, strict=True))


def _chain(token: str, session: str) -> list[Request]:
    cookie = {"Cookie": f"session={session}; csrf={TOKEN}"}
    form = {**cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"csrfmiddlewaretoken": TOKEN})
    page = f"/invitations/{token}/"
    return [("GET", page, cookie, ""), ("POST", f"{page}acceptance/", form, body)]
