"""What a server costs, as the kernel counts it: CPU and memory of a process and its children."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(_stat(int(entry))[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry))
    found, open_ends = [], [pid]
    while open_ends:
        found.append(open_ends.pop())
        open_ends += children.get(found[-1], [])
    return found


def cpu(pid: int) -> float:
    """Seconds of CPU that the process and its descendants have used, in user and in system."""
    seconds = 0.0
    for member in family(pid):
        try:
            fields = _stat(member)
        except OSError:
            continue
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def cpu_of_ended_children(pid: int) -> float:
    """Seconds of CPU that children of the process used which have ended."""
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) / TICKS


def memory(pid: int) -> float:
    """Megabytes that the largest of the process and its descendants holds: the one that works."""
    pages = [0]
    for member in family(pid):
        try:
            pages.append(int(Path(f"/proc/{member}/statm").read_text().split()[1]))
        except OSError:
            continue
    return max(pages) * PAGE / 1_000_000


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
