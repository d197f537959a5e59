"""Goal 9: the start of a download, its speed, and what a large file costs."""

from __future__ import annotations

import itertools
import secrets
import socket
import statistics
import time
from pathlib import Path

from benchmarks import load, seed
from benchmarks.load import Request, Shot
from benchmarks.processes import cpu, memory
from benchmarks.report import Goal
from benchmarks.stage import Stage
from benchmarks.wire import fetch

ROUNDS, EACH = 6, 150
SMALL, LARGE = 10_000, 1_000_000_000
FIRST_BYTE = {"Range": "bytes=0-0"}


def measure(stage: Stage) -> Goal:
    """A fresh link's first byte against B; then 1 GB against the same server's file wrapper."""
    goal = Goal(9, "Download start, and a file of 1 GB (the Python loader)")
    small, large = (_links(stage, size) for size in (SMALL, LARGE))
    _start(stage, goal, small)
    _speed(stage, goal, small(), large)
    return goal


def _links(stage: Stage, size: int):
    """A function that makes a new link to a file of this size, a hole; each time another of the
    small organizations' that may have it."""
    from django.db import transaction
    from django.utils import timezone

    from forecourt.core import scope
    from forecourt.orgs.models import Membership
    from forecourt.products import downloads, files
    from forecourt.products.models import Artifact, License, Product, Release

    sha256 = secrets.token_hex(32)
    path = files.path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    product = Product.objects.create(slug=f"p{size}", name=f"P{size}", key_prefix="BNCH")
    members, now = [], timezone.now()
    for pk in seed.TENS:
        with transaction.atomic(), scope.organization(pk):
            License.objects.create(organization_id=pk, product=product, plan="Yearly")
            members.append(Membership.objects.filter(organization_id=pk).order_by("pk")[0])
    release = Release.objects.create(product=product, version="1.0.0", published_at=now)
    artifact = Artifact.objects.create(
        release=release, file_name=f"{size}.bin", size=size, sha256=sha256
    )
    turns = itertools.cycle(members)
    return lambda: downloads.link(next(turns), artifact).address(artifact)


def _start(stage: Stage, goal: Goal, link) -> None:
    """Each download is a new one, so each is noted; then ranges of one that was."""
    shots: dict[str, list[Shot]] = {"bare": [], "new": [], "ranges": []}
    bare: list[list[Request]] = [[("GET", "/bare", {}, "")]] * EACH * 4
    again: list[list[Request]] = [[("GET", link(), FIRST_BYTE, "")] for _ in range(50)] * 3
    for turn in range(ROUNDS + 1):
        new: list[list[Request]] = [[("GET", link(), FIRST_BYTE, "")] for _ in range(EACH)]
        found = {"bare": load.sequence(stage.bare_port, stage.bare_pid, bare, connections=4)}
        for name, chains in (("new", new), ("ranges", again)):
            found[name] = load.sequence(stage.port, stage.pid, chains, connections=4, expect="206")
        if turn:
            for name, shot in found.items():
                shots[name].append(shot)
    goal.add("B", statistics.median(shot.cpu for shot in shots["bare"]), unit=" ms")
    for name, what in (("new", "CPU to the first byte"), ("ranges", "CPU of a further range")):
        ratio = statistics.median(
            a.cpu / b.cpu for a, b in zip(shots[name], shots["bare"], strict=True)
        )
        spent, p50, p99 = (
            statistics.median(getattr(shot, kind) for shot in shots[name])
            for kind in ("cpu", "p50", "p99")
        )
        note = f"{spent:.2f} ms, p50 {p50:.1f}, p99 {p99:.1f}"
        goal.add(what, ratio, 8, unit=" B", note=note)
    with stage.counted() as count:
        fetch(stage.port, link(), FIRST_BYTE)
    note = f"{count['all']} statements with BEGIN, COMMIT and the pool's question"
    goal.add("queries to the first byte", count["queries"], 4, note=note)


def _speed(stage: Stage, goal: Goal, small: str, large) -> None:
    """The server itself offers no wsgi.file_wrapper, so the floor is the one of Python's own
    wsgiref with pieces of the same size, without Django."""
    from forecourt.products.sending import PIECE

    bare_path = f"/file?{PIECE}"
    Path(stage.bare_file).write_bytes(b"")
    with Path(stage.bare_file).open("wb") as file:
        file.truncate(LARGE)
    for _ in range(50):
        fetch(stage.port, small)
    before = memory(stage.pid)
    most, speeds, spent = before, [], []
    for turn in range(ROUNDS):
        ours, our_cpu, held = _whole(stage.port, stage.pid, large())
        theirs, their_cpu, _held = _whole(stage.bare_port, stage.bare_pid, bare_path)
        most = max(most, held)
        if turn:
            speeds.append((ours, theirs))
            spent.append(our_cpu / their_cpu)
    note = " against ".join(f"{statistics.median(each):,.0f}" for each in zip(*speeds, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in speeds)
    goal.add("throughput over wsgi.file_wrapper", ratio, 0.8, least=True, note=f"{note} MB/s")
    goal.add("CPU over wsgi.file_wrapper", statistics.median(spent))
    note = f"{before:.0f} MB after small files, at most {most:.0f} MB within 1 GB"
    goal.add("memory on 1 GB over small files", most / before, 1.03, note=note)


def _whole(port: int, pid: int, path: str) -> tuple[float, float, float]:
    """Fetch it: megabytes a second, the server's seconds of CPU, the most memory it held."""
    buffer, read, most = bytearray(1 << 20), 0, 0.0
    used, started, looked = cpu(pid), time.perf_counter(), 0
    with socket.create_connection(("127.0.0.1", port)) as wire:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", "", ""]
        wire.sendall("\r\n".join(lines).encode())
        while got := wire.recv_into(buffer):
            read += got
            if read - looked > LARGE / 10:
                looked, most = read, max(most, memory(pid))
    took = time.perf_counter() - started
    if read < LARGE:
        raise RuntimeError(f"{path} ended after {read:,} bytes: {bytes(buffer[:200])!r}")
    return read / 1e6 / took, cpu(pid) - used, most
