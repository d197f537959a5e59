"""A copy of a whole portal: the same rows, and people, programs and products go on as if it were the one
before. The actions behind it: import_account, import_activity, import_client, import_key, import_mails,
import_merged, import_release."""

import copy
import csv
import hashlib
import io
import shutil
import stat
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client

from forecourt.console.tests.copying import (
    ADMIN,
    BRAND,
    MOSS,
    WITH_SECRETS,
    everything,
    lived_in,
    new_portal,
)
from forecourt.console.tests.importing import forecourt
from forecourt.console.tests.test_brand_logos import picture
from forecourt.console.tests.test_console import at_work
from forecourt.console.transfer.cells import plain
from forecourt.console.transfer.exporting import pieces
from forecourt.core import scope
from forecourt.core.brand import values
from forecourt.core.models import AuditEvent, Brand
from forecourt.orgs.models import Staff
from forecourt.people.accounts import create_account
from forecourt.people.models import User
from forecourt.people.tests.test_second_factors import code_now
from forecourt.products import files
from forecourt.products.models import SigningKey, TokenKey
from forecourt.products.tests.downloading import DEPLOY, artifact, body, get
from forecourt.products.tests.test_license_files import said
from tests import invariants
from tests.authenticator import Device, ask, send
from tests.cast import PASSWORD, is_member, membership, organization, pending, run_jobs, signed_in
from tests.test_crash_points import killed_at


@pytest.fixture(scope="module")
def _exported() -> dict[str, Any]:
    """What was exported, once it was: every copy is made of the same files."""
    return {}


@pytest.fixture
def copied(committed_world, settings, tmp_path, tmp_path_factory, _exported):
    """A portal that is a copy: what was exported, and the program and the device of before."""
    settings.PUBLIC_URL = "https://testserver"
    if not _exported:
        where, device = tmp_path_factory.mktemp("exported"), Device()
        programs = lived_in(where / "files", device)
        release = files.path_of(artifact().sha256).read_bytes()
        before = everything(where / "before", WITH_SECRETS)
        own = {"before": before, "device": device, "programs": programs, "release": release}
        _exported.update(where=where / "before", own=own)
    shutil.copytree(_exported["where"], tmp_path / "before")
    new_portal(settings, tmp_path / "store")
    assert forecourt("import", tmp_path / "before", WITH_SECRETS) == 0
    return SimpleNamespace(**copy.deepcopy(_exported["own"]))


def lines(content: bytes) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: plain(cell) for name, cell in row.items()} for row in rows]


def test_the_same_files_come_out_of_it(copied, tmp_path):
    after = everything(tmp_path / "after", WITH_SECRETS)
    happened = lines(copied.before.pop("activity.csv")), lines(after.pop("activity.csv"))
    assert after == copied.before
    own = [line for line in happened[1] if line not in happened[0]]
    assert [line for line in happened[1] if line not in own] == happened[0]
    assert {(line["actor_kind"], line["actor_label"]) for line in own} == {
        ("system", "Lumen Tools")
    }
    assert len(happened[0]) > 10


def test_nobody_is_told_of_it(copied):
    before = invariants.picture()
    assert run_jobs() == 0
    assert invariants.picture() == before


def test_a_second_run_says_nothing_new(copied, tmp_path, capsys):
    organization("acme")
    before = AuditEvent.objects.count()
    capsys.readouterr()
    assert forecourt("import", tmp_path / "before", WITH_SECRETS) == 0
    assert capsys.readouterr().out.count("\n") == 1
    organization("acme")
    assert AuditEvent.objects.count() == before


def test_a_person_signs_in_by_password_and_app_and_downloads_a_release(copied):
    client = Client()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post("/accounts/second-factor/", {"code": code_now("JBSWY3DPEHPK3PXP")})
    page = client.get("/o/acme/products/deploy/versions/19.4.2/")
    assert page.status_code == 200 and DEPLOY in page.content.decode()
    there = client.get(f"/o/acme/products/files/{artifact().pk}/")
    assert body(get(there["Location"])) == copied.release


def test_a_passkey_signs_in(copied):
    client = Client()
    here = "/accounts/passkey/"
    answer = send(client, here, copied.device.get(ask(client, here)))
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email=ADMIN).pk)


