"""The tests' own house-keeping: what is shared among processes, and what is not."""

import os

import pytest
from django.db import connection

from tools.test import shared


@pytest.mark.parametrize("arguments", ["", "-q", "-x --durations=40", "-rs --tb=long"])
def test_the_whole_uses_every_core(monkeypatch, arguments):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert shared(arguments.split())[:2] == ["-n", "4"]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert shared(arguments.split())[:2] == ["-n", "2"]
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert shared(arguments.split()) == []


@pytest.mark.parametrize("chosen", ["tests/test_walls.py", "-k word", "-n 0", "--pdb", "--lf -q"])
def test_what_was_chosen_runs_in_one_process(monkeypatch, chosen):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert shared(chosen.split()) == []


@pytest.mark.django_db
def test_each_process_has_a_database_and_a_folder_of_its_own():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    assert connection.settings_dict["NAME"].endswith(worker)
    assert os.environ["FORECOURT_DATA"].endswith(worker)
