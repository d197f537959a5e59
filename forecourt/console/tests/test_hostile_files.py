"""Whatever is in the files, it is only data, and what is wrong is said; and a run that is cut off leaves
whole customers, so that the next one completes them."""

import io
import itertools
import zipfile

import pytest

from forecourt.console.models import Imported
from forecourt.console.tests.importing import folder, forecourt
from forecourt.console.transfer import files
from forecourt.core import scope
from forecourt.orgs.models import Organization
from tests.cast import organization
from tests.invariants import verify
from tests.racing import at_once
from tests.test_crash_points import killed_at

HEAD = b"ref,name,primary_email\n"
GOOD = b"c-1,Hooli,a@hooli.example\n"


@pytest.mark.parametrize(
    ("content", "is_there", "said"),
    [
        (b"\xef\xbb\xbf" + HEAD + GOOD, True, ""),
        (HEAD.replace(b",", b";") + GOOD.replace(b",", b";"), True, ""),
        (HEAD.replace(b"\n", b"\r\n") + GOOD.replace(b"\n", b"\r\n"), True, ""),
        (HEAD.upper() + b"\n\n,,\n" + GOOD, True, ""),
        (HEAD + GOOD + b"c-2,M\xfcller,b@hooli.example\n", True, "It is no UTF-8"),
        ((HEAD + GOOD).decode().encode("utf-16"), False, "no UTF-8|no column|missing"),
        (HEAD + b"c-0,Nu\0ll,b@hooli.example\n" + GOOD, True, "cannot be seen"),
        (HEAD + GOOD + b"c-2," + b"x" * 200_000 + b",b@hooli.example\n", True, "cell is too long"),
        (HEAD + GOOD + b'c-2,"open,b@hooli.example\n' + b"x\n" * 100_000, True, "quotation mark"),
        (HEAD + b"c-2,Too,b@hooli.example,many\n" + GOOD, True, "more cells"),
        (HEAD + b"c-2\n" + GOOD, True, "name: It must not be empty"),
        (b"", False, "The file is empty"),
        (b"\0\0\0\n\0", False, "missing"),
        (HEAD + "c-2,A\u202egpj,b@hooli.example\n".encode() + GOOD, True, "cannot be seen"),
    ],
)
def test_a_file_of_any_kind_is_read_as_far_as_it_can_be(
    world, tmp_path, capsys, content, is_there, said
):
    (tmp_path / "organizations.csv").write_bytes(content)
    assert forecourt("import", tmp_path) == (1 if said else 0)
    out = capsys.readouterr().out
    assert any(words in out for words in said.split("|"))
    with scope.across_organizations("a test looks"):
        assert Organization.objects.filter(name="Hooli").exists() == is_there


def zipped(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no ZIP at all", "neither a folder nor a ZIP"),
        (zipped({"other.csv": HEAD}), "none of the files"),
        (zipped({"a/organizations.csv": HEAD + GOOD})[:-30], "neither a folder nor a ZIP"),
        (zipped({"organizations.csv": b"\0" * 200_000_001}), "at most 200 MB"),
    ],
)
def test_what_is_no_set_of_files_is_one_sentence(world, tmp_path, capsys, content, said):
    (tmp_path / "customers.zip").write_bytes(content)
    assert forecourt("import", tmp_path / "customers.zip") == 1
    assert said in capsys.readouterr().err


def test_a_zip_with_a_folder_in_it_is_as_good(world, tmp_path):
    (tmp_path / "x.zip").write_bytes(zipped({"a/organizations.csv": HEAD + GOOD}))
    assert forecourt("import", tmp_path / "x.zip") == 0
    assert organization("hooli").name == "Hooli"


def test_a_broken_entry_of_a_zip_is_one_sentence(world, tmp_path, capsys):
    content = bytearray(zipped({"organizations.csv": HEAD + GOOD * 50}))
    content[60] ^= 255
    (tmp_path / "x.zip").write_bytes(content)
    assert forecourt("import", tmp_path / "x.zip") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_more_lines_than_it_takes_are_refused(world, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(files, "MOST_LINES", 8)
    assert forecourt("import", folder(tmp_path)) == 1
    assert "At most 8 lines" in capsys.readouterr().err


def test_a_hundred_thousand_wrong_lines_are_each_told(world, tmp_path, capsys):
    lines = "".join(f"c-{number},,x\n" for number in range(100_000)).encode()
    (tmp_path / "organizations.csv").write_bytes(HEAD + lines)
    assert forecourt("import", tmp_path, "--dry-run") == 1
    assert "Left out, as said above: 100000 lines." in capsys.readouterr().err


def test_two_at_once_make_everything_once(committed_world, tmp_path):
    where = folder(tmp_path)
    answers = at_once(*[lambda: forecourt("import", where)] * 2)
    assert 0 in answers and forecourt("import", where) == 0
    with scope.across_organizations("a test looks"):
        assert Imported.objects.count() == 9
        names = Organization.objects.values_list("name", flat=True)
        assert sorted(names)[-2:] == ["Initech", "Pied Piper, Inc."] and len(names) == 5
    verify()


def test_killed_anywhere_it_leaves_whole_customers_and_run_again_completes_them(
    committed_world, tmp_path
):
    where, seen = folder(tmp_path), set()
    for boundary in itertools.count(1, 11):
        killed = killed_at(boundary, lambda: forecourt("import", where), 0)
        with scope.across_organizations("a test looks"):
            there = set(Organization.objects.filter(pk__gt=3).values_list("slug", flat=True))
        for slug in there:
            found = organization(slug)
            counts = (found.contacts.count(), found.invitations.count(), found.licenses.count())
            assert counts == ((2, 2, 1) if slug == "hooli" else (1, 1, 1))
        verify()
        seen.add(len(there))
        if not killed:
            break
    assert seen == {0, 1, 2}
