"""Signing up by the front door, with a code: D13, O8; what is typed is checked and kept."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from forecourt.people.models import User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD, code_in, text_of

SIGN_UP, VERIFY = "/accounts/signup/", "/accounts/verify/"
KIM = {"name": "Kim Park", "email": "Kim@Example.com", "password1": "a long sentence of mine"}


def test_the_code_from_the_mail_makes_the_account(world, browser, mailbox):
    """D13: not signed in before it, signed in after it; the address in the form we keep."""
    kim = browser()
    answer = kim.post(SIGN_UP, KIM)
    assert (answer.status_code, answer["Location"]) == (302, VERIFY)
    assert kim.get("/organizations/").status_code == 302
    (message,) = mailbox.to("kim@example.com")
    kim.post(VERIFY, {"code": code_in(message)})
    assert kim.get("/organizations/").status_code == 200
    user = User.objects.get(email="kim@example.com")
    assert user.name == "Kim Park"
    assert EmailAddress.objects.get(user=user).verified
    assert "http" not in text_of(message).replace("http://testserver", "")


def test_a_new_code_by_the_button_replaces_the_first(world, browser, mailbox):
    """The first is dead then."""
    kim = browser()
    kim.post(SIGN_UP, KIM)
    first = code_in(mailbox.to("kim@example.com")[-1])
    cache.clear()  # as ten seconds later
    kim.post(VERIFY, {"action": "resend"})
    second = code_in(mailbox.to("kim@example.com")[-1])
    assert first != second
    assert kim.post(VERIFY, {"code": first}).status_code == 422
    kim.post(VERIFY, {"code": second})
    assert kim.get("/organizations/").status_code == 200


def test_an_existing_account_is_not_touched(world, browser):
    """S27: the password of the owner stands, the one typed by somebody else does not."""
    answer = browser().post(SIGN_UP, {**KIM, "email": "nobody@example.com"})
    assert answer["Location"] == VERIFY
    assert User.objects.filter(email="nobody@example.com").count() == 1
    browser("nobody@example.com")
    typed = {"login": "nobody@example.com", "password": KIM["password1"]}
    assert browser().post("/accounts/login/", typed).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", "nul\x00@example.com"),
        ("email", "x" * 300 + "@example.com"),
        ("email", "аdmin@example.com"),
        ("email", "a@b.example\r\nBcc: c@evil.example"),
        ("name", "bell\x07"),
        ("name", "line\r\nbreak"),
        ("name", "turned\u202eround"),
        ("name", "x" * 121),
        ("name", "nul\x00"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "password1234"),
        ("password1", "kim@example.co"),
        ("password1", "nul\x00 in a long sentence"),
        ("password1", "x" * 1_001),
    ],
)
def test_bad_input_is_a_sentence_and_the_rest_is_kept(world, browser, field, value):
    """Bad input: 422, no account, no mail; name and address are still there."""
    answer = browser().post(SIGN_UP, {**KIM, field: value})
    assert answer.status_code == 422
    markup = answer.content.decode()
    assert 'aria-invalid="true"' in markup
    for other in {"name", "email"} - {field}:
        assert KIM[other] in markup
    assert not User.objects.filter(name=KIM["name"]).exists()
    assert not User.objects.filter(email="kim@example.com").exists()
    assert not mail_rows(kind__startswith="people.").exists()


@pytest.mark.parametrize(
    "password", ["x y" * 30, "ünïcödé 密碼 🔑 sentence", "    spaces around it    "]
)
def test_a_password_may_be_a_sentence_in_any_script(world, browser, mailbox, password):
    """A130: nothing is cut off or trimmed."""
    kim = browser()
    kim.post(SIGN_UP, {**KIM, "password1": password})
    kim.post(VERIFY, {"code": code_in(mailbox.to("kim@example.com")[-1])})
    login = "/accounts/login/"
    assert browser().post(login, {"login": KIM["email"], "password": password}).status_code == 302
    for other in (password[:-1], password.strip() + "!", password[:72] + "x"):
        answer = browser().post(login, {"login": KIM["email"], "password": other})
        assert answer.status_code == 422


def test_where_signing_up_is_closed_the_page_says_so(world, browser, settings):
    """The vendor's choice: no form, and no account by hand."""
    settings.SIGN_UP = False
    answer = browser().get(SIGN_UP)
    assert 'name="password1"' not in answer.content.decode()
    browser().post(SIGN_UP, KIM)
    assert not User.objects.filter(email="kim@example.com").exists()


def test_signing_up_twice_within_seconds_keeps_the_first_code(world, browser, mailbox):
    """A076: the second press is told to wait, and nothing of the first is lost."""
    kim = browser()
    kim.post(SIGN_UP, KIM)
    again = browser().post(SIGN_UP, KIM)
    assert again.status_code == 429
    assert int(again["Retry-After"]) <= 60
    assert User.objects.filter(email="kim@example.com").count() == 1
    kim.post(VERIFY, {"code": code_in(mailbox.to("kim@example.com")[-1])})
    assert kim.get("/organizations/").status_code == 200


def test_the_code_is_nowhere_but_in_the_mail(world, browser, mailbox, caplog):
    """D14: sealed in the row until it is sent, wiped then; in no job, value or log line."""
    from django.db import connection

    browser().post(SIGN_UP, KIM)
    row = mail_rows().get(to="kim@example.com")
    assert row.sealed is not None
    code = code_in(mailbox.to("kim@example.com")[-1])
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(args::text, '') from procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    row = mail_rows().get(pk=row.pk)
    assert row.sealed is None
    for text in (str(row.values), jobs, caplog.text):
        assert code not in text
        assert code.replace("-", "") not in text
        assert KIM["password1"] not in text
        assert PASSWORD not in text
