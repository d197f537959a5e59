"""Accepting an invitation: S16, S19, S22–S28, D1, D11, D12, D13, O5, O6, O7, and no Google yet."""

import pytest
from django.db import connection

from forecourt.demo.world import HASH
from forecourt.members.tests.reading import FIRST, HERE, invite, page_words
from forecourt.people.models import Session, User
from tests.cast import (
    PASSWORD,
    is_member,
    link_of,
    membership,
    organization,
    pending,
    text_of,
)

INVITE = HERE + "invitations/"
NEW = "new.hire@acme.example"
SENTENCE = {"password": "a long sentence of mine", "name": "Kim Park"}


def test_the_page_names_the_organization_the_inviter_and_whom_to_ask(world, browser):
    """S22, S28: who invites, whom, to what, until when, and how to reach the vendor's people."""
    text = page_words(browser().get(link_of("acme", NEW)))
    for part in ("Join Acme", "Dana Avery", NEW, "as Member", "valid until", "help@lumen.example"):
        assert part in text, part


def test_with_no_account_a_password_creates_it_and_joins_in_one_go(world, browser):
    """S25, S19: after Continue one is signed in, a member, and sees the team."""
    kim = browser()
    answer = kim.post(link_of("acme", NEW) + "account/", SENTENCE)
    assert (answer.status_code, answer["Location"]) == (303, FIRST)
    assert "Dana Avery" in page_words(kim.get(HERE))
    assert membership("acme", NEW).role == "member"
    assert browser().post("/accounts/login/", {"login": NEW, "password": SENTENCE["password"]})[
        "Location"
    ]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "This field is required"),
        ("Tooshort7", "at least 12"),
        ("password1234", "too common"),
        ("new.hire@acme1", "too similar"),
        ("x" * 1_001, "1000 characters at most"),
        ("nul\x00 in a long sentence", "null"),
    ],
)
def test_a_bad_password_is_refused_and_the_name_is_kept(world, browser, password, sentence):
    """S25: a sentence and 422, no account, no membership; the name typed is still there."""
    people = User.objects.count()
    answer = browser().post(
        link_of("acme", NEW) + "account/", {"password": password, "name": "Kim Park"}
    )
    assert answer.status_code == 422
    assert sentence.lower() in page_words(answer).lower()
    assert 'value="Kim Park"' in answer.content.decode()
    assert password not in answer.content.decode() or not password
    assert User.objects.count() == people
    assert pending("acme", NEW)


@pytest.mark.parametrize(
    "name", ["nul\x00", "a\r\nBcc: x@evil.example", "bell\x07", "over\u202eride", "x" * 121]
)
def test_a_bad_name_is_refused(world, browser, name):
    """S25: control characters and too much text get a sentence, not an account."""
    answer = browser().post(link_of("acme", NEW) + "account/", {**SENTENCE, "name": name})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    "name", ["José Núñez", "Ḽơᶉëᶆ", "李小龍", "O'Brien-Smith", "نیلوفر‌آبی", "👩‍🚀"]
)
def test_names_of_all_people_are_taken(world, browser, name):
    """S25: the rule against control characters keeps nobody out."""
    answer = browser().post(link_of("acme", NEW) + "account/", {**SENTENCE, "name": name})
    assert answer.status_code == 303
    assert User.objects.get(email=NEW).name == name


@pytest.mark.parametrize("account", ["admin@globex.example", "nobody@example.com"])
def test_an_existing_account_logs_in_comes_back_and_presses_join(world, browser, account):
    """S23, S24, D11: also a bare account with no organization. No second account; signing in does
    not join; the button does; then the team is seen."""
    link, people = invite(browser, account), User.objects.count()
    visitor = browser()
    page = visitor.get(link)
    assert "Log In" in page_words(page)
    assert "Forgot password" in page_words(page)
    login = f"/accounts/login/?next={link.replace('/', '%2F')}"
    assert login in page.content.decode()
    answer = visitor.post(login, {"login": account, "password": PASSWORD, "next": link})
    assert answer["Location"] == link
    assert not is_member("acme", account)
    assert "Join Acme" in page_words(visitor.get(link))
    assert not is_member("acme", account)
    assert visitor.post(link + "acceptance/")["Location"] == FIRST
    assert is_member("acme", account)
    assert "Moss Calder" in page_words(visitor.get(HERE))
    assert User.objects.count() == people


def test_registering_where_an_account_exists_says_so(world, browser):
    """S27: the sentence, Log In and Forgot Password; the password set there before still holds."""
    link = invite(browser, "nobody@example.com")
    answer = browser().post(link + "account/", SENTENCE)
    assert answer.status_code == 422
    text = page_words(answer)
    assert "An account with this address exists" in text
    assert "Log In" in text
    assert "Forgot password" in text
    assert not is_member("acme", "nobody@example.com")
    browser("nobody@example.com")  # signs in with the old password, or fails


