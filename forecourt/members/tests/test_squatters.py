"""Accounts on an address that was never proved do not count: D13, A021, A022."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from forecourt.members.tests.reading import FIRST, HERE, invite, page_words
from forecourt.people.models import Session, User
from tests.cast import PASSWORD, code_in, is_member, membership

KIM = "kim@example.com"
SENTENCE = {"password": "a long sentence of mine", "name": "Kim Park"}
SQUATTERS = "the squatter's long password"


@pytest.fixture
def squatter(world, browser):
    """A browser that signed up with Kim's address and could not verify it."""
    made = browser()
    answer = made.post(
        "/accounts/signup/", {"email": KIM, "password1": SQUATTERS, "name": "Squatter"}
    )
    assert answer["Location"] == "/accounts/verify/"
    return made


def test_a_squatter_gets_no_session_and_sees_no_invitation(squatter, browser):
    """D13: signing up is not proving; nothing of an organization is shown."""
    link = invite(browser, KIM)
    assert squatter.get("/organizations/").status_code == 302
    assert squatter.get(HERE).status_code == 302
    page = page_words(squatter.get(link))
    assert "Choose a password" in page  # to the page there is no such account
    assert squatter.post(link + "acceptance/").status_code == 303
    assert not is_member("acme", KIM)


def test_accepting_by_the_link_wipes_what_the_squatter_set(squatter, browser):
    """D13, S25: the account is new: password, name, other addresses and sessions are gone."""
    old = User.objects.get(email=KIM)
    EmailAddress.objects.create(user=old, email="squatter@evil.example", verified=False)
    waiting = Session.objects.create(
        session_key="squatters-session-of-kim",
        session_data="",
        expire_date="2099-01-01T00:00Z",
        user=old,
    )
    assert browser().post(invite(browser, KIM) + "account/", SENTENCE)["Location"] == FIRST
    kim = membership("acme", KIM).user
    assert kim.pk != old.pk
    assert kim.name == "Kim Park"
    assert not User.objects.filter(pk=old.pk).exists()
    assert not Session.objects.filter(pk=waiting.pk).exists()
    assert list(EmailAddress.objects.filter(user=kim).values_list("email", flat=True)) == [KIM]
    assert not EmailAddress.objects.filter(email="squatter@evil.example").exists()
    login = browser().post("/accounts/login/", {"login": KIM, "password": SQUATTERS})
    assert login.status_code == 422


def test_the_squatters_code_from_before_is_worth_nothing(squatter, browser, mailbox):
    """D13: the page that waits for a code cannot bring the account back."""
    code = code_in(mailbox.to(KIM)[-1])
    browser().post(invite(browser, KIM) + "account/", SENTENCE)
    squatter.post("/accounts/verify/", {"code": code})
    assert squatter.get(HERE).status_code == 302
    assert squatter.get("/organizations/").status_code == 302
    assert User.objects.filter(email=KIM).count() == 1


def test_a_second_unverified_address_of_a_real_account_is_dropped(world, browser):
    """D13, A022: an account that lives by another address stays, its claim does not."""
    globex = User.objects.get(email="admin@globex.example")
    EmailAddress.objects.create(user=globex, email=KIM, verified=False)
    link, other = invite(browser, KIM), browser("admin@globex.example")
    assert "Switch account" in page_words(other.get(link))
    other.post(link + "acceptance/")
    assert not is_member("acme", "admin@globex.example")
    browser().post(link + "account/", SENTENCE)
    assert is_member("acme", KIM)
    assert User.objects.filter(pk=globex.pk).exists()
    assert not EmailAddress.objects.filter(user=globex, email=KIM).exists()


@pytest.mark.parametrize("door", ["code", "reset"])
def test_a_code_from_the_mailbox_wipes_it_too(squatter, browser, mailbox, door):
    """D13: signing in by code, or forgot password, on a squatted account: the owner of the
    mailbox comes in, the squatter's password does not work any more."""
    owner = browser()
    if door == "code":
        owner.post("/accounts/login/code/", {"email": KIM})
        owner.post("/accounts/login/code/confirm/", {"code": code_in(mailbox.to(KIM)[-1])})
    else:
        owner.post("/accounts/password/reset/", {"email": KIM})
        owner.post("/accounts/password/reset/code/", {"code": code_in(mailbox.to(KIM)[-1])})
        new = {"password1": "a sentence by the owner", "password2": "a sentence by the owner"}
        owner.post("/accounts/password/reset/new/", new)
    assert owner.get("/organizations/").status_code == 200
    for password in (SQUATTERS, PASSWORD):
        answer = browser().post("/accounts/login/", {"login": KIM, "password": password})
        assert answer.status_code == 422


def test_whoever_verifies_first_is_the_one(squatter, browser, mailbox):
    """D13: two sign-ups on one address: the one with the code stays, the other goes."""
    cache.clear()  # as ten seconds later
    real = browser()
    real.post("/accounts/signup/", {"email": KIM, "password1": "a sentence by the owner"})
    real.post("/accounts/verify/", {"code": code_in(mailbox.to(KIM)[-1])})
    assert real.get("/organizations/").status_code == 200
    assert EmailAddress.objects.filter(email=KIM).count() == 1
    assert (
        browser().post("/accounts/login/", {"login": KIM, "password": SQUATTERS}).status_code == 422
    )
    assert (
        browser()
        .post("/accounts/login/", {"login": KIM, "password": "a sentence by the owner"})
        .status_code
        == 302
    )
