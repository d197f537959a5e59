"""Small truths about processes that the launcher and the supervisor share."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from pathlib import Path


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Have the kernel send this signal to the calling process when its parent dies, by kill -9 too.

    Linux only; elsewhere nothing happens. It hangs on the parent's *thread*: start children from
    the main thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, number)


def command_line(pid: int) -> str:
    """The command line of a running process, words parted by blanks; empty when there is none."""
    if sys.platform == "linux":
        try:  # A zombie has an empty one, which is right: it runs no more.
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
            )
        except OSError:
            return ""
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()
