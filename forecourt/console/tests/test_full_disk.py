"""What is too large, or finds no room on the disk: a sentence at its field, and nothing of it stays. On a
real small file system, which only root can mount."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forecourt.console.tests.test_brand import HERE as BRAND
from forecourt.console.tests.test_brand import changes
from forecourt.console.tests.test_console import at_work
from forecourt.console.tests.test_publishing import FORM, NEW
from forecourt.products.models import Artifact, Release
from tests.small_disk import small_disk

__all__ = ["small_disk"]  # the fixture
LARGE = 3_000_000


def publish(*sizes: int):
    uploads = [SimpleUploadedFile(f"{n}.zip", bytes(size)) for n, size in enumerate(sizes)]
    return at_work().post(NEW, {**FORM, "notes": "Kept words.", "uploads": uploads, "whole": "yes"})


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("sizes", [(LARGE,), (5, LARGE, 5), (1_200_000, 1_200_000)])
def test_a_full_store_is_said_and_its_room_is_free_again(world, settings, small_disk, sizes):
    settings.FILES_STORE = str(small_disk)
    page = publish(*sizes)
    text = page.content.decode()
    assert page.status_code == 422 and "no room for it on the server" in text
    assert 'id="id_uploads_error"' in text and "Kept words." in text
    assert files_in(small_disk) == []
    assert not Release.objects.filter(version="21.0.0").exists()
    assert publish(100_000)["Location"].endswith("/deploy/")


def test_a_file_that_is_larger_than_the_settings_allow_is_refused(world, settings, tmp_path):
    settings.FILES_STORE, settings.RELEASE_FILE_MEGABYTES = str(tmp_path), 1
    page = publish(10, 1_000_001, 10)
    text = page.content.decode()
    assert page.status_code == 422 and "“1.zip” is larger than 1 MB" in text
    assert files_in(tmp_path) == []
    assert publish(1_000_000)["Location"].endswith("/deploy/")
    assert Artifact.objects.get(release__version="21.0.0").size == 1_000_000


def test_a_logo_never_comes_to_the_disk(world, monkeypatch, small_disk):
    """Not even one that is much too large."""
    with contextlib.suppress(OSError):
        (small_disk / "everything else").write_bytes(bytes(LARGE))
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    page = at_work().post(BRAND, {"logo": SimpleUploadedFile("a.png", bytes(5_000_000))})
    assert page.status_code == 422 and "The file is larger than 1 MB." in page.content.decode()
    assert changes() == []


def test_of_several_files_none_is_taken_for_whole_that_is_not(world):
    """Together they are more than is kept of a form that has no business with so much."""
    logo = SimpleUploadedFile("a.png", bytes(500_000))
    page = at_work().post(BRAND, {"other": SimpleUploadedFile("b", bytes(LARGE)), "logo": logo})
    assert page.status_code == 422 and "The file is larger than 1 MB." in page.content.decode()
    assert changes() == []
