"""The primary contact's rights go with the change and a proved address, and with nothing else: S42, D3,
D13, A094. Every way on which an address comes to an account is walked here."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from forecourt.account.tests.contacts import (
    ADD,
    ADMIN,
    KIM,
    MEMBER,
    PENCIL,
    PRIMARY,
    STRANGER,
    contact,
    path,
    primary,
)
from forecourt.account.tests.test_primary_contact import rights, vacate
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import PRIMARY_GRANTS
from forecourt.people.models import User
from tests.cast import (
    PASSWORD,
    code_in,
    is_member,
    link_of,
    membership,
    organization,
    run_jobs,
    signed_in,
    text_of,
)
from tests.openid import walk

PERSON = {"name": "Kim", "email": STRANGER, "password1": "a long sentence of mine"}
INVITATIONS = "/o/acme/members/invitations/"


def is_vacant() -> bool:
    """Whether no member has the rights: then Admins may change who has them."""
    run_jobs()
    house = organization("acme")
    holders = Membership.objects.filter(organization=house, contact=house.primary_contact)
    return (
        not holders.exists() and PENCIL in signed_in(ADMIN).get("/o/acme/account/").content.decode()
    )


def registering(browser, openid) -> None:
    browser().post("/accounts/signup/", PERSON)


def registering_in_another_case(browser, openid) -> None:
    browser().post("/accounts/signup/", {**PERSON, "email": STRANGER.upper()})


def a_provider_whose_word_does_not_count(browser, openid) -> None:
    walk(browser(), "microsoft", STRANGER)


def a_provider_that_says_unverified(browser, openid) -> None:
    openid.bend("google", "unverified")
    walk(browser(), "google", STRANGER)


def a_member_who_adds_it_and_does_not_prove_it(browser, openid) -> None:
    browser(MEMBER).post("/profile/addresses/", {"email": STRANGER})


def a_member_who_links_an_identity_that_has_it(browser, openid) -> None:
    member = browser(MEMBER)
    walk(member, "google", STRANGER, process="connect", next="/profile/")
    assert User.objects.get(email=MEMBER).socialaccount_set.count() == 1


def a_member_whose_identity_has_it_by_now(browser, openid) -> None:
    member = browser(MEMBER)
    walk(member, "google", MEMBER, subject="moss", process="connect")
    again = browser()
    walk(again, "google", STRANGER, subject="moss")
    assert again.session["_auth_user_id"] == str(User.objects.get(email=MEMBER).pk)


def a_new_person_without_a_membership(browser, openid) -> None:
    walk(browser(), "google", STRANGER)
    assert EmailAddress.objects.get(email=STRANGER).verified


WAYS: list[Callable] = [
    registering,
    registering_in_another_case,
    a_provider_whose_word_does_not_count,
    a_provider_that_says_unverified,
    a_member_who_adds_it_and_does_not_prove_it,
    a_member_who_links_an_identity_that_has_it,
    a_member_whose_identity_has_it_by_now,
    a_new_person_without_a_membership,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nobody_gets_the_rights_by(world, browser, openid, way):
    vacate()
    way(browser, openid)
    assert is_vacant() and primary() == STRANGER and rights(MEMBER) == set()


@pytest.mark.parametrize(
    "like_it", ["kim+1@new.example", "k.im@new.example", "kim@new.example.org"]
)
def test_an_address_that_looks_like_it_is_another_one(world, browser, mailbox, like_it):
    """Also when it is proved."""
    vacate()
    prove_by_code(browser, mailbox, like_it)
    assert EmailAddress.objects.get(email=like_it).verified and is_vacant()


def prove_by_code(browser, mailbox, email: str = STRANGER) -> None:
    member = browser(MEMBER)
    member.post("/profile/addresses/", {"email": email})
    code = code_in(next(m for m in reversed(mailbox.to(email)) if "code" in m["Subject"]))
    member.post("/accounts/verify/", {"code": code})


def test_who_came_by_a_provider_has_them_once_they_join(world, browser, openid):
    """S41: the address is proved by Google, and the invitation makes a member of them."""
    vacate()
    guest = browser()
    walk(guest, "google", STRANGER)
    signed_in(ADMIN).post(INVITATIONS, {"email": STRANGER})
    guest.post(link_of("acme", STRANGER) + "acceptance/")
    assert rights(STRANGER) == PRIMARY_GRANTS


def test_who_proves_what_a_provider_only_said_has_them_once_they_join(
    world, browser, openid, mailbox
):
    """The code counts, the provider's word does not."""
    vacate()
    guest = browser()
    walk(guest, "microsoft", STRANGER)
    signed_in(ADMIN).post(INVITATIONS, {"email": STRANGER})
    guest.post(link_of("acme", STRANGER) + "acceptance/")
    assert not is_member("acme", STRANGER) and is_vacant()
    mails = [m for m in mailbox.to(STRANGER) if "code" in m["Subject"].lower()]
    guest.post("/accounts/verify/", {"code": code_in(mails[-1])})
    guest.post(link_of("acme", STRANGER) + "acceptance/")
    assert rights(STRANGER) == PRIMARY_GRANTS


def test_who_takes_an_account_back_proves_the_address_by_it(world, browser, mailbox):
    """The link that undoes a change of address comes from that mailbox: the address is proved anew, and
    the contact with it is met."""
    prove_by_code(browser, mailbox)
    address = EmailAddress.objects.get(email=STRANGER)
    member = signed_in(MEMBER)
    member.post(f"/profile/addresses/{address.pk}/", {})
    old = EmailAddress.objects.get(email=MEMBER)
    member.post(f"/profile/addresses/{old.pk}/removal/", {})
    news = [m for m in mailbox.to(MEMBER) if "/accounts/revert/" in text_of(m)]
    signed_in(PRIMARY).post(PENCIL, {**KIM, "email": MEMBER})
    assert is_vacant()
    browser().post(re.search(r"/accounts/revert/\S+", text_of(news[-1]))[0])
    run_jobs()
    assert rights(MEMBER) == PRIMARY_GRANTS


def test_the_rights_of_a_signed_in_person_end_where_the_change_ends_them(world, browser):
    """A094: in their session, with the old address still theirs and proved."""
    before = browser()
    before.post("/accounts/login/", {"login": PRIMARY, "password": PASSWORD})
    assert before.post(PENCIL, KIM).status_code == 303
    assert EmailAddress.objects.get(email=PRIMARY).verified
    assert before.post(PENCIL, KIM).status_code == 403 and rights(PRIMARY) == set()


def test_an_entry_that_was_a_members_takes_nobody_along(world, browser):
    """Its address becomes somebody else's, and then it the primary one."""
    browser(ADMIN).post(ADD, {**KIM, "email": MEMBER})
    assert membership("acme", MEMBER).contact == contact(MEMBER)
    browser(ADMIN).post(path(MEMBER), KIM)
    assert membership("acme", MEMBER).contact is None
    vacate()
    assert is_vacant() and rights(MEMBER) == set()
