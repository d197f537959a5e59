"""Authenticator apps and recovery codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from forecourt.core.models import AuditEvent
from forecourt.people.models import User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD, text_of

MOSS = "member@acme.example"
APP, CODES, STEP = "/profile/authenticator/", "/profile/recovery-codes/", "/accounts/second-factor/"


def code_now(secret: str, steps: int = 0) -> str:
    """What an app shows whose clock is so many half minutes off."""
    time.sleep(max(0, 2 - (30 - time.time() % 30)))  # not where the step is about to end
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def moss(world, browser):
    """Moss, who has just set up an app; the secret is `moss.secret`, the codes `moss.codes`."""
    client = browser(MOSS)
    page = client.get(APP).content.decode()
    client.secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    answer = client.post(APP, {"code": code_now(client.secret, steps=-1)})
    assert answer["Location"] == CODES
    shown = client.get(CODES).content.decode()
    client.codes = re.search(r'<pre class="codes">(.*?)</pre>', shown, re.S)[1].split()
    return client


def first_step(browser):
    client = browser()
    answer = client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert answer["Location"] == STEP and "_auth_user_id" not in client.session
    return client


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_of_the_app_is_wanted_from_then_on(moss, browser):
    client = first_step(browser)
    assert "Second factor" in client.get(STEP).content.decode()
    assert client.post(STEP, {"code": "000000"}).status_code == 422 and not signed_in(client)
    client.post(STEP, {"code": code_now(moss.secret)})
    assert signed_in(client)


def test_a_code_is_good_once(moss, browser):
    """A131: also when it is typed with a gap."""
    code = code_now(moss.secret)
    first_step(browser).post(STEP, {"code": code})
    second = first_step(browser)
    second.post(STEP, {"code": f"{code[:3]} {code[3:]}"})
    assert not signed_in(second)


def test_recovery_codes_are_shown_once_and_work_once(moss, browser):
    assert len(moss.codes) == 10
    assert moss.codes[0] not in moss.get(CODES).content.decode()
    first, again = first_step(browser), first_step(browser)
    first.post(STEP, {"code": moss.codes[0]})
    again.post(STEP, {"code": moss.codes[0]})
    assert signed_in(first) and not signed_in(again)
    assert "9 left" in moss.get("/profile/").content.decode()


def used(mailbox) -> list[str]:
    """What the mails about recovery codes that were used say, in one line each."""
    found = [mail for mail in mailbox.to(MOSS) if "recovery code of" in mail["Subject"]]
    return [" ".join(text_of(mail).split()) for mail in found]


def test_a_recovery_code_that_signs_in_is_told_by_mail_with_how_many_are_left(
    moss, browser, mailbox
):
    client = first_step(browser)
    client.post(STEP, {"code": "000000"})
    assert used(mailbox) == []
    client.post(STEP, {"code": moss.codes[0]})
    (told,) = used(mailbox)
    assert "Codes that are left: 9" in told and "/profile/#sessions" in told
    assert not [code for code in moss.codes if code in told]
    mail_rows()  # opens the house's scope
    noted = AuditEvent.objects.get(event="person.recovery_code_used")
    assert (noted.actor_label, noted.after["left"]) == (MOSS, 9)


def test_so_is_one_that_confirms_and_the_last_one_asks_for_new_ones(moss, mailbox):
    for code in moss.codes:
        assert moss.post("/accounts/reauthenticate/code/", {"code": code}).status_code == 302
    told = used(mailbox)
    assert len(told) == 10 and "Codes that are left: 9" in told[0]
    assert "Codes that are left: 0" in told[-1] and "It was the last one" in told[-1]


def test_new_recovery_codes_end_the_old(moss, browser):
    moss.post(CODES + "new/")
    client = first_step(browser)
    client.post(STEP, {"code": moss.codes[1]})
    assert not signed_in(client)


def test_nothing_of_a_factor_lies_open_in_the_database(moss):
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert moss.secret not in kept and not [code for code in moss.codes if code in kept]
    told = " ".join(f"{row.before} {row.after}" for row in AuditEvent.objects.all())
    assert moss.secret not in told


def test_turning_it_off_needs_no_code_any_more_and_ends_other_sessions(moss, browser):
    other = first_step(browser)
    other.post(STEP, {"code": moss.codes[2]})
    assert moss.post(APP + "removal/").status_code == 302
    assert other.get("/profile/").status_code == 302
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert signed_in(client) and not Authenticator.objects.exists()


def test_a_new_password_does_not_take_the_factor_off(moss, browser):
    """A131."""
    moss.get("/accounts/password/change/")
    form = {"oldpassword": PASSWORD, "password1": "another long sentence"}
    form["password2"] = form["password1"]
    assert moss.post("/accounts/password/change/", form).status_code == 302
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": form["password1"]})
    assert not signed_in(client)


def test_tries_are_limited(moss, browser):
    """A127: five wrong codes close the step, also to the right one."""
    client = first_step(browser)
    for _try in range(6):
        client.post(STEP, {"code": "000000"})
    client.post(STEP, {"code": code_now(moss.secret)})
    assert not signed_in(client)


def test_a_passkey_alone_demands_nothing(world, browser):
    """A passkey is a way in, not a second factor."""
    user = User.objects.get(email=MOSS)
    key = {"name": "Laptop", "credential": {}, "passkey": True}
    Authenticator.objects.create(user=user, type="webauthn", data=key)
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert signed_in(client)