def test_recovery_codes_and_identities_are_theirs(copied):
    moss = User.objects.get(email=MOSS)
    seed = Authenticator.objects.get(user=moss, type="recovery_codes").wrap()
    assert len(seed.get_unused_codes()) == 10
    identity = moss.socialaccount_set.get()
    assert identity.extra_data["name"] == "=Moss" and identity.uid.endswith(" 7")
    assert moss.emailaddress_set.get(email="moss@example.com").verified is False
    assert Staff.objects.get().user.email == "staff@lumen.example"


def test_the_brand_is_the_same_with_its_logo(copied, tmp_path):
    chosen = values(Brand.objects.get())
    assert {name: chosen[name] for name in BRAND if name not in ("logo", "sign_in_text")} == {
        name: BRAND[name] for name in BRAND if name not in ("logo", "sign_in_text")
    }
    assert chosen["logo"] in copied.before.values()
    assert chosen["sign_in_text"] == "## Hello\n\nto *everybody*"
    Brand.objects.update(name="Another")
    forecourt("import", tmp_path / "before", WITH_SECRETS)
    assert Brand.objects.get().name == "Another"


def test_a_logo_that_is_another_one_is_left_out(world, tmp_path, capsys):
    lines = f"setting,value\nlogo,{'0' * 64}\nname,Hammer\naccent,red;}}\n"
    (tmp_path / "brand.csv").write_text(lines)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / ("0" * 64)).write_bytes(picture())
    assert forecourt("import", tmp_path) == 1
    said = capsys.readouterr().out
    assert "another one than it was" in said
    assert "This is no color" in said
    assert (Brand.objects.get().name, bytes(Brand.objects.get().logo)) == ("Hammer", b"")


def test_places_and_seats_are_as_they_were(copied):
    both = membership("acme", "both@example.com")
    assert both.contact.email == "both@example.com" and both.seats.count() == 1
    assert membership("acme", "primary@acme.example").is_primary
    rhea = membership("globex", "admin@globex.example")
    assert {seat.license.has_ended for seat in rhea.seats.all()} == {True, False}
    hooli = organization("hooli")
    assert hooli.is_suspended and hooli.suspended_reason == "=Owes since May"
    assert hooli.invitations.get(role="admin").is_unsent
    assert not invariants.broken()


def test_who_was_merged_is_so_and_their_former_addresses_lead_on(copied):
    """Pied Piper into Initech, and that one into Globex."""
    gone = organization("merged-3").merged
    assert (gone.slug, gone.into_id) == ("initech", organization("globex").pk)
    piper = next(
        line for line in lines(copied.before["merged.csv"]) if line["slug"] == "pied-piper-inc"
    )
    assert (piper["organization"], piper["into"]) == ("c-2", "portal:merged-3")
    client = Client()
    client.force_login(User.objects.get(email="admin@globex.example"))
    for slug in ("initech", "pied-piper-inc"):
        assert client.get(f"/o/{slug}/products/")["Location"] == "/o/globex/products/"


def test_what_came_back_is_known_where_it_has_effect(copied):
    """The mail of an invitation, at its row; and a contact, among what needs attention."""
    page = Client()
    page.force_login(User.objects.get(email=ADMIN))
    assert "Could not deliver" in page.get("/o/acme/members/").content.decode()
    flagged = organization("globex").contacts.exclude(bounced_at=None).get()
    assert flagged.bounce == "550 5.1.1 =Unknown"
    assert flagged.email in at_work().get("/console/").content.decode()


def test_the_link_of_an_invitation_that_was_mailed_before_opens_it(copied):
    lines_of = {line["email"]: line for line in lines(copied.before["invitations.csv"])}
    assert lines_of["new@hire.example"]["generation"] == "1"
    hired = organization("acme").invitations.get(email="new@hire.example")
    assert hired.token_hash == lines_of["new@hire.example"]["token"] and hired.token() is None
    assert hired.invited_by.email == ADMIN and hired.is_open


def test_a_program_goes_on_by_its_secret_and_its_tokens_name_the_same(copied):
    client = Client()
    client.force_login(User.objects.get(email="admin@globex.example"))
    for connect in copied.programs:  # by the former secret and by the present one
        told = connect.read(connect.tokens(client)["id_token"])
    people = {line["email"]: line for line in lines(copied.before["accounts.csv"])}
    assert told["sub"] == people["admin@globex.example"]["account"]
    houses = {line["slug"]: line for line in lines(copied.before["organizations.csv"])}
    assert told["org_id"] == houses["globex"]["number"]


