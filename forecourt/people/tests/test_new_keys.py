"""Making passkeys and security keys: what is kept, and what is refused."""

import os

import pytest
from allauth.mfa.models import Authenticator

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from tests.authenticator import Device, add, ask, send
from tests.cast import PASSWORD, code_in, prove, text_of

MOSS, ADMIN = "member@acme.example", "admin@acme.example"
PASSKEY, KEY = "/profile/keys/add/?kind=passkey", "/profile/keys/add/?kind=key"


@pytest.fixture
def moss(world, browser, settings):
    """The browser of Moss."""
    settings.PUBLIC_URL = "https://testserver"
    return browser(MOSS)


def is_refused(answer, sentence: str = "") -> None:
    assert answer.status_code == 422 and not Authenticator.objects.exists()
    assert (sentence or "did not work") in answer.content.decode()


def test_a_passkey_is_kept_told_and_noted(moss, mailbox):
    answer = add(moss, Device(), name="Laptop")
    assert (answer.status_code, answer["Location"]) == (303, "/profile/")
    key = Authenticator.objects.get(user__email=MOSS)
    assert key.data["passkey"] and key.data["name"] == "Laptop"
    assert "Laptop" in text_of(mailbox.to(MOSS)[-1])
    with scope.across_organizations("a test looks"):
        assert AuditEvent.objects.get(event="person.factor_added").person_id == key.user_id


def test_a_security_key_comes_with_recovery_codes_that_are_shown_at_once(moss):
    answer = add(moss, Device(), kind="key")
    assert (answer.status_code, answer["Location"]) == (303, "/profile/recovery-codes/")
    assert not Authenticator.objects.get(type="webauthn").data["passkey"]
    assert 'class="codes"' in moss.get(answer["Location"]).content.decode()


def test_a_key_without_a_name_is_called_by_its_device(moss):
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    moss.defaults["HTTP_USER_AGENT"] = phone
    add(moss, Device(), name="")
    assert "iPhone" in Authenticator.objects.get().data["name"]


LIES = {
    "another challenge": {"challenge": b"0" * 32},
    "another page": {"origin": "https://evil.example"},
    "a page below ours": {"origin": "https://evil.testserver"},
    "another portal's key": {"rp_id": "evil.example"},
    "nobody there": {"present": False},
    "nobody asked for face, finger or PIN": {"verified": False},
    "an answer of sign-in": {"type": "webauthn.get"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_makes_no_passkey(moss, lie):
    is_refused(send(moss, PASSKEY, Device().create(ask(moss, PASSKEY), **LIES[lie])))
    assert add(moss, Device()).status_code == 303


def test_a_passkey_that_the_device_would_forget_is_none(moss):
    made = Device().create(ask(moss, PASSKEY), resident=False)
    is_refused(send(moss, PASSKEY, made), "cannot keep a passkey")


def test_a_keys_name_has_at_most_1023_bytes(moss):
    """As the standard has it; the index would not take much more."""
    is_refused(add(moss, Device(os.urandom(1024))))
    is_refused(add(moss, Device(os.urandom(4_500))))
    assert add(moss, Device(os.urandom(1023))).status_code == 303


@pytest.mark.parametrize("odd", [7, "x", [7], {"credProps": 7}, {"credProps": {"rk": []}}])
def test_odd_extensions_are_none(moss, odd):
    answer = Device().create(ask(moss, PASSKEY))
    status = send(moss, PASSKEY, {**answer, "clientExtensionResults": odd}).status_code
    assert status == (303 if odd == {"credProps": {"rk": []}} else 422)


def test_a_question_for_a_security_key_makes_no_passkey(moss):
    """A security key need not ask for face, finger or PIN; a passkey must."""
    made = Device().create(ask(moss, KEY), verified=False)
    is_refused(send(moss, PASSKEY, made), "cannot keep a passkey")
    assert send(moss, KEY, Device().create(ask(moss, KEY), verified=False)).status_code == 303


def test_an_answer_makes_a_key_once_and_in_its_own_browser(moss, browser):
    other = browser(ADMIN)
    made = Device().create(ask(moss, PASSKEY))
    is_refused(send(other, PASSKEY, made))
    ask(other, PASSKEY)
    is_refused(send(other, PASSKEY, made))
    assert send(moss, PASSKEY, made).status_code == 303
    moss.post(f"/profile/keys/{Authenticator.objects.get().pk}/removal/")
    is_refused(send(moss, PASSKEY, made))


@pytest.mark.parametrize("who", [MOSS, ADMIN])
@pytest.mark.parametrize("kind", ["passkey", "key"])
def test_a_key_belongs_to_one_account_once(moss, browser, who, kind):
    device = Device()
    add(moss, device)
    copied = Device(device.id)
    answer = add(browser(who), copied, kind=kind)
    assert answer.status_code == 422
    assert "belongs to an account already" in answer.content.decode()
    assert Authenticator.objects.count() == 1


def test_a_stale_session_confirms_before_it_is_told_what_to_ask(moss):
    prove(moss, "password", minutes_ago=15.1)
    asking = moss.get(PASSKEY, headers={"X-Requested-With": "XMLHttpRequest"})
    assert asking["Location"].startswith("/accounts/reauthenticate/")
    moss.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert add(moss, Device()).status_code == 303


def test_a_person_signs_up_with_a_passkey(moss, browser, mailbox):
    client, device, new = browser(), Device(), "ada.new@example.com"
    client.post("/accounts/signup/passkey/", {"name": "Ada Newell", "email": new})
    answer = client.post("/accounts/verify/", {"code": code_in(mailbox.to(new)[-1])})
    here = "/accounts/passkey/sign-up/"
    assert answer["Location"] == here and "Create a passkey" in client.get(here).content.decode()
    is_refused(send(client, here, device.create(ask(client, here), verified=False)))
    assert "_auth_user_id" not in client.session
    assert send(client, here, device.create(ask(client, here))).status_code == 302
    assert "_auth_user_id" in client.session
    again = browser()
    send(again, "/accounts/passkey/", device.get(ask(again, "/accounts/passkey/")))
    assert again.get("/profile/").status_code == 200


def test_nobody_makes_a_passkey_for_an_address_that_is_not_proved(moss, browser):
    client = browser()
    client.post("/accounts/signup/passkey/", {"name": "Ada", "email": "ada.new@example.com"})
    answer = client.get("/accounts/passkey/sign-up/")
    assert answer.status_code == 302 and not Authenticator.objects.exists()


def test_of_the_last_way_in_a_sentence_is_left(moss):
    """A054: and nothing is removed."""
    add(moss, Device())
    key = Authenticator.objects.get()
    key.user.set_unusable_password()
    key.user.save()
    # (Another password ends the session.)
    moss.force_login(key.user)
    prove(moss, "mfa", id=key.pk)
    answer = moss.post(f"/profile/keys/{key.pk}/removal/")
    assert answer.status_code == 422 and "only way in" in answer.content.decode()
    add(moss, Device(), name="Phone")
    assert moss.post(f"/profile/keys/{key.pk}/removal/").status_code == 303
    assert Authenticator.objects.get().data["name"] == "Phone"
