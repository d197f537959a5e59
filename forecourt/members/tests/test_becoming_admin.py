"""An invitation that makes an Admin needs the address proved by a code: O7, S14, D1, D2."""

import pytest
from django.core.cache import cache

from forecourt.core.refusals import Refused
from forecourt.members.actions import accept_with_new_account, start_organization
from forecourt.members.actors import Invitee
from forecourt.members.tests.reading import FIRST, HERE, invite, page_words
from forecourt.people.models import User
from tests.cast import (
    code_in,
    is_member,
    link_in,
    membership,
    organization,
    pending,
    text_of,
)

SENTENCE = {"password": "a long sentence of mine", "name": "Kim Park"}
KIM = "kim@example.com"


def test_the_link_alone_makes_no_admin_the_code_does(world, browser, mailbox):
    """O7: Continue mails a code; with it one is signed in, back on the invitation; the button
    joins as Admin."""
    link, kim = invite(browser, KIM, role="admin"), browser()
    answer = kim.post(link + "account/", SENTENCE)
    assert answer["Location"] == "/accounts/verify/"
    assert not is_member("acme", KIM)
    code = code_in(mailbox.to(KIM)[-1])
    answer = kim.post("/accounts/verify/", {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, link)
    assert not is_member("acme", KIM)
    assert "Join Acme" in page_words(kim.get(link))
    assert kim.post(link + "acceptance/")["Location"] == FIRST
    assert membership("acme", KIM).role == "admin"
    assert User.objects.get(email=KIM).name == "Kim Park"


def test_a_wrong_code_makes_nothing(world, browser, mailbox):
    """O7: three wrong codes end the attempt; the invitation stays open."""
    link, thief = invite(browser, KIM, role="admin"), browser()
    thief.post(link + "account/", SENTENCE)
    for _time in range(3):
        assert thief.post("/accounts/verify/", {"code": "WRONG1"}).status_code in (302, 422)
    assert thief.get(HERE).status_code == 302
    assert not is_member("acme", KIM)
    assert browser().get(link).status_code == 200
    cache.clear()  # as ten seconds later
    real = browser()
    real.post(link + "account/", SENTENCE)
    code = code_in(mailbox.to(KIM)[-1])
    assert real.post("/accounts/verify/", {"code": code})["Location"] == link


def test_pressing_continue_again_gives_a_new_code_and_one_account(world, browser, mailbox):
    """O7: a code that was lost stops nobody; nothing is left over."""
    link = invite(browser, KIM, role="admin")
    browser().post(link + "account/", SENTENCE)
    cache.clear()  # as ten seconds later
    again = browser()
    again.post(link + "account/", {**SENTENCE, "password": "another long sentence"})
    code = code_in(mailbox.to(KIM)[-1])
    assert again.post("/accounts/verify/", {"code": code})["Location"] == link
    assert User.objects.filter(email=KIM).count() == 1
    signs_in = browser().post(
        "/accounts/login/", {"login": KIM, "password": "another long sentence"}
    )
    assert signs_in.status_code == 302


def test_pressing_it_twice_within_seconds_spoils_nothing(world, browser, mailbox):
    """O7, A076: the second press waits; the code of the first still works."""
    link, kim = invite(browser, KIM, role="admin"), browser()
    kim.post(link + "account/", SENTENCE)
    assert browser().post(link + "account/", SENTENCE).status_code == 429
    (message,) = [x for x in mailbox.to(KIM) if "/invitations/" not in text_of(x)]
    assert kim.post("/accounts/verify/", {"code": code_in(message)})["Location"] == link


def test_an_existing_account_has_proved_its_address_already(world, browser):
    """O7, S23: Log In and the button are enough."""
    link = invite(browser, "nobody@example.com", role="admin")
    browser("nobody@example.com").post(link + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "admin"


def test_an_account_that_only_ever_held_a_link_confirms_the_address_first(world, browser, mailbox):
    """O7: a Member's link made the account; an Admin's place elsewhere needs the mailbox."""
    kim = browser()
    kim.post(invite(browser, KIM) + "account/", SENTENCE)
    mailbox.deliver()
    start_organization("Umbra Works", KIM)
    link = link_in(mailbox.to(KIM)[-1])
    assert "Mail me a code" in page_words(kim.get(link))
    assert kim.post(link + "acceptance/").status_code == 422
    waiting = f"/invitations/{pending('umbra-works', KIM).pk}/acceptance/"
    assert kim.post(waiting).status_code == 422
    assert not is_member("umbra-works", KIM)

    answer = kim.post(link + "confirmation/")
    assert answer["Location"].startswith("/accounts/login/code/confirm/")
    answer = kim.post(answer["Location"], {"code": code_in(mailbox.to(KIM)[-1])})
    assert answer["Location"] == link
    kim.post(link + "acceptance/")
    assert membership("umbra-works", KIM).role == "admin"


def test_the_first_admin_of_a_new_organization(world, browser, mailbox):
    """O27, D2: the vendor's word stands: the role is not computed from a person."""
    start_organization("Umbra Works", "first@umbra.example")
    organization("umbra-works")
    (message,) = mailbox.to("first@umbra.example")
    assert "Umbra Works" in message["Subject"]
    first, link = browser(), link_in(message)
    first.post(link + "account/", SENTENCE)
    first.post("/accounts/verify/", {"code": code_in(mailbox.to("first@umbra.example")[-1])})
    first.post(link + "acceptance/")
    one = membership("umbra-works", "first@umbra.example")
    assert one.role == "admin"
    assert one.is_primary


def test_the_action_itself_makes_no_admin_of_a_password(world, browser):
    """O7: whichever door should call it some day."""
    invite(browser, KIM, role="admin")
    with pytest.raises(Refused, match="confirm your address"):
        accept_with_new_account(Invitee(pending("acme", KIM)), password=SENTENCE["password"])
    assert not User.objects.filter(email=KIM).exists()
