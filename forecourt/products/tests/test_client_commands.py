"""The vendor's staff let programs sign people in, by commands: `add_client`, `rotate_client_secret`,
`disable_client`, `rotate_token_key`."""

import datetime as dt
import re

import pytest
from allauth.idp.oidc.models import Client
from django.utils import timezone

from forecourt.config.cli import main
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.products.launching import token_keys
from forecourt.products.models import ProductClient, TokenKey
from forecourt.products.tests.programs import ADMIN, BACK, program
from forecourt.products.tests.test_license_commands import refused
from tests.cast import run_jobs

ADD = ["client", "add", "Connect", "--product", "connect", "--redirect", BACK]


def test_a_secret_is_shown_once_and_kept_as_its_hash_alone(world, capsys):
    """A118."""
    assert main(ADD) == 0
    secret = re.search(r"client_secret +(\S+)", capsys.readouterr().out)[1]
    made = ProductClient.objects.get()
    assert made.knows(secret) and secret not in made.client.secret
    with scope.across_organizations("a test looks"):
        noted = [row.after for row in AuditEvent.objects.all()]
    assert len(noted) == 2 and secret not in str(noted)
    assert main(["client", "list"]) == 0
    assert secret not in (said := capsys.readouterr().out) and made.client_id in said


def test_a_public_client_has_no_secret(world, capsys):
    assert main(["client", "add", "CLI", "--product", "deploy", "--public", "--device"]) == 0
    assert "secret" not in capsys.readouterr().out
    made = ProductClient.objects.get()
    assert made.client.type == Client.Type.PUBLIC and not made.knows("") and not made.knows("!")
    assert "no secret" in refused(capsys, "client", "rotate", made.client_id)


@pytest.mark.parametrize(
    "address",
    [
        *("http://connect.example/", "https://x.example/#part", "https://me@x.example/", "/here"),
        *("javascript:alert(1)", "https://*.example/", "data:text/html,x", "https://x .example/"),
        *("https://", "ftp://x.example/", "https://x.example\\@evil.example/", "https://[x/"),
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(world, capsys, address):
    """A109."""
    assert "whole address" in refused(capsys, *ADD[:-1], address)
    assert not Client.objects.exists()


def test_a_program_of_the_own_machine_may_have_a_scheme_of_its_own(world, capsys):
    """RFC 8252, 7."""
    mine = ["client", "add", "Desk", "--public", "--redirect", "example.desk:/done"]
    assert main(mine) == 0
    mine[2], mine[3] = "Desk 2", "--ask-consent"
    assert "whole address" in refused(capsys, *mine)


def test_a_client_needs_an_address_or_a_device_and_a_product_that_there_is(world, capsys):
    assert "an address" in refused(capsys, "client", "add", "Connect")
    assert "is public" in refused(capsys, "client", "add", "Connect", "--device")
    assert "no product" in refused(capsys, *ADD[:4], "x", *ADD[5:])
    assert main(ADD) == 0
    assert "of this name" in refused(capsys, *ADD)


def test_both_secrets_work_until_the_overlap_is_over(world, browser):
    connect = program()
    former, admin = connect.secret, browser(ADMIN)
    assert main(["client", "rotate", connect.client_id, "--overlap", "1"]) == 0
    code = connect.code(admin)
    assert connect.redeem(code).status_code == 200
    ProductClient.objects.update(former_until=timezone.now() - dt.timedelta(seconds=1))
    assert connect.redeem(connect.code(admin)).status_code == 401
    assert not ProductClient.objects.get().knows(former)


def test_a_disabled_client_gets_nothing_and_loses_what_it_had(world, browser):
    connect, admin = program(), browser(ADMIN)
    tokens = connect.tokens(admin)
    assert main(["client", "disable", connect.client_id]) == 0
    run_jobs()
    assert admin.get(connect.asks()).status_code == 400
    assert connect.refresh(tokens["refresh_token"]).status_code == 401
    assert connect.knows(tokens["access_token"]).status_code == 401
    with scope.across_organizations("a test looks"):
        assert AuditEvent.objects.filter(event="client.disabled").count() == 1


def test_the_next_key_is_published_a_day_before_it_signs(world, browser):
    connect, admin = program(), browser(ADMIN)
    assert main(["client", "rotate-key"]) == 0
    published = connect.http.get("/.well-known/jwks.json").json()["keys"]
    assert len(published) == 2 and all("d" not in key for key in published)
    before = token_keys.signer()
    TokenKey.objects.update(signs_from=timezone.now() - dt.timedelta(days=2))
    TokenKey.objects.filter(ends_at=None).update(signs_from=timezone.now())
    assert token_keys.signer().pem != before.pem
    assert connect.read(connect.tokens(admin)["id_token"])


def test_a_key_is_replaced_by_itself_after_90_days(world):
    program()
    TokenKey.objects.update(signs_from=timezone.now() - dt.timedelta(days=89))
    token_keys.keep_fresh()
    assert TokenKey.objects.count() == 1
    TokenKey.objects.update(signs_from=timezone.now() - dt.timedelta(days=91))
    token_keys.keep_fresh(), token_keys.keep_fresh()
    assert TokenKey.objects.count() == 2


def test_a_stolen_key_counts_no_more_at_once(world, browser):
    connect, admin = program(), browser(ADMIN)
    old = connect.tokens(admin)["id_token"]
    assert main(["client", "rotate-key", "--at-once"]) == 0
    with pytest.raises(KeyError):
        connect.read(old)
    assert connect.read(connect.tokens(admin)["id_token"])


def test_a_new_key_takes_the_place_of_one_that_no_secret_key_opens(world, browser, settings):
    """`reseal_token_keys` could not save it either."""
    connect, admin = program(), browser(ADMIN)
    TokenKey.objects.update(private=b"sealed with a key that is lost")
    assert connect.read(connect.tokens(admin)["id_token"])
    assert TokenKey.objects.count() == 2
