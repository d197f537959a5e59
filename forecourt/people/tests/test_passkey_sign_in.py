"""Signing in with a passkey: an honest device gets in, whatever lies does not."""

import pytest
from allauth.mfa.models import Authenticator

from forecourt.people.models import User
from tests.authenticator import Device, add, ask, asked_on, send
from tests.cast import PASSWORD

MOSS, ADMIN = "member@acme.example", "admin@acme.example"
HERE, STEP = "/accounts/passkey/", "/accounts/second-factor/"


@pytest.fixture
def laptop(world, browser, settings) -> Device:
    """The device of Moss, who has just made a passkey on it."""
    settings.PUBLIC_URL = "https://testserver"
    device = Device()
    assert add(browser(MOSS), device).status_code == 303
    return device


def who(client) -> str:
    """The address of whoever is signed in, "" for nobody."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else ""


def is_refused(client, answer) -> None:
    assert answer.status_code == 422 and who(client) == ""
    assert 'role="alert"' in answer.content.decode()


def test_a_passkey_signs_in_by_itself(laptop, browser):
    client = browser()
    answer = send(client, HERE, laptop.get(ask(client, HERE)), next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert who(client) == MOSS
    assert Authenticator.objects.get().last_used_at


LIES = {
    "a forged signature": {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
    "no signature": {"signature": b""},
    "another challenge": {"challenge": b"0" * 32},
    "another page": {"origin": "https://testserver.evil.example"},
    "a page below ours": {"origin": "https://evil.testserver"},
    "another port": {"origin": "https://testserver:8443"},
    "no page": {"origin": ""},
    "another portal's passkey": {"rp_id": "evil.example"},
    "nobody there": {"present": False},
    "nobody asked for face, finger or PIN": {"verified": False},
    "an answer to making one": {"type": "webauthn.create"},
    "nobody's": {"user": ""},
    "of an account that is not there": {"user": "OTk5OTk5OTk"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_does_not(laptop, browser, lie):
    client = browser()
    is_refused(client, send(client, HERE, laptop.get(ask(client, HERE), **LIES[lie])))
    send(client, HERE, laptop.get(ask(client, HERE)))
    assert who(client) == MOSS  # the truth from the same device does


def test_somebody_elses_passkey_opens_nothing_but_their_own_account(laptop, browser):
    phone = Device()
    add(browser(ADMIN), phone)
    client, theirs = browser(), phone.user
    is_refused(client, send(client, HERE, phone.get(ask(client, HERE), user=laptop.user)))
    phone.id = laptop.id
    is_refused(client, send(client, HERE, phone.get(ask(client, HERE), user=laptop.user)))
    is_refused(client, send(client, HERE, laptop.get(ask(client, HERE), user=theirs)))


def test_an_answer_is_good_once_and_in_its_own_browser(laptop, browser):
    client, thief = browser(), browser()
    answer = laptop.get(ask(client, HERE))
    ask(thief, HERE)
    is_refused(thief, send(thief, HERE, answer))
    is_refused(nobody := browser(), send(nobody, HERE, answer))
    send(client, HERE, answer)
    assert who(client) == MOSS
    client.post("/accounts/logout/")
    is_refused(client, send(client, HERE, answer))


def test_an_answer_to_an_older_question_is_refused(laptop, browser):
    client = browser()
    answer = laptop.get(ask(client, HERE))
    ask(client, HERE)
    is_refused(client, send(client, HERE, answer))


def test_a_question_that_asked_for_less_opens_no_account(laptop, browser):
    """The second step asks for no face, finger or PIN. Whoever found somebody's key must not take
    the question from the second step of an account of their own."""
    key = Device()
    add(browser(ADMIN), key, kind="key")
    thief = browser()
    thief.post("/accounts/login/", {"login": ADMIN, "password": PASSWORD})
    asked = asked_on(thief.get(STEP))
    is_refused(thief, send(thief, HERE, laptop.get(asked, verified=False)))
    send(thief, HERE, laptop.get(ask(thief, HERE)))
    assert who(thief) == MOSS


def test_what_was_made_just_now_is_no_answer_at_sign_in(laptop, browser):
    client = browser()
    asked = ask(client, HERE)
    made = Device().create({**asked, "user": {"id": laptop.user}, "rp": {"id": asked["rpId"]}})
    is_refused(client, send(client, HERE, made))


def test_a_security_key_does_not_sign_in_by_itself(laptop, browser):
    key = Device()
    assert add(browser(ADMIN), key, kind="key").status_code == 303
    client = browser()
    answer = send(client, HERE, key.get(ask(client, HERE)))
    is_refused(client, answer)
    assert "not known here" in answer.content.decode()


def test_a_disabled_accounts_passkey_leads_to_the_page_that_says_so(laptop, browser):
    User.objects.filter(email=MOSS).update(is_active=False)
    client = browser()
    answer = send(client, HERE, laptop.get(ask(client, HERE)))
    assert answer["Location"] == "/accounts/inactive/" and who(client) == ""


def test_a_passkey_that_was_removed_meanwhile_is_said_to_be_unknown(laptop, browser):
    client = browser()
    asked = ask(client, HERE)
    Authenticator.objects.all().delete()
    answer = send(client, HERE, laptop.get(asked))
    is_refused(client, answer)
    assert "not known here (any more)" in answer.content.decode()


def test_a_count_that_goes_backwards_signs_in_all_the_same(laptop, browser):
    """Passkeys that a password manager copies between devices count nothing."""
    for count in (7, 3, 0):
        client = browser()
        send(client, HERE, laptop.get(ask(client, HERE), count=count))
        assert who(client) == MOSS
