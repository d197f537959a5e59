"""The sizes that keep the house light; and nothing of the machine it was written on."""

import ast
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.rules.source import PACKAGE, ROOT, files, functions, lines, name, tracked

MOST = [
    (".py", 300, ("migrations",)),
    (".html", 120, ()),
    (".css", 250, ()),
    ("README.md", 100, ()),
]


@pytest.mark.parametrize(("ending", "most", "without"), MOST)
def test_no_file_outgrows_its_room(ending, most, without):
    long = {name(path): lines(path) for path in files(ending, without=without)}
    assert {path: size for path, size in long.items() if size > most} == {}


def _long(path: Path, node: ast.AST, most: int) -> list[str]:
    size = node.end_lineno - node.lineno + 1
    return [f"{name(path)}:{node.name} {size}"] if size > most else []


def test_no_function_is_longer_than_forty_lines():
    paths = files(".py", without=("migrations",))
    assert [
        found for path in paths for node in functions(path) for found in _long(path, node, 40)
    ] == []


def _is_action(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("action(") for decorator in node.decorator_list)


def test_no_action_is_longer_than_twenty_five():
    actions = [
        (path, node)
        for path in files(".py", under=PACKAGE)
        for node in functions(path)
        if _is_action(node)
    ]
    assert len(actions) > 10
    assert [found for path, node in actions for found in _long(path, node, 25)] == []


def test_styles_and_script_stay_small_together():
    assert sum(map(lines, files(".css", under=PACKAGE))) <= 1500
    assert sum(map(lines, files(".js", under=PACKAGE))) <= 300


def test_no_file_knows_the_machine_it_was_written_on():
    home = str(Path.home())
    words = [str(ROOT) + "/", sys.prefix]
    if len(home) > len("/root"):
        words.append(home)
    for path in tracked():
        text = path.read_bytes().decode(errors="ignore")
        assert not [word for word in words if word in text], name(path)


def test_no_file_names_a_package_registry():
    address = re.compile(r"https?://[^\s\"']*(?:" + "py" + "pi|python" + "hosted|/sim" + "ple)")
    option = re.compile(r"(?m)^\s*--(?:extra-)?index" + r"-url|^\s*index" + r"-url")
    for path in tracked():
        text = path.read_bytes().decode(errors="ignore")
        found = address.search(text) or option.search(text)
        assert not found, f"{name(path)}: {found and found[0]}"


def test_the_migrations_say_what_the_models_say():
    """As `makemigrations --check` does, which asks a database for nothing but its history."""
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    wanted = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert wanted.changes(graph=loader.graph) == {}
