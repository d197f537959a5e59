"""Load on the servers: wrk for the same request again and again, our own loader for sequences.

Rounds are interleaved: in each round every target once, so that what else the machine does hits
all of them, and a ratio is taken within its round.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from benchmarks.processes import cpu

WRK = shutil.which("wrk")
WITH = "wrk" if WRK else "the Python loader (wrk is not installed)"
CONNECTIONS = 4
#: A request as the loader takes it: method, path, headers, body.
Request = tuple[str, str, dict[str, str], str]


@dataclass
class Shot:
    """What one target did in one round; milliseconds."""

    count: int
    cpu: float
    p50: float
    p99: float
    bad: int = 0
    times: list[float] = field(default_factory=list)


@dataclass
class Target:
    """An address that is asked again and again (GET), and what it did in each round."""

    name: str
    port: int
    path: str
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    shots: list[Shot] = field(default_factory=list)

    def median(self, what: str) -> float:
        """The median over the rounds of "cpu", "p50" or "p99"."""
        return statistics.median(getattr(shot, what) for shot in self.shots)

    def ratio(self, other: Target, what: str = "cpu") -> float:
        """The median of the rounds' ratios to another target."""
        pairs = zip(self.shots, other.shots, strict=True)
        return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)

    def fire(self, seconds: float) -> Shot:
        """Ask for so many seconds."""
        before = cpu(self.pid)
        found = _wrk(self, seconds) if WRK else _sequence_of(self, seconds)
        used = cpu(self.pid) - before
        if found["bad"]:
            print(f"{self.name}: {found['bad']} answers were errors", file=sys.stderr)
        count = max(1, found["count"])
        return Shot(count, used / count * 1000, found["p50"], found["p99"], found["bad"])


def rounds(targets: list[Target], *, times: int = 5, seconds: float = 1.5) -> None:
    """Warm every target up, then fire at each in turn, `times` times."""
    for target in targets:
        target.fire(0.7)
    for _ in range(times):
        for target in targets:
            target.shots.append(target.fire(seconds))


def sequence(
    port: int, pid: int, chains: list[list[Request]], *, connections: int = 1, expect: str = ""
) -> Shot:
    """Send chains of requests, each in its order, all of them once; CPU is for one chain.
    `expect`: the statuses of a good chain, as "200 303"; others count as bad."""
    order = {"port": port, "chains": chains, "connections": connections, "expect": expect}
    before = cpu(pid)
    found = _loader(order)
    used = cpu(pid) - before
    if found["bad"]:
        print(f"{found['bad']} of {len(chains)} were {found['seen']}", file=sys.stderr)
    spent = used / len(chains) * 1000
    return Shot(len(chains), spent, found["p50"], found["p99"], found["bad"], found["times"])


def _wrk(target: Target, seconds: float) -> dict[str, Any]:
    headers = [word for key, value in target.headers.items() for word in ("-H", f"{key}: {value}")]
    url = f"http://127.0.0.1:{target.port}{target.path}"
    duration = [f"-d{seconds:.0f}s"] if seconds >= 1 else ["-d1s"]
    command = [WRK or "wrk", "-t1", f"-c{CONNECTIONS}", *duration, "--latency", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"(\d+) requests in", said)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return {
        "count": int(counted[1]) if counted else 0,
        "bad": int(bad[1]) if bad else 0,
        "p50": _milliseconds(said, "50"),
        "p99": _milliseconds(said, "99"),
    }


def _milliseconds(said: str, percent: str) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s)$", said, re.M)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]] if found else float("nan")


def _sequence_of(target: Target, seconds: float) -> dict[str, Any]:
    chain = [("GET", target.path, target.headers, "")]
    order = {"port": target.port, "chains": [chain], "connections": CONNECTIONS, "expect": "200"}
    return _loader({**order, "seconds": seconds})


def _loader(order: dict[str, Any]) -> dict[str, Any]:
    """In a process of its own, so that its work is not counted with ours."""
    command = [sys.executable, "-m", "benchmarks.loader"]
    done = subprocess.run(
        command, input=json.dumps(order), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
