"""An account on an address that nobody proved: whoever proves it gets the account, and nothing of
what a stranger had set on it. A041, A042, A043."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from forecourt.people.models import Session, User
from tests.authenticator import HERE, Device, add, ask, send
from tests.cast import code_in, signed_in
from tests.openid import PORTAL, walk

OWNER, SECOND = "owner@new.example", "stranger@evil.example"
PASSWORD = "the stranger's long sentence"
SIGN_IN = "/accounts/passkey/"


class Stranger:
    """Has put all they can on the owner's address, and is still signed in."""

    def __init__(self, browser, settings) -> None:
        walk(browser(), "google", OWNER, subject="stranger")
        user = User.objects.get(email=OWNER)
        EmailAddress.objects.filter(user=user).update(verified=False)
        EmailAddress.objects.create(user=user, email=SECOND, verified=False)
        user.set_password(PASSWORD)
        user.save()
        settings.PUBLIC_URL = HERE  # from here on; the provider knows the portal by another
        self.client, self.passkey, self.key = signed_in(OWNER), Device(), Device()
        assert add(self.client, self.passkey).status_code == 303
        assert add(self.client, self.key, kind="key").status_code == 303
        data = {"secret": "x"}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


@pytest.fixture
def stranger(world, browser, openid, settings) -> Stranger:
    made = Stranger(browser, settings)
    assert made.client.get("/profile/").status_code == 200
    assert [Authenticator.objects.count(), SocialAccount.objects.count()] == [4, 1]
    return made


def by_mailed_code(browser, mailbox):
    client = browser()
    client.post("/accounts/login/code/", {"email": OWNER})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mailbox.to(OWNER)[-1])})
    return client


def by_a_new_password(browser, mailbox):
    client, new = browser(), "the owner's long sentence"
    client.post("/accounts/password/reset/", {"email": OWNER})
    client.post("/accounts/password/reset/code/", {"code": code_in(mailbox.to(OWNER)[-1])})
    client.post("/accounts/password/reset/new/", {"password1": new, "password2": new})
    return client


@pytest.mark.parametrize("way", [by_mailed_code, by_a_new_password])
def test_the_owner_comes_and_all_that_is_the_strangers_is_gone(stranger, browser, mailbox, way):
    user, owner = User.objects.get(email=OWNER), way(browser, mailbox)
    assert owner.get("/profile/").status_code == 200  # and was asked for no factor
    assert owner.session["_auth_user_id"] == str(user.pk)
    assert not Authenticator.objects.exists() and not SocialAccount.objects.exists()
    assert [each.email for each in EmailAddress.objects.filter(user=user)] == [OWNER]
    assert not User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert [each.pk for each in Session.objects.filter(user=user)] == [owner.session.session_key]


def test_no_way_of_the_stranger_leads_in_any_more(stranger, browser, mailbox, settings):
    by_mailed_code(browser, mailbox)
    assert stranger.client.get("/profile/").status_code == 302
    by_password, by_key, by_google = browser(), browser(), browser()
    by_password.post("/accounts/login/", {"login": OWNER, "password": PASSWORD})
    for device in (stranger.passkey, stranger.key):
        send(by_key, SIGN_IN, device.get(ask(by_key, SIGN_IN)))
    settings.PUBLIC_URL = PORTAL
    assert walk(by_google, "google", OWNER, subject="stranger")["Location"] == "/accounts/link/"
    for client in (by_password, by_key, by_google):
        assert "_auth_user_id" not in client.session


def test_a_stranger_who_waits_for_the_code_waits_in_vain(stranger, browser, mailbox):
    """They had given the right password, and the address alone was still to be proved."""
    waiting = browser()
    form = {"login": OWNER, "password": PASSWORD}
    assert waiting.post("/accounts/login/", form)["Location"] == "/accounts/verify/"
    by_mailed_code(browser, mailbox)
    for address in ("/accounts/verify/", "/accounts/second-factor/", "/accounts/passkey/sign-up/"):
        waiting.get(address)
        waiting.post(address, {"code": "ABCDEF"})
    assert "_auth_user_id" not in waiting.session


def test_an_address_that_was_proved_before_keeps_what_is_on_the_account(stranger, browser, mailbox):
    EmailAddress.objects.filter(email=OWNER).update(verified=True)
    client = by_mailed_code(browser, mailbox)
    assert "_auth_user_id" not in client.session  # asked for a factor
    assert Authenticator.objects.count() == 4 and SocialAccount.objects.count() == 1
