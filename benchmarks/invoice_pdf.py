"""An invoice of twelve lines as PDF with its XML, beside typst alone on a plain page of twelve."""

from __future__ import annotations

import dataclasses
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.report import Goal
from benchmarks.stage import Stage

ROUNDS, WARM, EACH = 9, 5, 25
ROWS = [(f"Licence seat {number}", "3", "12.50", "37.50") for number in range(12)]
CELLS = ",".join(f"[{cell}]" for row in ROWS for cell in row)
#: The floor: only its number is another each time.
PLAIN = (
    '#import sys: inputs\n#set page(paper:"a4",margin:2cm)\n= Invoice #inputs.no\n'
    f"Example GmbH\n#table(columns:4,{CELLS})\nTotal 450.00 EUR"
)


def measure(stage: Stage) -> Goal:
    """The rate of whole documents over that of a reused compiler, in CPU of this process."""
    from forecourt.billing.documents.pdf import pdf
    from forecourt.billing.documents.xml import xml
    from forecourt.billing.tests.documents import twelve

    number = iter(range(10**9))
    same, others = _numbered(), (twelve(one) for one in number)
    with tempfile.TemporaryDirectory() as folder:
        plain = _plain(Path(folder), number)
        made = {
            "typst": plain,
            "number": lambda: pdf(next(same)),
            "all": lambda: pdf(next(others)),
            "xml": lambda: xml(next(others)),
        }
        figures = _rounds(made)
    goal = Goal(7, "Invoice PDF, 12 lines, with its XML in it")
    goal.add("typst reused, plain page", figures["typst"], unit=" ms")
    for name, least, title in (
        ("number", 0.8, "rate over it, another number each"),
        ("all", None, "rate over it, other amounts too"),
    ):
        note = f"{figures[name]:.2f} ms, {1000 / figures[name]:.0f} a second"
        goal.add(title, figures["typst"] / figures[name], least, least=True, note=note)
    goal.add("the XML alone", figures["xml"], unit=" ms")
    return goal


def _plain(folder: Path, number: Iterator[int]) -> Callable[[], object]:
    from typst import Compiler

    file = folder / "invoice.typ"
    file.write_text(PLAIN)
    compiler = Compiler(str(file), ignore_system_fonts=True)
    return lambda: compiler.compile(sys_inputs={"no": f"2026-{next(number)}"})


def _numbered() -> Iterator[object]:
    """The same invoice under ever new numbers: what the floor does."""
    from forecourt.billing.tests.documents import twelve

    first = twelve()
    for number in range(10**9):
        name = f"LT-2026-{number:05}"
        yield dataclasses.replace(first, number=name, reference=name)


def _rounds(made: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of CPU for one of each: the median of rounds that take turns. typst forgets what
    others used since, so each turn begins with a few that do not count."""
    times: dict[str, list[float]] = {name: [] for name in made}
    gc.collect()
    for _ in range(ROUNDS):
        for name, make in made.items():
            for _ in range(WARM):
                make()
            began = time.process_time()
            for _ in range(EACH):
                make()
            times[name].append((time.process_time() - began) / EACH * 1000)
    return {name: statistics.median(each) for name, each in times.items()}
