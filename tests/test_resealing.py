"""`forecourt database reseal`: after a change of SECRET_KEY, the former one can go.

Behind it are the actions reseal_factors, reseal_signing_keys and reseal_mails.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction

from forecourt.config.cli import main
from forecourt.core import mail, scope, sealing
from forecourt.core.models import AuditEvent
from forecourt.people.models import User
from forecourt.people.tests.test_second_factors import (  # noqa: F401
    MOSS,
    STEP,
    code_now,
    first_step,
    moss,
    signed_in,
)
from forecourt.people.tests.watching import mail_rows
from tests.cast import code_in, organization
from tests.racing import start, wait_until

RESEAL = ["database", "reseal"]
NONE = "0 rewritten, 0 under the present SECRET_KEY already, 0 that no known key opens."


@pytest.fixture
def change_key(settings):
    """Another SECRET_KEY; the one before is still known until it is dropped."""

    def change(*, drop: bool = False) -> None:
        if drop:
            settings.SECRET_KEY_FALLBACKS = []
        else:
            settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
            settings.SECRET_KEY = "another key, as long as it has to be"

    return change


def noted() -> list[AuditEvent]:
    mail_rows()  # opens the house's scope
    return list(AuditEvent.objects.filter(event="portal.resealed").order_by("pk"))


def test_the_apps_code_and_a_recovery_code_sign_in_without_the_former_key(
    moss,  # noqa: F811
    browser,
    change_key,
    capsys,
):
    change_key()
    assert main(RESEAL) == 0
    assert "Second factors: 2 rewritten, 0 under" in capsys.readouterr().out
    change_key(drop=True)
    for code in (code_now(moss.secret), moss.codes[0]):
        client = first_step(browser)
        client.post(STEP, {"code": code})
        assert signed_in(client)
    (row,) = noted()
    assert (row.actor_kind, row.actor_label) == ("system", "forecourt database reseal")
    assert (row.object_kind, row.after["rewritten"]) == ("authenticator", 2)


def test_a_second_run_changes_nothing(moss, change_key, capsys):  # noqa: F811
    change_key()
    main(RESEAL)
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert main(RESEAL) == 0
    assert "0 rewritten, 2 under the present SECRET_KEY already" in capsys.readouterr().out
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
    assert len(noted()) == 1


def test_what_no_known_key_opens_is_named_and_stops_nothing_else(
    moss,  # noqa: F811
    change_key,
    capsys,
):
    lost = Authenticator.objects.get(type="totp")
    lost.data["secret"] = "sealed with a key of long ago"
    lost.save()
    change_key()
    assert main(RESEAL) == 1
    told = capsys.readouterr()
    assert "1 rewritten, 0 under the present SECRET_KEY already, 1 that no known key" in told.out
    assert f"opens mfa_authenticator {lost.pk}:" in told.err and "FALLBACKS" in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert Authenticator.objects.get(type="totp").data == lost.data


def test_many_are_rewritten_in_batches_with_an_audit_row_each(world, change_key):
    people = User.objects.bulk_create(User(email=f"p{n}@new.example") for n in range(130))
    sealed = {"secret": sealing.seal({"text": "GEZDGNBVGY3TQOJQ"}).decode()}
    Authenticator.objects.bulk_create(
        Authenticator(user=user, type="totp", data=sealed) for user in people
    )
    change_key()
    assert main(RESEAL) == 0
    assert [row.after["rewritten"] for row in noted()] == [100, 30]
    change_key(drop=True)
    for factor in Authenticator.objects.all():
        assert sealing.unseal(factor.data["secret"].encode()) == {"text": "GEZDGNBVGY3TQOJQ"}


def test_codes_that_wait_to_be_mailed_arrive(world, browser, mailbox, change_key, capsys):
    client = browser()
    client.post("/accounts/login/code/", {"email": MOSS})
    change_key()
    assert main(RESEAL) == 0
    told = capsys.readouterr().out
    assert f"Second factors: {NONE}" in told and "Mails that wait: 1 rewritten" in told
    change_key(drop=True)
    assert len(code_in(mailbox.to(MOSS)[-1])) == 9
    assert main(RESEAL) == 0 and f"Mails that wait: {NONE}" in capsys.readouterr().out


def test_so_do_those_of_an_organization(world, change_key):
    with transaction.atomic(), scope.organization(1):
        row = mail.queue("people.login_code", MOSS, organization_id=1, secrets={"code": "ABCD"})
    change_key()
    assert main(RESEAL) == 0
    change_key(drop=True)
    assert organization("acme").pk == 1
    row.refresh_from_db()
    assert sealing.unseal(row.sealed) == {"code": "ABCD"}
    event = AuditEvent.objects.get(event="portal.resealed")
    assert (event.organization_id, event.object_label) == (1, "several")


def test_a_code_that_is_used_meanwhile_stays_used(committed_world, change_key):
    sealed = {"secret": sealing.seal({"text": "x"}).decode()}
    user = User.objects.get(email=MOSS)
    app = Authenticator.objects.create(user=user, type="totp", data=sealed)
    change_key()
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=app.pk)
        thread = start(lambda: main(RESEAL), {}, 0)
        wait_until(1)
        held.data["used_step"] = 7
        held.save()
    thread.join(20)
    app.refresh_from_db()
    assert app.data["used_step"] == 7 and app.data["secret"] != sealed["secret"]
