"""A key as the second step of signing in, and on "Confirm that it is you"."""

import pytest
from allauth.mfa.models import Authenticator

from tests.authenticator import Device, add, ask, asked_on, send
from tests.cast import PASSWORD, prove

MOSS, ADMIN = "member@acme.example", "admin@acme.example"
STEP, CONFIRM = "/accounts/second-factor/", "/accounts/reauthenticate/key/"


@pytest.fixture
def key(world, browser, settings) -> Device:
    """The security key of Moss."""
    settings.PUBLIC_URL = "https://testserver"
    device = Device()
    add(browser(MOSS), device, kind="key", name="Blue key")
    return device


def first_step(browser, who: str = MOSS):
    client = browser()
    answer = client.post("/accounts/login/", {"login": who, "password": PASSWORD})
    assert answer["Location"] == STEP and not is_in(client)
    return client


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_after_the_password_the_key_is_asked_for(key, browser):
    client = first_step(browser)
    asked = asked_on(client.get(STEP))
    assert len(asked["allowCredentials"]) == 1
    send(client, STEP, key.get(asked, verified=False))  # a touch is enough
    assert is_in(client) and client.get("/profile/").status_code == 200


LIES = {
    "a forged signature": {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
    "another challenge": {"challenge": b"0" * 32},
    "a page below ours": {"origin": "https://evil.testserver"},
    "another portal's key": {"rp_id": "evil.example"},
    "nobody there": {"present": False},
    "an answer to making one": {"type": "webauthn.create"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_goes_no_further(key, browser, lie):
    client = first_step(browser)
    answer = send(client, STEP, key.get(asked_on(client.get(STEP)), **LIES[lie]))
    assert answer.status_code == 422 and not is_in(client)
    send(client, STEP, key.get(asked_on(answer)))
    assert is_in(client)


def test_somebody_elses_key_goes_no_further(key, browser):
    theirs = Device()
    add(browser(ADMIN), theirs, kind="key")
    client = first_step(browser)
    answer = send(client, STEP, theirs.get(asked_on(client.get(STEP))))
    assert answer.status_code == 422 and not is_in(client)
    other = first_step(browser, ADMIN)
    send(other, STEP, theirs.get(asked_on(other.get(STEP))))
    assert is_in(other)


def test_an_answer_is_good_once(key, browser):
    client, again = first_step(browser), first_step(browser)
    answer = key.get(asked_on(client.get(STEP)))
    again.get(STEP)
    send(again, STEP, answer)
    send(client, STEP, answer)
    assert is_in(client) and not is_in(again)


def test_a_key_that_was_removed_while_the_step_waits_goes_no_further(key, browser):
    spare, client, elsewhere = Device(), first_step(browser), first_step(browser)
    asked = asked_on(client.get(STEP))
    send(elsewhere, STEP, key.get(asked_on(elsewhere.get(STEP))))
    add(elsewhere, spare, kind="key")
    lost = Authenticator.objects.get(data__name="Blue key")
    assert elsewhere.post(f"/profile/keys/{lost.pk}/removal/").status_code == 303
    answer = send(client, STEP, key.get(asked))
    assert not is_in(client) and "not known here (any more)" in answer.content.decode()
    send(client, STEP, spare.get(asked_on(answer)))
    assert is_in(client)


def test_five_wrong_answers_close_the_step_to_the_right_one_too(key, browser):
    """A127."""
    client = first_step(browser)
    for _try in range(6):
        send(client, STEP, key.get(asked_on(client.get(STEP)), challenge=b"0" * 32))
    answer = send(client, STEP, key.get(asked_on(client.get(STEP))))
    assert not is_in(client) and "Too many" in answer.content.decode()


def test_a_passkey_answers_the_second_step_too(key, browser):
    passkey, client = Device(), first_step(browser)
    send(client, STEP, key.get(asked_on(client.get(STEP))))
    add(client, passkey)
    other = first_step(browser)
    send(other, STEP, passkey.get(asked_on(other.get(STEP))))
    assert is_in(other)


@pytest.fixture
def stale(key, browser):
    """Moss, signed in with the key a while ago."""
    client = first_step(browser)
    send(client, STEP, key.get(asked_on(client.get(STEP))))
    prove(client, "password", minutes_ago=16)
    return client


def test_the_key_confirms_who_one_is_and_what_was_asked_goes_on(key, stale):
    assert stale.get("/profile/authenticator/").status_code == 302
    answer = send(stale, CONFIRM, key.get(ask(stale, CONFIRM)), next="/profile/authenticator/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/authenticator/")
    assert stale.get("/profile/authenticator/").status_code == 200


def test_where_a_second_factor_is_demanded_a_lie_does_not_bring_less(key, stale):
    answer = key.get(ask(stale, CONFIRM), challenge=b"0" * 32)
    page = send(stale, CONFIRM, answer, strong="1")
    assert page.status_code == 422 and 'name="password"' not in page.content.decode()
    page = stale.get("/accounts/reauthenticate/?strong=1").content.decode()
    assert page.count('name="strong"') == 2  # in the key's form and the code's


def test_an_answer_confirms_once(key, stale):
    answer = key.get(ask(stale, CONFIRM))
    assert send(stale, CONFIRM, answer).status_code == 302
    prove(stale, "password", minutes_ago=16)
    assert send(stale, CONFIRM, answer).status_code == 422
    assert stale.get("/profile/authenticator/").status_code == 302


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_confirms_nothing(key, stale, lie):
    answer = send(stale, CONFIRM, key.get(ask(stale, CONFIRM), **LIES[lie]))
    assert answer.status_code == 422 and stale.get("/profile/authenticator/").status_code == 302


def test_a_stranger_confirms_nothing_with_a_key_of_their_own(key, stale, browser):
    theirs = Device()
    add(browser(ADMIN), theirs, kind="key")
    answer = send(stale, CONFIRM, theirs.get(ask(stale, CONFIRM), user=key.user))
    assert answer.status_code == 422 and stale.get("/profile/authenticator/").status_code == 302
