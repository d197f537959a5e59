"""Forgotten and changed passwords: S6, D10, A064, A122–A124."""

import pytest

from forecourt.core.models import AuditEvent
from forecourt.people.models import Session, User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD, code_in

RESET, CODE, NEW = (f"/accounts/password/reset/{x}" for x in ("", "code/", "new/"))
CHANGE = "/accounts/password/change/"
KNOWN = "both@example.com"
SENTENCE = "a new sentence of mine"
TWICE = {"password1": SENTENCE, "password2": SENTENCE}


def may_sign_in(browser, password):
    answer = browser().post("/accounts/login/", {"login": KNOWN, "password": password})
    assert answer.status_code in (302, 422)
    return answer.status_code == 302


def test_forgot_password_by_code_ends_every_other_session(world, browser, mailbox):
    """S6, A064: from the link on the sign-in page to the new password; signed in here, nowhere
    else; the mail afterwards says that it happened."""
    others = [browser(KNOWN), browser(KNOWN)]
    visitor = browser()
    assert visitor.post(RESET, {"email": KNOWN})["Location"].startswith(CODE)
    answer = visitor.post(CODE, {"code": code_in(mailbox.to(KNOWN)[-1])})
    assert answer["Location"].startswith(NEW)
    visitor.post(NEW, TWICE)
    assert visitor.get("/organizations/").status_code == 200
    assert [other.get("/organizations/").status_code for other in others] == [302, 302]
    assert may_sign_in(browser, SENTENCE)
    assert not may_sign_in(browser, PASSWORD)
    assert any("was changed" in mail["Subject"] for mail in mailbox.to(KNOWN))


def test_changing_it_ends_every_other_session(world, browser, mailbox):
    """A064: with the old password; this browser stays, under a new session id."""
    here, other = browser(KNOWN), browser(KNOWN)
    before = here.cookies["session"].value
    assert here.post(CHANGE, {"oldpassword": PASSWORD, **TWICE}).status_code == 302
    assert here.get("/organizations/").status_code == 200
    assert other.get("/organizations/").status_code == 302
    assert here.cookies["session"].value != before
    assert Session.objects.filter(user__email=KNOWN).count() == 1
    assert may_sign_in(browser, SENTENCE)
    assert not may_sign_in(browser, PASSWORD)
    assert mailbox.to(KNOWN)
    mail_rows()
    event = AuditEvent.objects.filter(event="person.password_changed").latest("id")
    assert event.actor_label == KNOWN
    assert SENTENCE not in str(vars(event))


@pytest.mark.parametrize(
    "fields",
    [
        {"oldpassword": "wrong", **TWICE},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
        {"oldpassword": PASSWORD, "password1": SENTENCE, "password2": SENTENCE + "x"},
        {"oldpassword": PASSWORD, "password1": "nul\x00" * 5, "password2": "nul\x00" * 5},
        {"oldpassword": PASSWORD, "password1": "x" * 1_001, "password2": "x" * 1_001},
        {},
    ],
)
def test_a_bad_change_changes_nothing(world, browser, fields):
    """Bad input: 422, the old password stands, the other sessions go on."""
    here, other = browser(KNOWN), browser(KNOWN)
    assert here.post(CHANGE, fields).status_code == 422
    assert other.get("/organizations/").status_code == 200
    assert may_sign_in(browser, PASSWORD)


def test_the_steps_cannot_be_skipped(world, browser, mailbox):
    """A124: the last page without the code, in the same browser and in another."""
    visitor, other = browser(), browser()
    visitor.post(RESET, {"email": KNOWN})
    code = code_in(mailbox.to(KNOWN)[-1])
    assert visitor.post(NEW, TWICE)["Location"].startswith(CODE)
    assert other.post(NEW, TWICE)["Location"].startswith(RESET)
    assert other.post(CODE, {"code": code}).status_code == 302
    assert not may_sign_in(browser, SENTENCE)
    assert may_sign_in(browser, PASSWORD)


def test_the_newest_code_alone_works_and_only_once(world, browser, mailbox):
    """A122: of three mails the last; after it was used, none."""
    visitor = browser()
    codes = []
    for _time in range(3):
        visitor.post(RESET, {"email": KNOWN})
        codes.append(code_in(mailbox.to(KNOWN)[-1]))
    assert visitor.post(CODE, {"code": codes[0]}).status_code == 422
    assert visitor.post(CODE, {"code": codes[2]}).status_code == 302
    visitor.post(NEW, TWICE)
    again = browser()
    again.post(RESET, {"email": KNOWN})
    assert again.post(CODE, {"code": codes[2]}).status_code == 422


def test_three_wrong_codes_end_it(world, browser, mailbox):
    """A127: after that the right one does not work either."""
    visitor = browser()
    visitor.post(RESET, {"email": KNOWN})
    code = code_in(mailbox.to(KNOWN)[-1])
    for _time in range(3):
        visitor.post(CODE, {"code": "WRNG-CODE"})
    visitor.post(CODE, {"code": code})
    visitor.post(NEW, TWICE)
    assert may_sign_in(browser, PASSWORD)
    assert not may_sign_in(browser, SENTENCE)


def test_a_bad_new_password_is_a_sentence(world, browser, mailbox):
    """Bad input at the last step: 422, and the next try works."""
    visitor = browser()
    visitor.post(RESET, {"email": KNOWN})
    visitor.post(CODE, {"code": code_in(mailbox.to(KNOWN)[-1])})
    for bad in ("short", "password1234", "nul\x00" * 5, "x" * 1_001):
        assert visitor.post(NEW, {"password1": bad, "password2": bad}).status_code == 422
    assert visitor.post(NEW, TWICE).status_code == 302
    assert may_sign_in(browser, SENTENCE)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no address",
        "nul\x00@example.com",
        "x" * 300 + "@example.com",
        "a@b.example\r\nBcc: c@evil.example",
        "аdmin@example.com",
    ],
)
@pytest.mark.parametrize("path", [RESET, "/accounts/login/code/"])
def test_a_bad_address_is_a_sentence(world, browser, path, email):
    """Bad input: 422, nothing is mailed."""
    assert browser().post(path, {"email": email}).status_code == 422
    assert not mail_rows(kind__startswith="people.").exists()


def test_a_look_alike_address_resets_nobodys_password(world, browser):
    """A case-folding look-alike (a dotless i, a long s) is another address, or none."""
    for email in ("bo\u0131h@example.com", "both@example\u3002com", "both@\uff45xample.com"):
        browser().post(RESET, {"email": email})
    sent_to = set(mail_rows(kind__startswith="people.").values_list("to", flat=True))
    assert sent_to <= {KNOWN}


def test_somebody_without_a_password_can_set_one_by_their_mailbox(world, browser, mailbox):
    """S6, D10: as long as there is no provider, the mailbox is the only other way in."""
    user = User.objects.get(email=KNOWN)
    user.set_unusable_password()
    user.save()
    visitor = browser()
    visitor.post(RESET, {"email": KNOWN})
    visitor.post(CODE, {"code": code_in(mailbox.to(KNOWN)[-1])})
    visitor.post(NEW, TWICE)
    assert may_sign_in(browser, SENTENCE)
