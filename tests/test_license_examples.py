"""The examples of docs/licenses.md do what the page says: they take honest license files and no
forged one. Each runs where its tool is; which were left out stands in the warnings."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from forecourt.demo.catalog import key_of
from forecourt.products import keys
from forecourt.products.models import SigningKey
from tests.cast import organization, signed_in
from tests.forging import FORGED, HONEST, Forger, at
from tests.rules.source import ROOT

PAGE = ROOT / "docs" / "licenses.md"
PUBLIC = "/.well-known/forecourt-license-keys"
EXAMPLES = ROOT / "docs" / "examples" / "license-files"
COMMANDS = {
    "verify.py": [sys.executable, "verify.py"],
    "verify.sh": ["sh", "verify.sh"],
    "verify.mjs": ["node", "verify.mjs"],
    "verify.go": ["go", "run", "verify.go"],
    "Verify.cs": ["dotnet", "run", "Verify.cs", "--"],
}
#: Without these the tests fail, instead of leaving an example out.
NEEDED = {"verify.py", "verify.sh"}


def run(*command: object, folder: Path = EXAMPLES, **environment: str):
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def program(request, tmp_path_factory) -> list[str]:
    """How to start an example; left out with a warning where its tool is not on this machine."""
    name, (tool, *words) = request.param, COMMANDS[request.param]
    if not shutil.which(tool):
        assert name not in NEEDED, f"{tool} is needed"
        warnings.warn(f"docs/examples/license-files/{name} was NOT RUN: no {tool}", stacklevel=1)
        pytest.skip(f"no {tool}")
    if name == "verify.go":  # compiled once
        made = tmp_path_factory.mktemp("go") / "verify"
        built = run("go", "build", "-o", made, name, GOTOOLCHAIN="local", GO111MODULE="off")
        assert built.returncode == 0, built.stderr
        return [str(made)]
    return [tool, *words]


each = pytest.mark.parametrize("program", COMMANDS, indirect=True)


class Product:
    """A machine with a product on it: a license file, the vendor's public keys, what it saw."""

    def __init__(self, folder: Path) -> None:
        house = organization("acme")
        self.license = house.licenses.get(product__slug="deploy")
        page = f"/o/acme/products/licenses/{self.license.pk}/file/"
        text = signed_in("member@acme.example").get(page).content.decode()
        signs = SigningKey.objects.get(retired_at=None)
        self.forger = Forger(text, signs.opened())
        self.folder, self.keys = folder, folder / "keys"
        self.keys.mkdir()
        for jwk in Client().get(PUBLIC).json()["keys"]:
            pem = Client().get(f"{PUBLIC}/{jwk['kid']}.pem").content
            (self.keys / f"{jwk['kid']}.pem").write_bytes(pem)
        form, info = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        own = self.forger.own.public_key().public_bytes(form, info)
        (folder / "forger.pem").write_bytes(own)

    def ask(self, program: list[str], text: str, *, seen: str = ""):
        """The example's answer about a file; `seen`: the latest time that it saw before."""
        file, kept = self.folder / "a.license", self.folder / "seen"
        file.write_bytes(text.encode("utf-8"))
        kept.unlink(missing_ok=True)
        if seen:
            kept.write_text(seen + "\n")
        return run(*program, file, self.keys, "deploy", kept)

    @property
    def seen(self) -> str:
        return (self.folder / "seen").read_text().strip()


@pytest.fixture
def product(world, tmp_path) -> Product:
    return Product(tmp_path)


def refused(answer) -> bool:
    """It said no, in a sentence and not by an accident."""
    return answer.returncode != 0 and answer.stderr.startswith("not valid: ") and not answer.stdout


@each
def test_an_example_takes_honest_files(product, program):
    for what, make in HONEST.items():
        answer = product.ask(program, make(product.forger))
        assert (answer.returncode, answer.stderr) == (0, ""), (what, answer)
        assert answer.stdout.startswith("in grace" if what == "in grace" else "valid until "), what


@each
def test_an_example_takes_no_forged_file(product, program):
    answers = {what: product.ask(program, make(product.forger)) for what, make in FORGED.items()}
    assert {what: answer for what, answer in answers.items() if not refused(answer)} == {}


@each
def test_setting_the_clock_back_brings_an_example_nothing(product, program):
    text = product.forger.text
    assert product.ask(program, text, seen=at(-1)).returncode == 0
    assert at(-0.1) < product.seen <= at(0.1)
    assert product.ask(program, text, seen=at(2)).returncode == 0
    assert product.seen == at(2)
    late = product.ask(program, text, seen=at(98 + 14 + 1))
    assert refused(late) and "has ended" in late.stderr
    assert refused(product.ask(program, text, seen="yesterday"))
    assert refused(product.ask(program, FORGED["an unknown key"](product.forger), seen=at(-1)))
    assert product.seen == at(-1)  # what nobody signed tells no time


@each
def test_an_example_that_gets_no_files_takes_nothing(program, tmp_path):
    nowhere = run(*program, tmp_path / "none", tmp_path, "deploy", tmp_path / "seen")
    assert nowhere.returncode != 0 and not nowhere.stdout


def blocks(kind: str) -> list[str]:
    """The page's blocks of code in this language."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(), re.S)


def test_the_page_verifies_a_file_by_hand(product):
    (product.folder / "deploy-acme.license").write_text(product.forger.text)
    by_hand = next(block for block in blocks("sh") if "pkeyutl" in block)
    fetched = re.sub(r"(?m)^curl .*\n", "", by_hand)
    assert fetched != by_hand
    answer = run("sh", "-euc", fetched, folder=product.folder)
    assert answer.stdout.endswith("Signature Verified Successfully\n"), answer
    (product.folder / "deploy-acme.license").write_text(
        FORGED["a bit of the payload flipped"](product.forger)
    )
    assert run("sh", "-euc", fetched, folder=product.folder).returncode != 0


def test_the_page_shows_every_example():
    text = PAGE.read_text()
    assert {path.name for path in EXAMPLES.iterdir()} == {*COMMANDS}
    assert not [name for name in COMMANDS if f"(examples/license-files/{name})" not in text]


def test_the_page_names_what_is_inside_in_the_order_of_the_file(product):
    rows = re.findall(r"(?m)^\| `([a-z_]+)` \| (?:string|integer)", PAGE.read_text())
    assert rows == list(product.forger.said)


def test_the_page_checks_a_license_key_as_the_portal_does(product):
    scope: dict = {}
    exec(next(block for block in blocks("python") if "is_well_formed" in block), scope)
    key = key_of(product.license)
    for tried in (key, key.lower(), key.replace("-", " "), key[:-1] + "?", key[:-1], "", "A" * 32):
        assert scope["is_well_formed"](tried) == keys.is_well_formed(tried), tried
    wrong = [key[:9] + letter + key[10:] for letter in keys.ALPHABET if letter != key[9]]
    assert [scope["is_well_formed"](tried) for tried in wrong] == [
        keys.is_well_formed(tried) for tried in wrong
    ]
