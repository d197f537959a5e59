"""The catalog is filled by commands: products, releases with their files, withdrawal."""

import hashlib
import io
import sys

import pytest

from forecourt.config.cli import main
from forecourt.config.commands import catalog as commands
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.products import file_names, files
from forecourt.products.models import Artifact, Product, Release

ADD = ["product", "add", "Relay", "--prefix", "RLAY"]


def refused(capsys, *words: str) -> str:
    """The one line in which a command is refused."""
    assert main([*words]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("forecourt: ") and len(said.splitlines()) == 1
    return said


def events() -> list[str]:
    with scope.across_organizations("a test looks"):
        return [row.event for row in AuditEvent.objects.order_by("pk")]


@pytest.fixture
def packages(world, tmp_path):
    """Files to publish, by name."""

    def make(*names: str) -> list[str]:
        for name in names:
            (tmp_path / name).write_bytes(f"bytes of {name}".encode())
        return [str(tmp_path / name) for name in names]

    return make


def test_a_product_is_added_behind_the_others(world, capsys):
    """`add_product`."""
    more = ["--description", "Passes things on.", "--contact", "Sales@Lumen.example"]
    assert main([*ADD, *more, "--unlisted"]) == 0
    added = Product.objects.last()
    assert (added.name, added.slug, added.key_prefix, added.kind) == (
        *("Relay", "relay", "RLAY", "download"),
    )
    assert not added.is_listed and added.contact == "sales@lumen.example"
    assert "relay" in capsys.readouterr().out and events() == ["product.added"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Deploy", "--prefix", "DEPL"], "of this name or slug"),
        (["Other", "--slug", "deploy", "--prefix", "DEPL"], "of this name or slug"),
        (["Other", "--slug", "Über", "--prefix", "DEPL"], "slug has small letters"),
        (["Other", "--prefix", "DPLY"], "have this prefix"),
        (["Other", "--prefix", "DE"], "four letters"),
        (["\x1b[31mRed", "--slug", "red", "--prefix", "REDD"], "printable"),
        (["Other", "--prefix", "OTHR", "--kind", "web"], "has an address"),
        (["Other", "--prefix", "OTHR", "--kind", "web", "--url", "javascript:x"], "begins with"),
        (["Other", "--prefix", "OTHR", "--contact", "javascript:x@y"], "contact"),
        (["Other", "--prefix", "OTHR", "--icon", "no-such-icon"], "lucide.dev"),
        (["Other", "--prefix", "OTHR", "--icon", "../../x"], "lucide.dev"),
    ],
)
def test_a_product_that_could_not_be_shown_is_refused(world, capsys, words, said):
    assert said in refused(capsys, "product", "add", *words)
    assert Product.objects.count() == 3 and events() == []


def test_a_release_is_published_with_its_files(packages, tmp_path):
    paths = packages("deploy-20.0.0-windows-x86-64.zip", "deploy-20.0.0-windows-x86-64.zip.sig")
    (tmp_path / "notes.md").write_text("### Added\n\n- Things\n")
    notes = ["--notes", str(tmp_path / "notes.md")]
    assert main(["release", "add", "deploy", "v20.0.0", *paths, *notes]) == 0
    made = Release.objects.get(version="20.0.0")
    assert made.channel == "stable" and made.notes.startswith("### Added")
    package, signature = made.artifacts.order_by("pk")
    assert (package.platform, package.architecture) == ("windows", "x86-64")
    assert (signature.kind, signature.package, signature.platform) == (
        *("signature", package, "windows"),
    )
    content = files.path_of(package.sha256).read_bytes()
    assert content == b"bytes of deploy-20.0.0-windows-x86-64.zip"
    assert package.sha256 == hashlib.sha256(content).hexdigest() and package.size == len(content)
    assert events() == ["release.published"]


def test_a_pre_release_is_beta_unless_it_is_said_otherwise(packages):
    for version, more in (("21.0.0-rc.1", []), ("21.0.0-rc.2", ["--channel", "stable"])):
        assert main(["release", "add", "deploy", version, *packages("x.zip"), *more]) == 0
    channels = Release.objects.filter(version__startswith="21").order_by("order")
    assert [each.channel for each in channels] == ["beta", "stable"]


def test_where_the_name_tells_nothing_it_is_said(packages):
    (path,) = packages("setup.run")
    assert main(["release", "add", "deploy", "21.0.0", f"{path}=linux/arm64"]) == 0
    made = Artifact.objects.get(release__version="21.0.0")
    assert (made.file_name, made.platform, made.architecture) == ("setup.run", "linux", "arm64")


