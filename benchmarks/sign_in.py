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
TOKEN = "c" * 32
PATH = "/accounts/login/"
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
    from forecourt.demo.world import PASSWORD

    kinds = {
        "right password": (_known(), PASSWORD),
        "known address, wrong password": (_known(), "not the password"),
        "unknown address": (_unknown(), "not the password"),
    }
    shots: dict[str, list[Shot]] = {kind: [] for kind in (*kinds, "hash", "bare")}
    bare = Target("bare", stage.bare_port, "/bare", stage.bare_pid)
    for number in range(ROUNDS + 1):
        found = {"bare": bare.fire(1)}
        found["hash"] = load.sequence(stage.bare_port, stage.bare_pid, HASHING * EACH)
        # In a different order each time: who is always first might always be slower.
        for kind in (list(kinds) * 2)[number % 3 : number % 3 + 3]:
            addresses, password = kinds[kind]
            status = "302" if kind == "right password" else "422"
            chains = [[_attempt(next(addresses), password)] for _ in range(EACH)]
            found[kind] = load.sequence(stage.port, stage.pid, chains, expect=status)
        if number:  # The first round warms everything up.
            for kind, shot in found.items():
                shots[kind].append(shot)
    floor = [a.cpu - b.cpu for a, b in zip(shots["hash"], shots["bare"], strict=True)]
    allowed = [f * 1.10 + 20 * b.cpu for f, b in zip(floor, shots["bare"], strict=True)]
    goal.add(
        "bare hash", statistics.median(floor), unit=" ms", note="argon2id as configured, less B"
    )
    for kind in kinds:
        ratio = statistics.median(s.cpu / a for s, a in zip(shots[kind], allowed, strict=True))
        spent = statistics.median(s.cpu for s in shots[kind])
        over = statistics.median(
            (s.cpu - f) / b.cpu for s, f, b in zip(shots[kind], floor, shots["bare"], strict=True)
        )
        note = f"{spent:.1f} ms: the hash and {over:.0f} B"
        goal.add(f"POST, {kind} / (hash × 1.10 + 20 B)", ratio, 1.0, note=note)
    pairs = list(zip(shots["known address, wrong password"], shots["unknown address"], strict=True))
    apart = abs(statistics.median(a.p50 / b.p50 for a, b in pairs) - 1) * 100
    cpu = abs(statistics.median(a.cpu / b.cpu for a, b in pairs) - 1) * 100
    goal.add("known against unknown address, time", apart, 5, unit=" %", note=f"CPU {cpu:.1f} %")
    with stage.counted() as count:
        method, path, headers, body = _attempt(next(kinds["right password"][0]), PASSWORD)
        fetch(stage.port, path, headers, method=method, body=body)
    note = f"{count['all']} statements with BEGIN, COMMIT and the pool's question"
    goal.add("POST, queries", count["queries"], note=note)


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