def test_signed_in_as_somebody_else_nothing_joins_and_one_may_switch(world, browser):
    """D1, O5: both addresses are shown; acceptance by hand is refused; "Switch account" signs out
    and returns to the invitation."""
    link, other = invite(browser, "nobody@example.com"), browser("admin@globex.example")
    page = other.get(link)
    for part in ("admin@globex.example", "nobody@example.com", "Switch account"):
        assert part in page_words(page)
    assert link + "acceptance/" not in page.content.decode()
    for path in ("acceptance/", "account/"):
        answer = other.post(link + path, SENTENCE)
        assert "Switch account" in page_words(answer)
    assert not is_member("acme", "admin@globex.example")
    assert not is_member("acme", "nobody@example.com")
    assert other.post(link + "switch/")["Location"] == link
    assert "Log In" in page_words(other.get(link))
    assert other.get("/o/globex/members/").status_code == 302


def test_the_email_field_of_the_form_is_not_read(world, browser):
    """D1: a forwarded link makes an account for the invited address or none."""
    answer = browser().post(
        link_of("acme", NEW) + "account/",
        {**SENTENCE, "email": "x@evil.example", "username": "x@evil.example", "role": "admin"},
    )
    assert answer.status_code == 303
    assert not User.objects.filter(email="x@evil.example").exists()
    assert membership("acme", NEW).role == "member"


def test_signing_in_alone_adopts_nobody(world, browser):
    """D11, A019: a pending invitation is no membership, however one signs in."""
    invite(browser, "nobody@example.com")
    nobody = browser("nobody@example.com")
    nobody.get("/")
    assert not is_member("acme", "nobody@example.com")
    assert nobody.get(HERE).status_code == 404


def test_accepting_without_signing_in_leads_back_to_the_page(world, browser):
    """D1: the button of somebody whose session ended in between."""
    link = invite(browser, "nobody@example.com")
    answer = browser().post(link + "acceptance/")
    assert (answer.status_code, answer["Location"]) == (303, link)
    assert not is_member("acme", "nobody@example.com")


def test_accepting_sends_a_welcome_and_tells_the_inviter_and_the_admins(world, browser, mailbox):
    """O25, A006: the person can object, those responsible see who came in."""
    member = browser("member@acme.example")
    member.post(INVITE, {"email": "kim@example.com"})
    browser().post(link_of("acme", "kim@example.com") + "account/", SENTENCE)
    letters = [
        x for x in mailbox.deliver() if "Kim Park" in x["Subject"] or "Welcome" in x["Subject"]
    ]
    assert sorted(x["To"] for x in letters) == [
        "admin@acme.example",
        "kim@example.com",
        "member@acme.example",
        "primary@acme.example",
    ]
    welcome = next(x for x in letters if x["To"] == "kim@example.com")
    assert "help@lumen.example" in text_of(welcome)


def test_the_role_is_computed_again_when_it_is_accepted(world, browser):
    """D2: an Admin's invitation of an Admin makes a Member once the inviter is one."""
    link = invite(browser, "nobody@example.com", role="admin")
    organization("acme").memberships.filter(user__email="admin@acme.example").update(role="member")
    browser("nobody@example.com").post(link + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "member"


def test_the_role_of_an_inviter_who_is_gone_is_nobodys(world, browser):
    """D2: the same where the inviter was removed."""
    link = invite(browser, "nobody@example.com", role="admin")
    organization("acme").memberships.filter(user__email="admin@acme.example").delete()
    browser("nobody@example.com").post(link + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "member"


def test_an_admins_invitation_stands_while_the_inviter_is_admin(world, browser):
    """D2: the honest version of the two above."""
    link = invite(browser, "nobody@example.com", role="admin")
    browser("nobody@example.com").post(link + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "admin"


def test_accepting_links_the_person_to_the_contact_of_the_same_address(world, browser):
    """D3: whoever is the primary contact by address gets its rights on becoming a member."""
    organization("initech")
    with connection.cursor() as cursor:
        cursor.execute("select set_config('forecourt.organization', '3', false)")
    admin = browser("admin@initech.example")
    admin.post("/o/initech/members/invitations/", {"email": "accounts@initech.example"})
    browser().post(link_of("initech", "accounts@initech.example") + "account/", SENTENCE)
    assert membership("initech", "accounts@initech.example").is_primary


def test_there_is_no_google_or_microsoft_yet(world, browser):
    """S4, S5, S26: the page offers no provider before there is one."""
    text = page_words(browser().get(link_of("acme", NEW)))
    assert "Google" not in text
    assert "Microsoft" not in text


def test_a_password_of_the_world_is_not_what_a_new_account_gets(world, browser):
    """S25: the account has the password that was typed, hashed with today's parameters."""
    browser().post(link_of("acme", NEW) + "account/", SENTENCE)
    kept = User.objects.get(email=NEW).password
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != HASH


def test_joining_gives_a_new_session(world, browser):
    """A066: a session id that somebody planted before is not the one that is signed in."""
    kim = browser()
    kim.get("/accounts/login/")
    session = kim.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    kim.cookies["session"] = planted
    kim.post(link_of("acme", NEW) + "account/", SENTENCE)
    assert kim.cookies["session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
