"""What counting the tries of sign-in costs, and that a right password costs nobody a try."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
ADMIN = "admin@acme.example"


def asked(browser, login: str, password: str) -> int:
    """How many statements one try asks."""
    with CaptureQueriesContext(connection) as queries:
        browser().post(LOGIN, {"login": login, "password": password})
    return len(queries)


def test_a_try_asks_few_questions_and_one_more_at_most_for_an_unknown_address(world, browser):
    known, unknown = asked(browser, ADMIN, "wrong"), asked(browser, "x@acme.example", "wrong")
    assert known <= 7 and unknown - known <= 1
    assert asked(browser, ADMIN, PASSWORD) <= 24


def test_right_passwords_are_not_counted(world, browser):
    for _ in range(8):
        answer = browser().post(LOGIN, {"login": ADMIN, "password": PASSWORD})
        assert answer.status_code == 302


def test_the_sixth_wrong_password_in_five_minutes_is_not_even_looked_at(world, browser):
    for _ in range(5):
        browser().post(LOGIN, {"login": ADMIN, "password": "wrong"})
    answer = browser().post(LOGIN, {"login": ADMIN, "password": PASSWORD})
    assert answer.status_code in (422, 429) and "Too many" in answer.content.decode()
