"""Confirming with a mailed code: for whoever has nothing else, and for nobody else. O26."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache

from forecourt.people.accounts import create_account
from forecourt.people.models import User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD, code_in, prove

KIM, LEE = "kim@new.example", "lee@new.example"
PAGE, SEND = "/accounts/reauthenticate/", "/accounts/reauthenticate/mail/"
ENTER, WANTED = SEND + "code/", "/profile/keys/add/"


@pytest.fixture
def enter(world, browser, mailbox):
    """Somebody with nothing but a mailbox, whose proof of 16 minutes ago is stale."""

    def sign_in(address: str):
        create_account(email=address, password=None)
        client = browser()
        client.post("/accounts/login/code/", {"email": address})
        client.post("/accounts/login/code/confirm/", {"code": code_in(mailbox.to(address)[-1])})
        prove(client, "code", minutes_ago=16)
        cache.clear()
        return client

    return sign_in


@pytest.fixture
def kim(enter):
    return enter(KIM)


def mailed(client, mailbox, address: str = KIM) -> str:
    """Have a code mailed; the code."""
    answer = client.post(SEND, {"next": WANTED})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{PAGE}?next=%2Fprofile%2Fkeys%2Fadd%2F",
    )
    assert mailbox.to(address)[-1]["Subject"] == "Your code to confirm that it is you"
    return code_in(mailbox.to(address)[-1])


def is_fresh(client) -> bool:
    return client.get(WANTED).status_code == 200


def test_a_code_is_mailed_entered_on_the_same_page_and_leads_on(kim, mailbox):
    there = kim.get(WANTED)["Location"]
    assert "Mail me a code" in kim.get(there).content.decode()
    code = mailed(kim, mailbox)
    assert 'name="code"' in kim.get(there).content.decode()
    answer = kim.post(ENTER, {"code": f" {code.lower()} ", "next": WANTED})
    assert (answer.status_code, answer["Location"]) == (302, WANTED)
    assert is_fresh(kim)
    proof = kim.session["account_authentication_methods"][-1]
    assert (proof["method"], proof["email"], proof["reauthenticated"]) == ("code", KIM, True)


def test_what_was_asked_is_done_after_it(kim, mailbox):
    there = kim.post("/profile/addresses/", {"email": LEE})["Location"]
    kim.post(SEND, {"next": "/profile/addresses/"})
    code = code_in(mailbox.to(KIM)[-1])
    assert kim.post(ENTER, {"code": code, "next": "/profile/addresses/"}).status_code == 303
    assert there.startswith(PAGE) and mailbox.to(LEE)


def test_a_first_password_can_be_set_after_it(kim, mailbox):
    form = {"password1": "a long sentence of mine", "password2": "a long sentence of mine"}
    assert PAGE in kim.post("/accounts/password/set/", form)["Location"]
    kim.post(ENTER, {"code": mailed(kim, mailbox)})
    assert kim.post("/accounts/password/set/", form).status_code == 302
    assert User.objects.get(email=KIM).has_usable_password()


def test_the_code_lies_open_neither_in_the_queue_nor_in_the_session(kim):
    """D14."""
    kim.post(SEND)
    row = mail_rows(kind="people.confirm_code").get()
    assert row.sealed and "code" not in row.values and row.values["minutes"] == 3
    assert not re.search("[A-Z]{4}-[A-Z]{4}", str(dict(kim.session.items())))


def test_a_wrong_code_proves_nothing_and_the_third_ends_it(kim, mailbox):
    """A127: then not even the right one works."""
    code = mailed(kim, mailbox)
    for said in ("Incorrect code", "Incorrect code", "no longer good", "no longer good"):
        answer = kim.post(ENTER, {"code": "WRNG-CODE", "next": WANTED})
        assert answer.status_code == 422 and said in answer.content.decode()
    assert kim.post(ENTER, {"code": code}).status_code == 422
    assert not is_fresh(kim)
    kim.post(ENTER, {"code": mailed(kim, mailbox)})
    assert is_fresh(kim)


def test_a_code_is_good_for_three_minutes(kim, mailbox):
    code = mailed(kim, mailbox)
    session = kim.session
    kept = session["people_mailed_proof"]
    session["people_mailed_proof"] = {**kept, "at": kept["at"] - 181}
    session.save()
    assert "no longer good" in kim.post(ENTER, {"code": code}).content.decode()
    assert not is_fresh(kim)


def test_a_code_proves_once(kim, mailbox):
    code = mailed(kim, mailbox)
    kim.post(ENTER, {"code": code})
    prove(kim, "code", minutes_ago=16)
    assert kim.post(ENTER, {"code": code}).status_code == 422
    assert not is_fresh(kim)


def test_a_newer_code_ends_the_one_before(kim, mailbox):
    first, second = mailed(kim, mailbox), mailed(kim, mailbox)
    assert kim.post(ENTER, {"code": first}).status_code == 422 and not is_fresh(kim)
    kim.post(ENTER, {"code": second})
    assert is_fresh(kim)


def test_anothers_code_proves_nothing(kim, enter, mailbox):
    """Nor does one of another browser, nor what was kept in a session that is another's by now."""
    lee = enter(LEE)
    hers, his = mailed(kim, mailbox), mailed(lee, mailbox, LEE)
    assert kim.post(ENTER, {"code": his}).status_code == 422
    session = lee.session
    session["people_mailed_proof"] = kim.session["people_mailed_proof"]
    session.save()
    assert lee.post(ENTER, {"code": hers}).status_code == 422
    assert not is_fresh(kim) and not is_fresh(lee)


def test_a_code_to_a_former_address_proves_nothing(kim, mailbox):
    code = mailed(kim, mailbox)
    User.objects.filter(email=KIM).update(email=LEE)
    assert kim.post(ENTER, {"code": code}).status_code == 422
    assert not is_fresh(kim)


def test_codes_are_limited_as_those_to_sign_in(kim, mailbox):
    for _time in range(3):
        assert kim.post(SEND).status_code == 303
    assert kim.post(SEND).status_code == 429


@pytest.mark.parametrize("has", ["password", "app", "key", "provider"])
def test_whoever_has_anything_else_gets_none_and_none_counts(kim, mailbox, has, settings, openid):
    code = mailed(kim, mailbox)
    user = User.objects.get(email=KIM)
    if has == "password":
        user.set_password(PASSWORD)
        User.objects.filter(pk=user.pk).update(password=user.password)
        kim.force_login(user)
        prove(kim, "code", minutes_ago=16)
    elif has == "provider":
        SocialAccount.objects.create(user=user, provider="google", uid="x")
    else:
        kind = {"app": "totp", "key": "webauthn"}[has]
        Authenticator.objects.create(user=user, type=kind, data={"name": "a key"})
    before = len(mailbox.to(KIM))
    assert "Mail me a code" not in kim.get(f"{PAGE}?next={WANTED}").content.decode()
    assert kim.post(SEND).status_code == 403 and len(mailbox.to(KIM)) == before
    assert kim.post(ENTER, {"code": code}).status_code == 403
    assert not is_fresh(kim)


def test_it_is_not_offered_where_an_organization_wants_a_second_factor(kim):
    assert "Mail me a code" not in kim.get(f"{PAGE}?strong=1").content.decode()