def test_the_keys_that_signed_sign_on(copied):
    kept = {line["kid"] for line in lines(copied.before["keys.csv"])}
    assert {SigningKey.objects.get().kid, TokenKey.objects.get().kid} == kept
    published = Client().get("/.well-known/forecourt-license-keys").json()
    assert published["keys"][0]["kid"] in kept
    assert SigningKey.objects.get().opened() and TokenKey.objects.get().opened()


def test_a_license_key_is_the_same_and_its_file_is_signed_by_the_same_key(copied):
    held = organization("acme").licenses.get(product__slug="deploy")
    there = {line["ref"]: line for line in lines(copied.before["licenses.csv"])}
    key = there[str(held.handle)]["key"]
    here = f"/o/acme/products/licenses/{held.pk}"
    assert key in signed_in(MOSS).post(f"{here}/key/").content.decode()
    content = said(signed_in(MOSS).get(f"{here}/file/").content.decode())
    assert content["fingerprint"] == hashlib.sha256(key.encode()).hexdigest()
    assert content["kid"] == SigningKey.objects.get().kid and content["license"] == str(held.handle)


def test_what_happened_is_told_as_it_was(copied):
    acme = organization("acme")
    issued = AuditEvent.objects.get(event="license.file_issued")
    moss = User.objects.get(email=MOSS)
    assert (issued.actor_id, issued.actor_label) == (str(moss.pk), MOSS)
    held = acme.licenses.get(product__slug="deploy")
    assert (issued.organization_id, issued.object_id) == (acme.pk, str(held.pk))
    page = Client()
    page.force_login(User.objects.get(email=ADMIN))
    assert "new@hire.example" in page.get("/o/acme/account/activity/").content.decode()


def test_who_has_an_account_already_is_invited_as_from_any_file(
    committed_world, settings, tmp_path, capsys
):
    everything(tmp_path / "before", WITH_SECRETS)
    new_portal(settings, tmp_path / "store")
    moss = create_account(email=MOSS, password="another sentence of mine")
    before = moss.password, moss.handle
    assert forecourt("import", tmp_path / "before", WITH_SECRETS) == 1
    told = capsys.readouterr().out
    assert "accounts.csv, line 4: Somebody has an account here" in told
    assert "memberships.csv, line 4: account: There is no account of this name here." in told
    moss.refresh_from_db()
    assert (moss.password, moss.handle) == before
    assert pending("acme", MOSS).is_unsent and not is_member("acme", MOSS)


@pytest.mark.parametrize("boundary", [60, 200, 400])
def test_killed_anywhere_it_is_the_same_when_it_is_run_again(
    committed_world, settings, tmp_path, boundary
):
    before = everything(tmp_path / "before", WITH_SECRETS)
    new_portal(settings, tmp_path / "store")
    assert killed_at(boundary, lambda: forecourt("import", tmp_path / "before", WITH_SECRETS), 0)
    assert forecourt("import", tmp_path / "before", WITH_SECRETS) == 0
    after = everything(tmp_path / "after", WITH_SECRETS)
    before.pop("activity.csv"), after.pop("activity.csv")
    assert after == before


def test_a_long_past_is_never_in_memory(committed_world, tmp_path):
    with transaction.atomic(), scope.organization(None), connection.cursor() as cursor:
        cursor.execute(
            "insert into core_auditevent (at, organization_id, actor_kind, actor_id, actor_label, event,"
            " object_kind, object_id, object_label, before, after)"
            " select now() + make_interval(secs => n / 3000), null, 'system', '', repeat('x', 300), 'x.y',"
            " 'x', '', repeat('y', 300), '{}', '{}' from generate_series(1, 30000) n"
        )
    tracemalloc.start()
    some = [piece.get("activity", b"").count(b"\r\n") for piece in pieces(with_secrets=True)]
    assert sum(some) == 30_000 and max(some) <= 1_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_only_its_user_reads_what_was_exported(committed_world, tmp_path):
    everything(tmp_path / "out", WITH_SECRETS)
    folders = [tmp_path / "out", tmp_path / "out" / "files"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folders}
    assert modes == {0o700}
    inside = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in inside} == {0o600}
