"""The vendor's staff publish a release in the browser, with its files."""

import hashlib
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from forecourt.console.tests.test_catalog import HERE, events
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.products import files
from forecourt.products.models import Artifact, Release
from tests.cast import prove, signed_in

NEW = f"{HERE}deploy/releases/new/"
FORM = {"version": "21.0.0", "channel": "", "notes": "### Added\r\n\r\n- *Things*"}
FILES = ("deploy-21.0.0-windows-x86-64.zip", "deploy-21.0.0-windows-x86-64.zip.sig", "setup.run")


def upload(*names: str) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, f"bytes of {name}".encode()) for name in names]


def publish(client: Client, *names: str, **change):
    return client.post(NEW, {**FORM, **change, "uploads": upload(*names), "whole": "yes"})


def lying_about() -> list[Path]:
    """What of uploads is left beside the files of the store."""
    return [*Path(settings.FILES_STORE).glob(f"{files.UNFINISHED}*")]


def test_a_release_is_published_with_its_files(world):
    lines = {"name": ["setup.run", ""], "target": ["linux/arm64", "any/any"]}
    assert publish(at_work("catalog"), *FILES, **lines)["Location"] == f"{HERE}deploy/"
    made = Release.objects.get(version="21.0.0")
    assert (made.channel, made.notes) == ("stable", "### Added\n\n- *Things*")
    kept = {each.file_name: each for each in made.artifacts.all()}
    assert [(kept[name].platform, kept[name].architecture) for name in FILES] == [
        *[("windows", "x86-64")] * 2,
        ("linux", "arm64"),
    ]
    content = files.path_of(kept["setup.run"].sha256).read_bytes()
    assert content == b"bytes of setup.run" and kept["setup.run"].size == len(content)
    assert kept[FILES[1]].package == kept[FILES[0]]
    assert events() == ["release.published"] and lying_about() == []


@pytest.mark.parametrize(
    ("change", "names", "said"),
    [
        ({"version": "21"}, ["x.zip"], "no version by semver"),
        ({"version": ""}, ["x.zip"], "required"),
        ({"version": "19.4.2"}, ["x.zip"], "It cannot change"),
        ({"version": "19.4.2+b"}, ["x.zip"], "build metadata alone"),
        ({"channel": "alpha"}, ["x.zip"], "valid choice"),
        ({"notes": "\0"}, ["x.zip"], "Null characters"),
        ({"notes": "x" * 100_001}, ["x.zip"], "at most 100000"),
        ({}, [], "one file at least"),
        ({}, ["x.zip.sig"], "belongs to a file x.zip"),
        ({}, ["x.zip", "X.ZIP"], "two files"),
    ],
)
def test_what_cannot_be_published_is_said_at_its_field(world, change, names, said):
    """Nothing typed is lost, and nothing of the files stays."""
    before = Release.objects.count(), Artifact.objects.count()
    sent = [SimpleUploadedFile(name, b"of no release") for name in names]
    form = {**FORM, "notes": "Kept words.", **change, "uploads": sent, "whole": "yes"}
    page = at_work().post(NEW, form)
    text = page.content.decode()
    assert page.status_code == 422 and said in text
    assert "Kept words." in text or "notes" in change
    assert ("have to be chosen again" in text) == bool(names)
    assert (Release.objects.count(), Artifact.objects.count()) == before and events() == []
    kept = files.path_of(hashlib.sha256(b"of no release").hexdigest())
    assert lying_about() == [] and not kept.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("x y.zip", ""),
        ("-x.zip", ""),
        ("\u202egnp.exe", "gnp.exe"),
        ("<script>.zip", ""),
        ("x" * 130, ""),
        ("con fig.zip", ""),
        ("../../../etc/x.zip", "x.zip"),
        ("..\\..\\x.zip", "x.zip"),
        ("C:\\temp\\x.zip", "x.zip"),
    ],
)
def test_a_hostile_name_is_refused_or_leads_nowhere(world, name, safe):
    """A153."""
    file = SimpleUploadedFile("x", b"bytes")
    file._name = name  # past what Django's own client would make of it
    page = at_work().post(NEW, {**FORM, "uploads": file, "whole": "yes"})
    if safe:
        assert Artifact.objects.get(release__version="21.0.0").file_name == safe
    else:
        assert page.status_code == 422 and "<script>" not in page.content.decode()
        assert not Release.objects.filter(version="21.0.0").exists()
    assert lying_about() == []


def test_a_platform_that_nobody_knows_counts_as_not_given(world):
    lines = {"name": ["x.zip"], "target": ["amiga/68k"]}
    assert publish(at_work(), "x.zip", **lines).status_code == 303
    assert Artifact.objects.get(release__version="21.0.0").platform == "any"


def test_an_upload_that_broke_off_publishes_nothing(world):
    """A body that ends too soon would be a file that ends too soon."""
    page = at_work().post(NEW, {**FORM, "uploads": upload("x.zip")})
    assert page.status_code == 422 and "broke off" in page.content.decode()
    assert not Release.objects.filter(version="21.0.0").exists() and lying_about() == []


def test_the_gate_stands_before_the_upload_and_the_token_behind_it(world):
    """Nobody's bytes are taken in before it is known who sends them."""
    for who in ("", "admin@acme.example", STAFF):
        client = signed_in(who)
        assert publish(client, "x.zip").status_code == {"": 302, STAFF: 303}.get(who, 404)
    client = signed_in(STAFF, client=Client(enforce_csrf_checks=True))
    prove(client, "password", "mfa")
    assert publish(client, "x.zip").status_code == 403
    client.cookies["csrf"] = "x" * 32
    assert publish(client, "x.zip").status_code == 403
    token = client.get(NEW).context or client.cookies["csrf"].value
    assert publish(client, "x.zip", csrfmiddlewaretoken=token).status_code == 303
    assert lying_about() == []


def test_notes_are_shown_as_customers_will_see_them(world):
    typed = {**FORM, "notes": "# Big\n\n<script>x</script> **bold**", "name": "a", "target": ""}
    page = at_work().post(f"{NEW}notes/", typed).content.decode()
    assert "<h3>Big</h3>" in page and "<strong>bold</strong>" in page and "<script>x" not in page
    assert 'value="21.0.0"' in page and "How customers see it" in page
    part = at_work().post(f"{NEW}notes/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>bold</strong>" in part and "<form" not in part


def test_names_tell_for_what_files_are_before_they_are_sent(world):
    names = "\n".join([*FILES, "<b>.zip"])
    page = at_work().post(f"{NEW}files/", {"names": names}).content.decode()
    assert page.count("<select") == 3 and FILES[1] + "<" not in page
    assert '<option value="windows/x86-64" selected>' in page and "<b>.zip" not in page
    big = urlencode({"names": "\n".join(f"{n}.zip" for n in range(500))})
    kind = "application/x-www-form-urlencoded"
    page = at_work().post(f"{NEW}files/", big, content_type=kind).content.decode()
    assert page.count("<select") == 100


def test_where_the_portal_keeps_no_files_it_is_said(world, settings):
    settings.FILES_STORE = ""
    assert "set FILES_STORE" in at_work().get(NEW).content.decode()
    page = publish(at_work(), "x.zip")
    assert page.status_code == 422 and "set FILES_STORE" in page.content.decode()
