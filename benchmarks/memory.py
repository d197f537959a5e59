"""Goal 11: what the web server's process holds after 10,000 requests of many kinds."""

from __future__ import annotations

import random

from benchmarks import load, seed
from benchmarks.load import Request
from benchmarks.processes import memory
from benchmarks.report import Goal
from benchmarks.stage import Stage

NUMBER = 10_000


def measure(stage: Stage) -> Goal:
    """Half of the requests, then the other half, against the bare project's same number."""
    goal = Goal(11, f"Memory after {NUMBER:,} mixed requests (the Python loader)")
    half = NUMBER // 2
    stage.serve()  # What was measured before shall not count.
    chains = _mix(stage)
    bare = _bare(stage)
    found = []
    for _ in range(2):
        load.sequence(stage.port, stage.pid, chains[:half], connections=4)
        load.sequence(stage.bare_port, stage.bare_pid, bare[:half], connections=4)
        found.append((memory(stage.pid), memory(stage.bare_pid)))
        chains = chains[half:]
    ours, floor = found[-1]
    note = f"{ours:.0f} MB against {floor:.0f} MB"
    goal.add("worker over bare Django", ours / floor, 1.4, note=note)
    growth = (ours / found[0][0] - 1) * 100
    goal.add("growth over the last 5,000", growth, 3, unit=" %")
    return goal


def _mix(stage: Stage) -> list[list[Request]]:
    """Pages, searches, dialogs, sign-in, wrong addresses and files, in a fixed random order."""
    cookies = {
        slug: {"Cookie": f"session={seed.admin_session(stage, pk)}; csrf={'c' * 32}"}
        for slug, pk in seed.IDS.items()
    }
    htmx = {"HX-Request": "true"}
    kinds: list[Request] = []
    for slug, cookie in cookies.items():
        here = f"/o/{slug}/members/"
        kinds += [
            ("GET", here, cookie, ""),
            ("GET", f"{here}?q=ash", {**cookie, **htmx}, ""),
            ("GET", f"{here}?role=admin", cookie, ""),
            ("GET", f"{here}invitations/", {**cookie, **htmx}, ""),
            ("POST", f"{here}invitations/", {**cookie, **_form()}, _body(email="not an address")),
            ("GET", f"/o/{slug}/account/", cookie, ""),
            ("GET", "/organizations/", cookie, ""),
        ]
    kinds += [
        ("GET", "/accounts/login/", {}, ""),
        ("GET", "/accounts/signup/", {}, ""),
        ("GET", "/o/ten/members/", {}, ""),
        ("GET", "/nothing/here/", {}, ""),
        ("GET", "/health", {}, ""),
    ]
    chance = random.Random(7)
    return [[chance.choice(kinds)] for _ in range(NUMBER)]


def _form() -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded"}


def _body(**values: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"csrfmiddlewaretoken": "c" * 32, **values})


def _bare(stage: Stage) -> list[list[Request]]:
    cookie = {"Cookie": f"sessionid={stage.bare_session}"}
    kinds: list[Request] = [("GET", "/bare", {}, ""), ("GET", "/list", cookie, "")]
    return [[kinds[number % 2]] for number in range(NUMBER)]