def test_notes_come_from_standard_input_too_and_a_day_of_old(packages, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("• ältere".encode())))
    more = ["--notes", "-", "--date", "2020-02-29"]
    assert main(["release", "add", "deploy", "1.0.0", *packages("x.zip"), *more]) == 0
    made = Release.objects.get(version="1.0.0")
    assert made.notes == "• ältere" and f"{made.published_at:%Y-%m-%d}" == "2020-02-29"


@pytest.mark.parametrize(
    ("words", "names", "said"),
    [
        (["nothing", "20.0.0"], ["x.zip"], "no product"),
        (["deploy", "20"], ["x.zip"], "no version by semver"),
        (["deploy", "19.4.2"], ["x.zip"], "It cannot change"),
        (["deploy", "19.4.2+build.2"], ["x.zip"], "build metadata alone"),
        (["deploy", "20.0.0"], ["x y.zip"], "has letters, digits"),
        (["deploy", "20.0.0"], ["-x.zip"], "has letters, digits"),
        (["deploy", "20.0.0"], ["x" * 118 + ".gz"], "has letters, digits"),
        (["deploy", "20.0.0"], ["x.zip", "X.ZIP"], "two files"),
        (["deploy", "20.0.0"], ["x.zip", "y.zip.sig"], "belongs to a file y.zip"),
        (["deploy", "20.0.0", "--date", "2099-01-01"], ["x.zip"], "day to come"),
        (["deploy", "20.0.0", "--date", "soon"], ["x.zip"], "is no day"),
        (["deploy", "20.0.0", "--notes", "/nowhere"], ["x.zip"], "/nowhere"),
    ],
)
def test_what_cannot_be_published_is_refused(packages, capsys, words, names, said):
    before = Release.objects.count(), Artifact.objects.count()
    assert said in refused(capsys, "release", "add", *words[:2], *packages(*names), *words[2:])
    assert (Release.objects.count(), Artifact.objects.count()) == before and events() == []


def test_a_file_that_is_not_there_is_refused(world, capsys):
    assert "no file" in refused(capsys, "release", "add", "deploy", "20.0.0", "nowhere.zip")
    assert not Release.objects.filter(version="20.0.0").exists()


def test_nothing_is_taken_in_for_a_release_that_cannot_be(packages, capsys):
    (path,) = packages("never-seen.zip")
    refused(capsys, "release", "add", "deploy", "19.4.2", path)
    assert not files.path_of(hashlib.sha256(b"bytes of never-seen.zip").hexdigest()).exists()


def test_a_big_file_tells_how_far_it_is_on_a_terminal_alone(packages, capsys, monkeypatch):
    monkeypatch.setattr(commands, "BIG", 1)
    assert main(["release", "add", "deploy", "20.0.0", *packages("x.zip")]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["release", "add", "deploy", "20.0.1", *packages("x.zip")]) == 0
    assert "x.zip  100 %" in capsys.readouterr().err


def test_a_release_is_withdrawn_once_with_a_reason_and_nothing_is_deleted(world, capsys):
    """A156: what was published stays as it was."""
    kept = Artifact.objects.count()
    words = ["release", "withdraw", "deploy", "19.4.2", "--reason"]
    assert "Say why" in refused(capsys, *words, " ")
    assert main([*words, "It loses schedules."]) == 0
    found = Release.objects.get(product__slug="deploy", version="19.4.2")
    assert found.withdrawn_reason == "It loses schedules." and found.withdrawn_at
    assert Artifact.objects.count() == kept
    assert "withdrawn already" in refused(capsys, *words, "Another reason.")
    assert "There is no" in refused(
        capsys, "release", "withdraw", "deploy", "9.9.9", "--reason", "x"
    )
    assert events() == ["release.withdrawn"]


@pytest.mark.parametrize(
    ("name", "platform", "architecture"),
    [
        ("deploy-1.2.3-windows-x86-64.zip", "windows", "x86-64"),
        ("Deploy_1.2.3_x64_Setup.exe", "windows", "x86-64"),
        ("deploy-win64.zip", "windows", "x86-64"),
        ("Deploy-1.2.3.dmg", "macos", "any"),
        ("deploy-darwin-arm64.tar.gz", "macos", "arm64"),
        ("deploy_1.2.3_amd64.deb", "linux", "x86-64"),
        ("deploy-1.2.3.aarch64.rpm", "linux", "arm64"),
        ("deploy-x86_64-unknown-linux-gnu.tar.xz", "linux", "x86-64"),
        ("deploy-macos-x86_64-arm64.pkg", "macos", "any"),
        ("deploy-1.2.3.jar", "any", "any"),
        ("twinning-1.2.3.tar.gz", "any", "any"),
    ],
)
def test_a_name_tells_for_what_a_file_is(name, platform, architecture):
    assert file_names.platform_of(name) == platform
    assert file_names.architecture_of(name) == architecture
    for ending in file_names.COMPANIONS:
        assert file_names.companion(name + ending)[1] == name
