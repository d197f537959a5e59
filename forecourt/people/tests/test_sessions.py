"""Sessions: O30, D6, A065, A066, A071; and the limits of trying: A127, A128."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.people.models import Session, User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
KNOWN = "nobody@example.com"


def test_signing_out_kills_the_cookie_on_the_server(world, browser):
    """A065: the copied cookie leads to sign-in, and its row is gone."""
    visitor, copy = browser(KNOWN), browser()
    copy.cookies["session"] = visitor.cookies["session"].value
    assert copy.get("/organizations/").status_code == 200
    visitor.post("/accounts/logout/")
    assert copy.get("/organizations/").status_code == 302
    assert not Session.objects.filter(user__email=KNOWN).exists()


def test_signing_out_needs_a_post(world, browser):
    """D11: a GET asks and ends nothing."""
    visitor = browser(KNOWN)
    assert visitor.get("/accounts/logout/").status_code == 200
    assert visitor.get("/organizations/").status_code == 200


def test_signing_in_changes_the_session_id_and_the_csrf_secret(world, browser):
    """A066: what somebody planted before is worth nothing after."""
    visitor = browser()
    visitor.get(LOGIN)
    session = visitor.session
    session["planted"] = "1"
    session.save()
    planted, csrf = session.session_key, visitor.cookies["csrf"].value
    visitor.cookies["session"] = planted
    visitor.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert visitor.cookies["session"].value != planted
    assert visitor.cookies["csrf"].value != csrf
    thief = browser()
    thief.cookies["session"] = planted
    assert thief.get("/organizations/").status_code == 302


def test_another_person_in_the_same_browser_gets_nothing_of_the_first(world, browser):
    """A067: signing in over a session flushes it."""
    visitor = browser(KNOWN)
    first = visitor.cookies["session"].value
    visitor.post("/accounts/logout/")
    visitor.post(LOGIN, {"login": "admin@acme.example", "password": PASSWORD})
    assert visitor.cookies["session"].value != first
    assert visitor.get("/o/acme/members/").status_code == 200


def test_a_session_ends_after_the_vendors_days(world, browser, settings):
    """O30: ten days by default, in the cookie and in the row."""
    visitor = browser(KNOWN)
    assert visitor.cookies["session"]["max-age"] == 10 * 24 * 60 * 60
    row = Session.objects.get(user__email=KNOWN)
    assert abs(row.expire_date - timezone.now() - dt.timedelta(days=10)) < dt.timedelta(minutes=1)
    Session.objects.update(expire_date=timezone.now())
    assert visitor.get("/organizations/").status_code == 302


def test_the_cookie_is_for_this_site_and_no_script(world, browser):
    """What the session's cookie says about itself; the CSRF cookie too."""
    visitor = browser()
    visitor.get(LOGIN)
    visitor.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    for name in ("session", "csrf"):
        morsel = visitor.cookies[name]
        assert morsel["samesite"] == "Lax"
        assert morsel["httponly"]
        assert not morsel["domain"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "x" * 8,
        "'; drop table people_session --",
        "x" * 10_000,
        '"\\000\\000\\000\\000\\000\\000\\000\\000\\000"',
        "äöüäöüäöü",
        "ÿ" * 9,
    ],
)
def test_an_invented_cookie_is_nobody(world, browser, value):
    """Bad input in the cookie: sign-in, never a 500."""
    visitor = browser()
    answer = visitor.get("/organizations/", headers={"Cookie": f"session={value}"})
    assert answer.status_code in (302, 400)


def test_pages_about_a_person_are_kept_in_no_cache(world, browser):
    """A071: nor in the browser's, after signing out."""
    visitor = browser("member@acme.example")
    for path in ("/organizations/", "/o/acme/members/", "/o/acme/account/"):
        assert "no-store" in visitor.get(path)["Cache-Control"]


def test_a_form_without_its_token_changes_nothing(world):
    """CSRF: a page that says what to do, in every room and at the doors."""
    from tests.cast import Browser

    visitor = Browser(enforce_csrf_checks=True)
    for path in (LOGIN, "/accounts/signup/", "/theme/", "/invitations/x/account/"):
        answer = visitor.post(path, {"login": KNOWN, "password": PASSWORD})
        assert answer.status_code == 403
        assert "out of date" in answer.content.decode()


def test_five_wrong_passwords_make_the_account_wait_not_the_others(world, browser):
    """A127, A128: counted by the address in whatever spelling; another account is not slowed."""
    for number in range(5):
        spelling = "NOBODY@example.com" if number % 2 else KNOWN
        answer = browser().post(LOGIN, {"login": spelling, "password": "wrong wrong wrong"})
        assert answer.status_code == 422
    answer = browser().post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert answer.status_code in (422, 429)
    assert "Too many" in answer.content.decode()
    browser("admin@acme.example")


def test_twenty_wrong_passwords_make_an_address_wait(world, browser):
    """A127: one try on each of many accounts, from one address; from another it goes on."""
    for number in range(20):
        fields = {"login": f"p{number}@example.com", "password": "wrong wrong wrong"}
        assert browser(REMOTE_ADDR="198.51.100.7").post(LOGIN, fields).status_code == 422
    fields = {"login": KNOWN, "password": PASSWORD}
    slowed = browser(REMOTE_ADDR="198.51.100.7").post(LOGIN, fields)
    assert slowed.status_code in (422, 429)
    assert "Too many" in slowed.content.decode()
    assert browser(REMOTE_ADDR="198.51.100.8").post(LOGIN, fields).status_code == 302


def test_a_forged_header_is_no_other_address(world, browser):
    """A128: X-Forwarded-For counts only as far as the vendor's own proxies wrote it."""
    statuses = [
        browser(REMOTE_ADDR="198.51.100.7")
        .post(
            LOGIN,
            {"login": f"p{number}@example.com", "password": "wrong wrong wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
        .content.decode()
        .count("Too many")
        for number in range(22)
    ]
    assert statuses[19] == 0
    assert statuses[21] > 0


@pytest.mark.parametrize(
    ("path", "most"), [("/accounts/login/code/", 3), ("/accounts/password/reset/", 5)]
)
def test_codes_to_one_mailbox_are_limited(world, browser, path, most):
    """A127: so many a minute to one address, in whatever spelling; then wait."""
    for number in range(most + 1):
        spelling = KNOWN.upper() if number % 2 else KNOWN
        last = browser().post(path, {"email": spelling})
    assert last.status_code in (422, 429)
    assert mail_rows(to=KNOWN).count() == most


def test_a_limit_is_a_page_that_says_when_to_try_again(world, browser, settings):
    """A127: 429, Retry-After, a way on; in our own design."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    for _time in range(3):
        answer = browser().post(LOGIN, {"login": KNOWN, "password": "wrong wrong wrong"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert "Try again at" in answer.content.decode()
    assert "help@lumen.example" in answer.content.decode()


def test_changing_the_password_elsewhere_ends_this_session(world, browser):
    """A064: the hash in the session no longer fits, whatever changed it."""
    visitor = browser(KNOWN)
    user = User.objects.get(email=KNOWN)
    user.set_password("set by somebody else")
    user.save()
    assert visitor.get("/organizations/").status_code == 302
