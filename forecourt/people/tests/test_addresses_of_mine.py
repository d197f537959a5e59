"""The e-mail addresses of one's account: added, made primary, removed, and taken back. O29, A057–A059."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import override_settings

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.people.models import User
from forecourt.people.tests.watching import seen
from tests.cast import PASSWORD, code_in, text_of

MOSS, OTHER, TAKEN = "member@acme.example", "moss.other@example.com", "admin@globex.example"
ADDRESSES, VERIFY = "/profile/addresses/", "/accounts/verify/"


def another(user_email=MOSS, email=OTHER, verified=True):
    """An address that is on the account already."""
    user = User.objects.get(email=user_email)
    return EmailAddress.objects.create(user=user, email=email, verified=verified)


def primary():
    """Which of Moss's addresses is primary, by both of its witnesses."""
    row = EmailAddress.objects.get(user__name__startswith="Moss", primary=True)
    assert row.user.email == row.email
    return row.email


def taking_back(mailbox, who=MOSS):
    """The path of the link in the newest mail about a changed address."""
    mails = [mail for mail in mailbox.to(who) if "address of your account was" in mail["Subject"]]
    found = re.search(r"https?://[^/\s]+(/accounts/revert/\S+)", text_of(mails[-1]))
    assert found
    return found[1]


@pytest.fixture
def moss(world, browser):
    User.objects.filter(email=MOSS).update(name="Moss Cole")
    return browser(MOSS)


@pytest.fixture
def changed(moss, mailbox):
    """The way back, after the primary address was changed."""
    moss.post(f"{ADDRESSES}{another().pk}/")
    assert primary() == OTHER
    return taking_back(mailbox)


def test_a_new_address_is_told_of_at_the_primary_one(moss, mailbox):
    moss.post(ADDRESSES, {"email": OTHER})
    answer = moss.post(VERIFY, {"code": code_in(mailbox.to(OTHER)[-1])})
    assert answer["Location"] == "/profile/"
    assert EmailAddress.objects.get(email=OTHER).verified and primary() == MOSS
    assert OTHER in text_of(mailbox.to(MOSS)[-1])


def test_somebody_elses_address_looks_like_a_free_one_and_its_owner_is_told(moss, mailbox):
    """A125."""
    answers = []
    for email in ("freed@nobody.example", TAKEN):
        answer = moss.post(ADDRESSES, {"email": email})
        page = moss.get(VERIFY)
        wrong = moss.post(VERIFY, {"code": "AAAA-AAAA"})
        answers.append([seen(each, email) for each in (answer, page, wrong)])
    assert answers[0] == answers[1]
    assert mailbox.to(TAKEN)[-1]["Subject"].startswith("You already have an account")
    assert EmailAddress.objects.get(email=TAKEN).user.email == TAKEN


def test_an_address_without_its_code_cannot_be_primary(moss):
    address = another(verified=False)
    assert moss.post(f"{ADDRESSES}{address.pk}/").status_code == 422
    assert primary() == MOSS


def test_the_primary_address_cannot_be_removed(moss):
    mine = EmailAddress.objects.get(email=MOSS)
    assert moss.post(f"{ADDRESSES}{mine.pk}/removal/").status_code == 422
    assert primary() == MOSS


def test_another_address_is_removed_and_both_are_told(moss, mailbox):
    """remove_address."""
    address = another()
    assert moss.get(f"{ADDRESSES}{address.pk}/removal/").status_code == 200
    assert moss.post(f"{ADDRESSES}{address.pk}/removal/").status_code == 303
    assert not EmailAddress.objects.filter(email=OTHER).exists()
    for told in (MOSS, OTHER):
        assert OTHER in text_of(mailbox.to(told)[-1])


def test_the_former_primary_address_takes_the_account_back(moss, changed, browser, mailbox):
    """make_primary, restore_address, A059: the link alone changes nothing; its button ends all."""
    thief, anybody = browser(OTHER), browser()
    assert anybody.get(changed).status_code == 200 and primary() == OTHER
    assert anybody.post(changed).status_code == 200
    assert primary() == MOSS and not EmailAddress.objects.filter(email=OTHER).exists()
    assert [client.get("/profile/").status_code for client in (thief, moss)] == [302, 302]
    assert (
        anybody.post("/accounts/login/", {"login": OTHER, "password": PASSWORD}).status_code == 422
    )
    with scope.across_organizations("a test looks"):
        assert AuditEvent.objects.filter(event="person.primary_address_restored").count() == 1
    assert anybody.post(changed).status_code == 404  # once


def test_it_does_so_after_it_was_removed_and_others_were_added(moss, changed, browser):
    old = EmailAddress.objects.get(email=MOSS)
    moss.post(f"{ADDRESSES}{old.pk}/removal/")
    another(OTHER, "third@example.com")
    browser().post(changed)
    assert primary() == MOSS
    assert EmailAddress.objects.filter(user__email=MOSS).count() == 1


def test_it_does_not_once_somebody_else_has_proved_it(moss, changed, browser):
    EmailAddress.objects.filter(email=MOSS).delete()
    another("admin@acme.example", MOSS)
    assert browser().post(changed).status_code == 404
    assert primary() == OTHER


def test_a_link_that_is_old_or_made_up_is_dead_alike(moss, changed, browser):
    with override_settings(
        SECRET_KEY="another key of thirty-two characters", SECRET_KEY_FALLBACKS=[]
    ):
        made_up = f"/accounts/revert/{signing.dumps([1, MOSS, 1], salt='people.addresses')}/"
    token = changed.split("/")[3]
    pages = [browser().get(address) for address in (made_up, changed.replace(token, "x"))]
    with pytest.MonkeyPatch.context() as later:
        then = time.time() + 72 * 3600 + 1
        later.setattr("time.time", lambda: then)
        pages.append(browser().get(changed))
    assert [page.status_code for page in pages] == [404] * 3
    assert len({page.content for page in pages}) == 1 and primary() == OTHER


def test_nobody_adds_addresses_without_end(moss):
    answers = [
        moss.post(ADDRESSES, {"email": f"n{number}@new.example"}).status_code
        for number in range(11)
    ]
    assert answers == [303] * 10 + [429]
