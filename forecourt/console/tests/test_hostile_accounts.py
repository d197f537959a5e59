"""Whatever the files of a copy say: nobody who is here already gets another password, factor, address or
duty by it, and nobody but the server may import them."""

import csv
import io
import json
import uuid
import zipfile
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from forecourt.console.actors import AtWork
from forecourt.console.models import Import
from forecourt.console.tests.copying import WITH_SECRETS
from forecourt.console.tests.importing import forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.console.transfer import files, importing, plans
from forecourt.console.transfer.whole_tables import SECRET, STREAMED
from forecourt.core.actors import System
from forecourt.core.refusals import Forbidden
from forecourt.demo.world import HASH
from forecourt.orgs.models import Staff
from forecourt.people.models import User
from tests.cast import give_app, signed_in
from tests.invariants import picture, verify

MOSS = "member@acme.example"
#: Somebody who is nowhere yet.
NEW = {"account": str(uuid.uuid4()), "email": "new@person.example", "password": HASH}
NEW["addresses"] = NEW["email"]


def table(where: Path, name: str, *rows: dict[str, str]) -> Path:
    """A file with these lines."""
    where.mkdir(exist_ok=True)
    columns = {column: "" for row in rows for column in row}
    with (where / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows(rows)
    return where


def factor(kind: str, **data: object) -> str:
    return json.dumps([{"type": kind, "data": data}])


OTHERS = {
    "their address": {"email": MOSS, "addresses": MOSS},
    "their address beside another": {"addresses": f"new@person.example {MOSS}"},
    "their address, not proved": {"unproved": MOSS},
    "an address that they have not proved yet": {
        "addresses": "new@person.example moss@example.com"
    },
    "an address that they have not proved yet, alone": {
        "email": "moss@example.com",
        "addresses": "",
    },
    "their identity": {"identities": json.dumps([{"provider": "google", "uid": "7"}])},
    "their passkey": {"factors": factor("webauthn", credential={"rawId": "abc"})},
}


@pytest.fixture
def moss(world) -> User:
    """Somebody with everything that one could want to take over."""
    user = User.objects.get(email=MOSS)
    give_app(MOSS)
    data = {"name": "x", "passkey": True, "credential": {"rawId": "abc"}}
    Authenticator.objects.create(user=user, type="webauthn", data=data)
    EmailAddress.objects.create(user=user, email="moss@example.com", verified=False)
    SocialAccount.objects.create(user=user, provider="google", uid="7")
    return user


@pytest.mark.parametrize("what", OTHERS)
def test_who_is_here_already_is_left_alone(moss, tmp_path, capsys, what):
    before = picture()
    where = table(tmp_path / "x", "accounts", {**NEW, "duty": "owner", **OTHERS[what]})
    for words in [("--dry-run",), ()]:
        found = forecourt("import", where, WITH_SECRETS, *words)
    assert found == 1 and "accounts.csv, line 2: " in capsys.readouterr().out
    assert picture() == before


def test_the_same_account_again_changes_nothing(moss, tmp_path, capsys):
    before = picture()
    theirs = {
        "account": str(moss.handle),
        "duty": "owner",
        "factors": factor("totp", secret="A" * 16),
    }
    where = table(tmp_path / "x", "accounts", {**NEW, **theirs})
    assert forecourt("import", where, WITH_SECRETS) == 0
    assert capsys.readouterr().out == "Unchanged: 1 lines.\n"
    assert picture() == before


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"password": "md5$a$b"}, "no hash of a password"),
        ({"password": "plain text"}, "no hash of a password"),
        ({"password": "argon2$argon2id$v=19$m=1"}, "no hash of a password"),
        ({"factors": factor("totp", secret="")}, "without its secret"),
        ({"factors": factor("totp", secret=7)}, "without its secret"),
        ({"factors": factor("sms", secret="A")}, "nobody knows here"),
        ({"factors": '[{"type":"totp"}]'}, "nobody knows here"),
        ({"factors": "[1]"}, "no list in JSON"),
        ({"factors": "[" * 100_000}, "no JSON"),
        ({"identities": '[{"provider":"google"}]'}, "without a name"),
        ({"identities": '[{"provider":"a","uid":"b","linked":"soon"}]'}, "no day"),
        ({"account": "7"}, "no name of an account"),
        ({"account": ""}, "must not be empty"),
        ({"duty": "king"}, "none of these"),
        ({"duty": "owner", "addresses": "", "unproved": "new@person.example"}, "proved an address"),
        ({"name": "a\u202eb"}, "control characters"),
    ],
)
def test_an_account_that_is_none_is_left_out(world, tmp_path, capsys, said, words):
    before = picture()
    assert (
        forecourt("import", table(tmp_path / "x", "accounts", {**NEW, **said}), WITH_SECRETS) == 1
    )
    assert words in capsys.readouterr().out
    assert picture() == before


def test_who_comes_with_a_duty_is_staff_and_that_is_said(world, tmp_path, capsys):
    where = table(tmp_path / "x", "accounts", {**NEW, "duty": "finance"}, {**NEW, "duty": "owner"})
    assert forecourt("import", where, WITH_SECRETS) == 1
    told = capsys.readouterr().out
    assert "New, of the staff: 1 lines." in told and "line 3: The same stands in line 2." in told
    assert Staff.objects.get(user__email=NEW["email"]).duty == "finance"


