"""The file store: wholly there or not at all, under its own SHA-256, never in memory."""

import hashlib
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from forecourt.core.refusals import Refused
from forecourt.products import files

DATA = b"some bytes of a release\n" * 100
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path, settings) -> Path:
    settings.FILES_STORE = str(tmp_path / "store")
    return tmp_path / "store"


def everything(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_the_same_bytes_twice_are_one_file_that_nobody_changes(store):
    kept = [files.keep([DATA[:7], b"", DATA[7:]]), files.keep([DATA])]
    assert kept == [files.Kept(SUM, len(DATA))] * 2
    assert everything(store) == [store / SUM[:2] / SUM]
    assert files.path_of(SUM).read_bytes() == DATA
    assert files.path_of(SUM).stat().st_mode & 0o777 == 0o444


def test_an_upload_that_breaks_off_leaves_nothing(store):
    def breaking():
        yield DATA
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.keep(breaking())
    assert everything(store) == []


def test_what_a_killed_upload_left_is_never_served_and_goes_after_a_day(store):
    upload = (
        "import os, sys, signal\n"
        "from django.conf import settings\n"
        "settings.configure(FILES_STORE=sys.argv[1])\n"
        "from forecourt.products import files\n"
        "def chunks():\n"
        "    yield b'x' * 1_000_000\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "files.keep(chunks())\n"
    )
    killed = subprocess.run([sys.executable, "-c", upload, str(store)], check=False)
    assert killed.returncode == -signal.SIGKILL
    [left] = everything(store)
    assert left.parent == store and left.name.startswith(".upload-")
    files.keep([b"another"])
    assert left.exists()  # it could be one that is still under way
    os.utime(left, (time.time() - 90_000,) * 2)
    files.keep([b"a third"])
    assert not left.exists() and len(everything(store)) == 2


def test_a_large_file_is_never_in_memory(store):
    tracemalloc.start()
    kept = files.keep(b"\0" * 65_536 for _ in range(1_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept.size == 65_536_000 and peak < 2_000_000


@pytest.mark.parametrize(
    "name", ["../" * 20 + "etc/passwd", "/etc/passwd", "a" * 63 + "/", "A" * 64, "b" * 64 + "\n"]
)
def test_a_name_that_is_no_hash_leads_nowhere(store, name):
    with pytest.raises(ValueError, match="no SHA-256"):
        files.open_file(name, 1)


def test_a_symbolic_link_in_the_store_is_not_followed(store):
    files.keep([DATA])
    files.path_of(SUM).unlink()
    files.path_of(SUM).symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        files.open_file(SUM, Path("/etc/passwd").stat().st_size)


def test_a_file_that_is_not_as_long_as_it_was_is_not_sent(store):
    files.keep([DATA])
    files.path_of(SUM).chmod(0o644)
    files.path_of(SUM).write_bytes(DATA + b"more")
    with pytest.raises(OSError, match="bytes instead of"):
        files.open_file(SUM, len(DATA))


def test_a_portal_without_a_store_keeps_nothing(settings):
    settings.FILES_STORE = ""
    with pytest.raises(Refused, match="FILES_STORE"):
        files.keep([DATA])
