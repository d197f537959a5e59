"""Child processes that end with us, and whose lines appear under their name."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

from forecourt.demo.processes import end_with_parent

PATIENCE = 3.0  # Seconds that a child gets to end in order.
OFTEN = 5  # Ends in a row, each within QUICK seconds of the start, after which we give up.
QUICK = 5.0


@dataclass
class Child:
    """One child, and how often it ended soon after its start."""

    name: str
    command: list[str]
    #: None: ours.
    environment: dict[str, str] | None = None
    process: subprocess.Popen[str] = field(init=False)
    started: float = 0.0
    quick_ends: int = 0

    def start(self) -> None:
        """Start it; from the main thread, on which its signal at our death hangs."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Else Ctrl-C would reach it before us.
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- it calls one C function, no lock of ours
        )
        threading.Thread(target=self._copy, args=[self.process], daemon=True).start()

    def _copy(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        with contextlib.suppress(OSError, ValueError):  # Nobody reads our lines any more.
            for line in process.stdout:
                print(f"{self.name:>7} | {line}", end="", flush=True)


class Children:
    """All of them."""

    def __init__(self) -> None:
        self._all: list[Child] = []

    def start(
        self, name: str, command: list[str], environment: dict[str, str] | None = None
    ) -> None:
        """Start one more."""
        child = Child(name, command, environment)
        child.start()
        self._all.append(child)

    def alive(self) -> bool:
        """Whether every one still runs."""
        return all(child.process.poll() is None for child in self._all)

    def revive(self) -> bool:
        """Start again what ended; False when one of them keeps ending."""
        for child in self._all:
            if child.process.poll() is None:
                continue
            quick = time.monotonic() - child.started < QUICK
            child.quick_ends = child.quick_ends + 1 if quick else 0
            if child.quick_ends >= OFTEN:
                print(f"The {child.name} process keeps ending; see the lines above.", flush=True)
                return False
            print(f"The {child.name} process ended; it starts again.", flush=True)
            _kill_session(child)
            child.start()
        return True

    def stop(self) -> None:
        """End all of them, in order where they can."""
        for child in self._all:
            if child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in self._all:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.05, end - time.monotonic()))
            _kill_session(child)
            child.process.wait()


def _kill_session(child: Child) -> None:
    """Its own session: also what it left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