def test_a_claim_that_nobody_ever_proved_is_in_nobodys_way(world, tmp_path):
    squatter = User.objects.create(email=NEW["email"], password=HASH)
    EmailAddress.objects.create(user=squatter, email=NEW["email"], verified=False)
    assert forecourt("import", table(tmp_path / "x", "accounts", NEW), WITH_SECRETS) == 0
    assert str(User.objects.get(email=NEW["email"]).handle) == NEW["account"]
    verify()


def somebody(email: str, **said: str) -> dict[str, str]:
    """A line about one more."""
    return {**NEW, "account": str(uuid.uuid4()), "email": email, "addresses": email, **said}


def test_a_number_that_was_somebodys_is_nobody_elses(moss, tmp_path, capsys):
    gone = User.objects.create(email="gone@person.example", password=HASH)
    form = {"name": "Gone", "time_zone": "", "language": ""}
    assert signed_in(gone.email).post("/profile/name/", form).status_code == 303
    number = gone.pk
    gone.delete()
    passkey = factor("webauthn", passkey=True, credential={"rawId": "def"})
    rows = [
        {**NEW, "number": str(number), "factors": json.dumps(2 * json.loads(passkey))},
        somebody("b@person.example", number=str(moss.pk), factors=passkey),
        somebody("c@person.example", number=str(moss.pk)),
    ]
    where = table(tmp_path / "x", "accounts", *rows)
    for words in [("--dry-run",), ()]:
        capsys.readouterr()
        assert forecourt("import", where, WITH_SECRETS, *words) == 0
        said = capsys.readouterr().out
        assert "accounts.csv, line 2: New. It cannot keep its number here: 2 passkeys" in said
        assert "accounts.csv, line 3: New. It cannot keep its number here: 1 passkey is" in said
        assert "line 4: New. It" not in said  # which has none
    made = User.objects.filter(email__endswith="@person.example")
    assert made.count() == 3 and not {number, moss.pk} & {user.pk for user in made}
    assert Authenticator.objects.filter(user__in=made).count() == 0


def test_nobody_comes_back_into_an_organization_that_is_here(world, tmp_path, capsys):
    outsider = User.objects.get(email="nobody@example.com")
    assert forecourt("export", tmp_path / "x") == 0
    row = {"organization": "portal:acme", "email": outsider.email, "account": str(outsider.handle)}
    table(tmp_path / "x", "memberships", {**row, "role": "admin"})
    invited = {"organization": "portal:acme", "email": "a@b.example", "handle": str(uuid.uuid4())}
    invited |= {"role": "admin", "token": "0" * 64, "expires": "2099-01-01"}
    table(tmp_path / "x", "invitations", invited)
    before = picture()
    assert forecourt("import", tmp_path / "x", WITH_SECRETS) == 1
    assert capsys.readouterr().out.count("was here before") == 2
    after = picture()
    assert after.pop("console_imported") and {**before, **after} == before


def test_who_came_while_it_was_looked_through_is_left_alone_too(world, tmp_path):
    taken = {**NEW, "account": str(uuid.uuid4()), "email": "b@person.example"}
    where = table(tmp_path / "x", "accounts", NEW, {**taken, "addresses": taken["email"]})
    plan = plans.made(files.lines_of(where, with_secrets=True))
    same = User.objects.create(handle=NEW["account"], email=NEW["email"], name="Here first")
    other = User.objects.create(email="c@person.example", name="Here first")
    for user in (same, other):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=other, email=taken["email"], verified=False)
    before = picture()
    list(importing.run(System(label="Lumen Tools"), plan))
    assert [bool(line.problem) for line in plan.lines] == [False, True]
    assert picture() == before


def test_nobody_comes_by_files_of_another_system_unless_the_command_says_so(
    world, tmp_path, capsys
):
    """Whoever was given the files need not have looked for what makes an owner."""
    where = table(tmp_path / "x", "accounts", {**NEW, "duty": "owner"})
    table(
        where, "activity", {"at": "2020-01-01", "actor_kind": "x", "event": "x", "object_kind": "x"}
    )
    before = picture()
    for words in [("--dry-run",), ()]:
        assert forecourt("import", where, *words) == 1
        assert capsys.readouterr().out.count("by `forecourt import --with-secrets`") == 2
    assert picture() == before


@pytest.mark.parametrize("name", [*SECRET, *STREAMED])
def test_the_console_takes_none_of_these_files(world, name):
    client, content = at_work(), table_of_nothing(name)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(f"x/{name}.csv", content)
    for file, called in ((io.BytesIO(content), f"{name}.csv"), (zipped, "x.zip")):
        file.name = called
        file.seek(0)
        answer = client.post("/console/imports/", {"customers": [file]})
        assert answer.status_code == 422
        assert "It is imported on the server alone" in answer.content.decode()
    assert Import.objects.count() == 0


def table_of_nothing(name: str) -> bytes:
    return b"organization\n" if name == "activity" else b"account,email\n"


def test_no_staff_may_do_it_whatever_they_get_into_a_plan(world, tmp_path):
    """The second wall: the actions themselves."""
    where = table(tmp_path / "x", "accounts", NEW)
    at = AtWork(Staff.objects.select_related("user").get())
    with pytest.raises(Forbidden):
        list(importing.run(at, plans.made(files.lines_of(where, with_secrets=True))))
    left_out = plans.made(files.lines_of(where))
    assert "on the server alone" in left_out.lines[0].problem
    assert list(importing.run(at, left_out)) == []
    assert not User.objects.filter(email=NEW["email"]).exists()
