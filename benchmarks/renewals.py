"""Goal 6: the billing clock, against the same work as plain SQL in one procedure.

Both write five rows a subscription: the floor an invoice, two lines, an event and the subscription;
ours an invoice, a line, an event, the subscription and its license. The command's start is not
counted. `RENEWALS=1000000` renews so many.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks import processes
from benchmarks.renewals_sql import DONE, FLOOR, FLOOR_END, SEED
from benchmarks.report import Goal
from benchmarks.stage import ROOT, Stage

NUMBER = int(os.environ.get("RENEWALS", "200000"))
FEW = 10_000
#: Subscriptions of one organization, as the floor of a million has them.
EACH = 20


def measure(stage: Stage) -> Goal:
    """A run against the floor, one that is killed, and memory."""
    goal = Goal(6, f"{NUMBER:,} renewals by `forecourt renew`, {EACH} an organization")
    few = _run(stage, FEW).memory
    before = _floor(stage)
    ours, whole = _run(stage, NUMBER), _written(stage)
    goal.add("wrong after a run", _wrong(stage), 0)
    nothing = Run(stage).wait()  # The command's own start: the worker's clock is there already.
    ours.cpu, ours.seconds = ours.cpu - nothing.cpu, ours.seconds - nothing.seconds
    after = _floor(stage)
    cpu, seconds = (before.cpu + after.cpu) / 2, (before.seconds + after.seconds) / 2
    note = f"{NUMBER / ours.seconds:,.0f} against {NUMBER / seconds:,.0f} a second"
    goal.add("CPU over the floor's", ours.cpu / cpu, 3, unit=" ×", note=note)
    note = f"{few:.0f} and {ours.memory:.0f} MB"
    goal.add(f"memory over that at {FEW:,}", ours.memory / few, 1.1, unit=" ×", note=note)
    note = f"killed (-9) after {_killed(stage):,} invoices, then run again"
    goal.add("wrong after a kill", _wrong(stage), 0, note=note)
    goal.add("invoices that are others after it", int(_written(stage) != whole), 0)
    alone = NUMBER / 10 / _run(stage, NUMBER // 10, each=1).seconds
    goal.add("renewals a second, one an organization", alone)
    return goal


class Run:
    """The clock in a process of its own: seconds, seconds of CPU with the database's, and the most
    memory that was seen."""

    def __init__(self, stage: Stage) -> None:
        from forecourt.demo.seller import BILLING

        self.stage, self.memory = stage, 0.0
        self.watch = Watch(stage)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "forecourt", "renew"],
            cwd=ROOT,
            env={**os.environ, **BILLING},
            stdout=subprocess.DEVNULL,
        )

    def wait(self, until: Callable[[], bool] = lambda: False) -> Run:
        """Wait for its end, or until something is so."""
        while self.process.poll() is None and not until():
            self.memory = max(self.memory, processes.memory(self.process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.2)
        self.watch.stop()
        self.seconds, self.cpu = self.watch.seconds, self.watch.cpu
        return self


class Watch:
    """What happens from now on costs: seconds, and those of CPU, of the database and our children."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.began, self.before = time.monotonic(), self._used()

    def stop(self) -> None:
        """Note what it has cost."""
        self.seconds = time.monotonic() - self.began
        time.sleep(0.2)  # A connection that was closed ends its process now.
        self.cpu = self._used() - self.before

    def _used(self) -> float:
        database, mine = self.stage.database.process, resource.getrusage(resource.RUSAGE_CHILDREN)
        assert database is not None
        ended = processes.cpu_of_ended_children(database.pid)
        return processes.cpu(database.pid) + ended + mine.ru_utime + mine.ru_stime


def _run(stage: Stage, number: int, each: int = EACH) -> Run:
    _seed(stage, number, each)
    run = Run(stage).wait()
    if run.process.returncode:
        raise RuntimeError("the clock failed")
    return run


def _killed(stage: Stage) -> int:
    """Kill a run in its middle, and run the rest; how many invoices there were at the kill."""
    _seed(stage, NUMBER, EACH)
    run = Run(stage).wait(lambda: _count(stage) > NUMBER // 3)
    run.process.kill()
    run.process.wait()
    done = _count(stage)
    if Run(stage).wait().process.returncode:
        raise RuntimeError("the clock failed after it was killed")
    return done


def _count(stage: Stage) -> int:
    return int(str(stage.sql("select count(*) from billing_invoice")[0][0]))


def _written(stage: Stage) -> object:
    """Everything the run wrote but the numbers, as one hash."""
    return stage.sql(DONE)[0][1]


def _wrong(stage: Stage) -> int:
    """How many invoices, numbers, lines, events and licenses are missing or too many."""
    return int(str(stage.sql(DONE)[0][0]))


def _seed(stage: Stage, number: int, each: int) -> None:
    for statement in SEED:
        stage.sql(statement, number=number, each=each)
    stage.sql("vacuum analyze")


def _floor(stage: Stage) -> Watch:
    """What the procedure alone costs."""
    with _tables(stage):
        watch = Watch(stage)
        stage.sql("call floor_run()")
        watch.stop()
    return watch


@contextlib.contextmanager
def _tables(stage: Stage) -> Iterator[None]:
    for statement in FLOOR:
        stage.sql(statement, number=NUMBER)
    stage.sql("vacuum analyze floor_subscription")
    yield
    stage.sql(FLOOR_END)
