"""The figures of former days come along, and none that was counted here changes. The action behind it:
import_figures."""

import datetime as dt

import pytest

from forecourt.billing import periods
from forecourt.console.models import Figure
from forecourt.console.tests.importing import forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.console.tests.test_hostile_accounts import table
from forecourt.console.transfer import files, importing, plans
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent

pytestmark = pytest.mark.usefixtures("world")
LINE = {"day": "2024-02-03", "name": "revenue EUR", "value": "123456789"}


def told() -> list[dict[str, int]]:
    scope.enter(0)
    rows = AuditEvent.objects.filter(event="staff.figures_imported")
    return list(rows.values_list("after", flat=True))


def test_they_are_kept_once_and_the_overview_shows_them(tmp_path):
    days = [(periods.today() - dt.timedelta(back)).isoformat() for back in (1, 2)]
    new = [{"day": day, "name": "organizations", "value": "4321"} for day in days]
    where = table(tmp_path / "in", "figures", LINE, LINE, *new)
    for _twice in range(2):
        assert forecourt("import", where) == 0
    assert set(Figure.objects.values_list("name", "value")) == {
        ("revenue EUR", 123_456_789),
        ("organizations", 4_321),
    }
    assert told() == [{"lines": 3}]
    assert "4,321" in at_work("owner").get("/console/").content.decode()


def test_what_was_counted_here_stays(tmp_path):
    Figure.objects.create(day="2024-02-03", name="revenue EUR", value=7)
    assert forecourt("import", table(tmp_path / "in", "figures", LINE)) == 0
    assert Figure.objects.get().value == 7
    assert told() == []


def test_what_was_counted_meanwhile_stays_as_well(tmp_path):
    plan = plans.made(files.lines_of(table(tmp_path / "in", "figures", LINE)))
    Figure.objects.create(day="2024-02-03", name="revenue EUR", value=7)
    assert list(importing.run(System(), plan)) and not plan.problems
    assert Figure.objects.get().value == 7


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"day": ""}, "day: It must not be empty."),
        ({"day": "soon"}, "day: It is no day"),
        ({"day": periods.today().isoformat()}, "day: It is not over yet."),
        ({"name": "sorrows"}, "name: There is no such figure."),
        ({"name": "revenue eur"}, "name: There is no such figure."),
        ({"name": "revenue XYZ"}, "name: There is no such figure."),
        ({"name": "EUR"}, "name: There is no such figure."),
        ({"value": ""}, "value: It must not be empty."),
        ({"value": "-1"}, "value: It is no number."),
        ({"value": str(2**63)}, "value: It is no number."),
    ],
)
def test_a_line_that_is_wrong_is_left_out(tmp_path, capsys, said, words):
    where = table(tmp_path / "in", "figures", {**LINE, **said}, {**LINE, "value": "0"})
    for asked in (("--dry-run",), ()):
        assert forecourt("import", where, *asked) == 1
        assert f"figures.csv, line 2: {words}" in capsys.readouterr().out
    assert Figure.objects.get().value == 0
