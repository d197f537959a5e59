"""The keys that sign license files: made at first need, published, replaced, sealed anew."""

import base64
import datetime as dt
import json
import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from forecourt.config.cli import main
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.products import actions
from forecourt.products.models import SigningKey
from forecourt.products.models.signing import thumbprint, written
from forecourt.products.tests.test_license_files import MEMBER, download, license_of, said

HERE = "/.well-known/forecourt-license-keys"
PRESENT = "0 rewritten, 1 under the present SECRET_KEY already, 0 that no known key opens."
HOUSE = System(label="a test")


def signs() -> SigningKey:
    return SigningKey.objects.get(retired_at=None)


def file_of_deploy() -> dict:
    return said(download(MEMBER, license_of("acme", "deploy")).content.decode())


def published(client: Client | None = None) -> list[str]:
    return [key["kid"] for key in (client or Client()).get(HERE).json()["keys"]]


def events() -> list[AuditEvent]:
    with transaction.atomic(), scope.organization(None):
        return list(AuditEvent.objects.filter(event="license.signing_key_made").order_by("pk"))


def retired(days: int) -> SigningKey:
    """A new key signs; the one before it was retired so many days ago."""
    former = actions.rotate_signing_key(HOUSE)
    actions.rotate_signing_key(HOUSE)
    long_ago = timezone.now() - dt.timedelta(days=days)
    SigningKey.objects.filter(pk=former.pk).update(retired_at=long_ago)
    return former


def test_the_first_file_makes_the_key(world):
    assert published() == []
    kid = file_of_deploy()["kid"]
    assert kid == file_of_deploy()["kid"] == signs().kid
    assert published() == [kid]
    (event,) = events()
    assert (event.organization_id, event.actor_kind, event.object_label) == (None, "system", kid)


def test_a_thumbprint_is_that_of_rfc_8037():
    public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_public_keys_are_there_for_everybody_without_a_session(db):
    key = actions.rotate_signing_key(HOUSE)
    answer = Client().get(HERE)
    assert answer["Content-Type"] == "application/jwk-set+json"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    (jwk,) = answer.json()["keys"]
    named = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": key.kid, "x": key.public}
    assert jwk == named
    again = Client().get(HERE, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    actions.rotate_signing_key(HOUSE)
    assert Client().get(HERE, headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_each_public_key_is_there_as_pem(db):
    key = actions.rotate_signing_key(HOUSE)
    answer = Client().get(f"{HERE}/{key.kid}.pem")
    assert answer.content.startswith(b"-----BEGIN PUBLIC KEY-----\n")
    assert answer["Cache-Control"] == "public, max-age=300"
    assert Client().get(f"{HERE}/{'A' * 43}.pem").status_code == 404


def test_the_private_half_is_sealed_and_nowhere_to_be_seen(db, caplog):
    key = actions.rotate_signing_key(HOUSE)
    raw = key.opened().private_bytes_raw()
    assert raw not in bytes(key.private)
    told = Client().get(HERE).content + Client().get(f"{HERE}/{key.kid}.pem").content
    told += json.dumps([event.after for event in events()]).encode() + caplog.text.encode()
    forms = raw.hex(), written(raw), base64.b64encode(raw).decode()
    assert not [form for form in forms if form.encode() in told]


def test_after_a_rotation_a_new_key_signs_and_the_former_is_published_on(world):
    former = file_of_deploy()["kid"]
    new = actions.rotate_signing_key(HOUSE).kid
    assert file_of_deploy()["kid"] == new != former
    assert published() == [new, former]
    assert Client().get(f"{HERE}/{former}.pem").status_code == 200
    assert SigningKey.objects.get(kid=former).private is None
    assert [(event.before, event.object_label) for event in events()] == [
        ({}, former),
        ({"kid": former}, new),
    ]


@pytest.mark.parametrize(("days", "there"), [(366 + 90, True), (366 + 90 + 2, False)])
def test_a_key_is_published_while_a_file_of_it_can_be_valid(db, days, there):
    former = retired(days)
    assert (former.kid in published()) is there
    status = Client().get(f"{HERE}/{former.kid}.pem").status_code
    assert status == (200 if there else 404)
    assert published()[0] == signs().kid


def test_the_database_lets_one_key_sign(db):
    actions.rotate_signing_key(HOUSE)
    with pytest.raises(IntegrityError, match="one_key_signs"), transaction.atomic():
        SigningKey.new().save()
    with pytest.raises(IntegrityError, match="private_half"), transaction.atomic():
        SigningKey.objects.update(retired_at=timezone.now())


def test_the_command_line_rotates(db, capsys):
    assert main(["signing-key", "rotate"]) == 0
    first = signs().kid
    assert main(["signing-key", "rotate"]) == 0
    assert f"{signs().kid} signs license files from now on." in capsys.readouterr().out
    assert published() == [signs().kid, first]
    assert events()[-1].actor_label == "forecourt signing-key rotate"


def test_where_the_secret_key_was_lost_a_new_key_signs_and_the_log_says_so(world, settings, caplog):
    former = file_of_deploy()["kid"]
    settings.SECRET_KEY = "another one, and the former is nowhere to be found"
    with caplog.at_level(logging.ERROR):
        new = file_of_deploy()["kid"]
    assert new != former
    assert f"no SECRET_KEY opens the signing key {former}" in caplog.text
    assert published() == [new, former]
    assert file_of_deploy()["kid"] == new


def test_database_reseal_brings_the_key_under_the_present_secret_key(world, settings, capsys):
    """By the action reseal_signing_keys."""

    def told() -> tuple[int, str]:
        code, lines = main(["database", "reseal"]), capsys.readouterr().out.splitlines()
        return code, next(line for line in lines if line.startswith("Signing keys: "))[14:]

    kid, former = file_of_deploy()["kid"], settings.SECRET_KEY
    assert told() == (0, PRESENT)
    settings.SECRET_KEY = "the one after it, of more than 32 characters"
    code, line = told()
    assert code == 1 and line.endswith(" 1 that no known key opens.")
    settings.SECRET_KEY_FALLBACKS = [former]
    code, line = told()
    assert code == 0 and line.startswith("1 rewritten, ")
    settings.SECRET_KEY_FALLBACKS = []
    assert told() == (0, PRESENT)
    assert file_of_deploy()["kid"] == kid
