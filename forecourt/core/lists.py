"""Long lists: searched, filtered, and read a page at a time by key, so that the last page costs what
the first one does and nobody is missed when somebody goes meanwhile."""

from typing import Any

from django.db.models import F, Q, QuerySet

PER_PAGE = 25
EXACT_UP_TO = 1_000
LARGEST_ID = 2**63 - 1


def number(text: str | None) -> int | None:
    """A key or place that an address names; None for what cannot be one."""
    if text and text.isascii() and text.isdigit() and len(text) < 20:
        found = int(text)
        return found if 0 < found <= LARGEST_ID else None
    return None


def words(text: str) -> str:
    """What is searched for, as it is looked up."""
    return " ".join(text.split())[:100]


def matching(rows: QuerySet[Any], q: str, *columns: str) -> QuerySet[Any]:
    """Rows with `q` in a column (short words: at its start), through trigram indexes."""
    if not q:
        return rows
    how = "icontains" if len(q) > 2 else "istartswith"
    match = Q()
    for column in columns:
        match |= Q(**{f"{column}__{how}": q})
    return rows.filter(match)


def part(
    rows: QuerySet[Any], *, after: int | None, before: int | None
) -> tuple[list[Any], bool, bool]:
    """The rows of one page in the order of their keys, and whether there are some before and
    after."""
    if before:
        found = list(rows.filter(pk__lt=before).order_by("-pk")[: PER_PAGE + 1])[::-1]
        return found[-PER_PAGE:], len(found) > PER_PAGE, True
    found = list(rows.filter(pk__gt=after or 0).order_by("pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], bool(after), len(found) > PER_PAGE


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are, counting no further than to one more than is said exactly."""
    return rows.order_by().values(one=F("pk"))[: EXACT_UP_TO + 1].count()


def said(count: int) -> str:
    """A number of rows in words: "64", "1,000+"."""
    return f"{EXACT_UP_TO:,}+" if count > EXACT_UP_TO else f"{count:,}"
