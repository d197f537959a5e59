"""Goal 3: signing in."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks import load
from benchmarks.load import Request, Shot, Target
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch

ROUNDS = 5
EACH = 24
PAIRS = 100
TOKEN = "c" * 32
PATH = "/accounts/login/"
KINDS = ("right password", "known address, wrong password", "unknown address")
HASHING: list[list[Request]] = [[("POST", "/hash", {}, "")]]
_numbers = itertools.count(1)


def measure(stage: Stage) -> Goal:
    """GET, and POST against the bare hash, for addresses with and without an account."""
    goal = Goal(3, f"Sign-in (GET loaded with {load.WITH}, POST with the Python loader)")
    _get(stage, goal)
    _post(stage, goal)
    return goal


def _get(stage: Stage, goal: Goal) -> None:
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    page = Target("sign-in", stage.port, PATH, stage.pid)
    load.rounds([bare, page], seconds=1)
    note = (
        f"{page.median('cpu'):.2f} ms, p50 {page.median('p50'):.1f}, p99 {page.median('p99'):.1f}"
    )
    goal.add("GET", page.ratio(bare), 5, unit=" B", note=note)
    with stage.counted() as count:
        fetch(stage.port, PATH)
    goal.add("GET, queries", count["all"], 0, note="statements of any kind")


def _post(stage: Stage, goal: Goal) -> None:
    shots = _shoot(stage)
    floor = [a.cpu - b.cpu for a, b in zip(shots["hash"], shots["bare"], strict=True)]
    allowed = [f * 1.10 + 20 * b.cpu for f, b in zip(floor, shots["bare"], strict=True)]
    goal.add(
        "bare hash", statistics.median(floor), unit=" ms", note="argon2id as configured, less B"
    )
    for kind in KINDS:
        ratio = statistics.median(s.cpu / a for s, a in zip(shots[kind], allowed, strict=True))
        spent = statistics.median(s.cpu for s in shots[kind])
        parts = zip(shots[kind], floor, shots["bare"], strict=True)
        over = statistics.median((s.cpu - f) / b.cpu for s, f, b in parts)
        note = f"{spent:.1f} ms: the hash and {over:.0f} B"
        goal.add(f"POST, {kind} / (hash × 1.10 + 20 B)", ratio, 1.0, note=note)
    known, unknown = shots["known address, wrong password"], shots["unknown address"]
    cpu = abs(_ratio(known, unknown, "cpu") - 1) * 100
    note = f"{PAIRS} tries of each in turn; CPU {cpu:.1f} %"
    goal.add("known against unknown address, time", _apart(stage), 5, unit=" %", note=note)
    with stage.counted() as count:
        addresses, password, _status = _kinds()["right password"]
        method, path, headers, body = _attempt(next(addresses), password)
        fetch(stage.port, path, headers, method=method, body=body)
    note = f"{count['all']} statements with BEGIN, COMMIT and the pool's question"
    goal.add("POST, queries", count["queries"], note=note)


def _shoot(stage: Stage) -> dict[str, list[Shot]]:
    """Rounds of every kind of attempt, the bare hash and B."""
    kinds = _kinds()
    shots: dict[str, list[Shot]] = {name: [] for name in (*KINDS, "hash", "bare")}
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    for number in range(ROUNDS + 1):
        found = {"bare": bare.fire(1)}
        found["hash"] = load.sequence(stage.bare_port, stage.bare_pid, HASHING * EACH)
        # In another order each time: whoever is always first might always be slower.
        for kind in (KINDS * 2)[number % 3 : number % 3 + 3]:
            addresses, password, status = kinds[kind]
            chains = [[_attempt(next(addresses), password)] for _ in range(EACH)]
            found[kind] = load.sequence(stage.port, stage.pid, chains, expect=status)
        if number:  # The first round warms everything up.
            for kind, shot in found.items():
                shots[kind].append(shot)
    return shots


def _apart(stage: Stage) -> float:
    """By how many percent the median times of a known and an unknown address differ."""
    chains = []
    for known, unknown in itertools.islice(zip(_known(), _unknown(), strict=True), PAIRS):
        chains += [[_attempt(known, "not the password")], [_attempt(unknown, "not the password")]]
    times = load.sequence(stage.port, stage.pid, chains, expect="422").times
    return abs(statistics.median(times[::2]) / statistics.median(times[1::2]) - 1) * 100


def _ratio(ours: list[Shot], theirs: list[Shot], what: str) -> float:
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)


def _kinds() -> dict[str, tuple[Iterator[str], str, str]]:
    """Each kind's addresses, password and the answer's status."""
    from forecourt.demo.world import PASSWORD

    wrong = "not the password"
    found = ((_known(), PASSWORD, "302"), (_known(), wrong, "422"), (_unknown(), wrong, "422"))
    return dict(zip(KINDS, found, strict=True))


def _known() -> Iterator[str]:
    """Addresses with an account, each one once: a sign-in that fails is limited by address."""
    return (f"person{next(_numbers)}@many.example" for _ in itertools.repeat(None))


def _unknown() -> Iterator[str]:
    return (f"nobody{next(_numbers)}@many.example" for _ in itertools.repeat(None))


def _attempt(address: str, password: str) -> Request:
    number = next(_numbers)
    headers = {
        "Cookie": f"csrf={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    values = {"csrfmiddlewaretoken": TOKEN, "login": address, "password": password}
    return "POST", PATH, headers, urlencode(values)
