"""Imports only go down, as the contracts in pyproject.toml say."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.rules.source import ROOT


def test_imports_only_go_down(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
