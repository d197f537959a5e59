"""Releases come with their files, or not at all; programs with their secrets' hashes."""

import csv
import itertools
import shutil
from pathlib import Path

import pytest
from django.db import connection

from forecourt.console.tests.copying import empty_the_portal, everything
from forecourt.console.tests.importing import forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.console.tests.test_import_pages import csv as uploaded
from forecourt.console.tests.test_import_pages import text
from forecourt.core import scope
from forecourt.core.models import Mail
from forecourt.products import files
from forecourt.products.models import Artifact, ProductClient, Release
from forecourt.products.tests.downloading import DEPLOY, artifact
from forecourt.products.tests.programs import program
from tests.cast import run_jobs
from tests.test_crash_points import killed_at

REASON = "Installing it over 19.3 can lose schedules. Use 19.4.2."


@pytest.fixture
def exported(committed_world, settings, tmp_path) -> Path:
    """The folder of an export; the portal is empty since, and so is its file store."""
    program()
    everything(tmp_path / "out")
    empty_the_portal()
    settings.FILES_STORE = str(tmp_path / "store")
    return tmp_path / "out"


def kept_in(folder: Path) -> Path:
    """The file of one release."""
    with (folder / "release_files.csv").open(newline="") as file:
        found = next(row for row in csv.DictReader(file) if row["name"] == DEPLOY)
    return folder / "files" / found["sha256"]


def test_releases_come_with_their_files_and_nobody_is_told(exported):
    assert forecourt("import", exported) == 0
    assert files.path_of(artifact().sha256).read_bytes() == kept_in(exported).read_bytes()
    withdrawn = Release.objects.get(version="19.4.1")
    assert withdrawn.withdrawn_at and withdrawn.withdrawn_reason.endswith("Use 19.4.2.")
    assert withdrawn.notes.startswith("### Fixed") and withdrawn.notes.endswith("\n")
    assert Release.objects.count() == 9 and Artifact.objects.count() == 36
    run_jobs()
    with scope.across_organizations("a test counts"):
        assert Mail.objects.count() == 0


def alter(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1] + b"!")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Path.unlink, "There is no file"),
        (lambda file: file.write_bytes(b"short"), "not as long as it was"),
        (alter, "The file is another than it was"),
    ],
)
def test_a_release_of_which_a_file_is_missing_or_another_is_left_out_whole(
    exported, tmp_path, capsys, spoil, said
):
    file = kept_in(exported)
    content = file.read_bytes()
    spoil(file)
    assert forecourt("import", exported) == 1
    told = capsys.readouterr().out
    assert told.count(said) == 1 and told.count("A file of it is left out, and so is this") == 1
    assert told.count("Its release is left out, and so is this") == 3
    assert not Release.objects.filter(version="19.4.2").exists()
    assert Release.objects.count() == 8
    file.write_bytes(content)
    assert forecourt("import", exported) == 0
    assert Release.objects.get(version="19.4.2").artifacts.count() == 4


def test_killed_anywhere_there_are_whole_releases_alone(exported):
    for boundary in itertools.count(30, 23):
        killed = killed_at(boundary, lambda: forecourt("import", exported), 0)
        for release in Release.objects.all():
            assert release.artifacts.count() == 4
            assert all(files.has(each.sha256, each.size) for each in release.artifacts.all())
        if Release.objects.count() == 9 or not killed:
            break
    assert forecourt("import", exported) == 0 and Release.objects.count() == 9


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("19.4.2", "latest", "is no version"),
        ("19.4.2", "19.4.1", "The same stands in line"),
        ('"deploy","19.4.2"', '"abacus","19.4.2"', "There is no product “abacus”"),
        ('"stable"', '"nightly"', "none of these"),
        (REASON, "", "What was withdrawn has a reason"),
    ],
)
def test_a_release_that_is_none_is_left_out(exported, capsys, old, new, said):
    path = exported / "releases.csv"
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1), newline="")
    for words in (("--dry-run",), ()):
        assert forecourt("import", exported, *words) == 1
        assert said in capsys.readouterr().out
    assert Release.objects.count() == 8


def test_the_web_brings_a_release_whose_files_are_in_the_store_and_no_other(
    committed_world, settings, tmp_path
):
    program()
    there = everything(tmp_path / "out")
    settings.FILES_STORE = shutil.copytree(settings.FILES_STORE, str(tmp_path / "store"))
    files.path_of(artifact().sha256).unlink()
    with connection.cursor() as cursor:
        cursor.execute("truncate products_release, allauth_idp_oidc_client cascade")
    client = at_work()
    names = ("releases.csv", "release_files.csv", "clients.csv")
    given = [uploaded(name.removesuffix(".csv"), there[name].decode()) for name in names]
    here = client.post("/console/imports/", {"customers": given})["Location"]
    run_jobs()
    page = text(client, here)
    assert "This portal does not have the file yet" in page and "deploy 19.4.2" in page
    client.post(f"{here}start/")
    run_jobs()
    assert Release.objects.count() == 8 and ProductClient.objects.get().name == "Connect"
    assert not Release.objects.filter(version="19.4.2").exists()


def test_a_program_that_is_none_is_left_out(exported, capsys):
    path = exported / "clients.csv"
    good = path.read_text()
    for old, new, said in (
        ("https://connect.lumen.example/callback", "javascript:alert(1)", "redirect_uris"),
        ("https://connect.lumen.example/callback", "", "address to send people back to"),
        ("openid profile email", "openid admin", "Scopes are"),
        ('"no","no","yes"', '"yes","no","yes"', "A public client has no secret"),
    ):
        assert old in good
        path.write_text(good.replace(old, new, 1), newline="")
        assert forecourt("import", exported) == 1
        assert said in capsys.readouterr().out and ProductClient.objects.count() == 0
    path.write_text(good, newline="")
    assert forecourt("import", exported) == 0 and ProductClient.objects.count() == 1
