"""The table: every figure beside its goal."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Figure:
    """One measured figure; `goal` is the most (or with `least` the least) that it may be, None
    where it is only told."""

    name: str
    value: float
    goal: float | None = None
    unit: str = ""
    least: bool = False
    note: str = ""

    @property
    def short(self) -> bool:
        """Whether it falls short of its goal."""
        if self.goal is None:
            return False
        return self.value < self.goal if self.least else self.value > self.goal

    def line(self) -> str:
        """As the table has it."""
        goal = verdict = ""
        if self.goal is not None:
            sign = "≥" if self.least else "≤"
            goal = f"{sign} {_number(self.goal)}{self.unit}"
            verdict = "SHORT" if self.short else "PASS"
        value = f"{_number(self.value)}{self.unit}"
        return f"  {self.name:<50} {value:>13} {goal:>13}  {verdict:<5}  {self.note}".rstrip()


@dataclass
class Goal:
    """One goal of the house with its figures, and what could not be measured here. Its number is
    that of the list of goals; 0 where it has none."""

    number: int
    title: str
    figures: list[Figure] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, goal: float | None = None, **more: object) -> None:
        """Add a figure."""
        self.figures.append(Figure(name, value, goal, **more))  # type: ignore[arg-type]

    def __str__(self) -> str:
        lines = [f"Goal {self.number}: {self.title}" if self.number else f"Beside: {self.title}"]
        lines += [figure.line() for figure in self.figures]
        lines += [f"  left out: {reason}" for reason in self.left_out]
        return "\n".join(lines)


def last_line(goals: list[Goal]) -> str:
    """Which figures fall short."""
    short = [
        f"{goal.number or goal.title} ({x.name})" for goal in goals for x in goal.figures if x.short
    ]
    return f"Short: {'; '.join(short)}." if short else "Nothing falls short."


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.3f}" if value < 2 else f"{value:,.1f}"
