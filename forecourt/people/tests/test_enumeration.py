"""Nobody learns from an answer whether an account exists: A125, S6, S27; the same status, the same
bytes, one hash, one mail, one job, for a known and an unknown address."""

import pytest
from django.core.cache import cache

from forecourt.people.models import User
from forecourt.people.tests.watching import counted, mail_rows, seen
from tests.cast import PASSWORD

KNOWN, UNKNOWN = "nobody@example.com", "unknwn@example.com"  # of the same length
PASSWORDS = {"password1": "a long sentence of mine"}
WRONG = {"code": "WRNG-CODE"}


@pytest.fixture(autouse=True)
def hashes_are_counted(settings):
    settings.PASSWORD_HASHERS = ["forecourt.people.tests.watching.CountingArgon2"]


def walk(visitor, email, steps):
    """What is seen at each step, and what the first step cost."""
    cache.clear()
    before, answers, cost = counted(), [], None
    for method, path, fields in steps:
        filled = {k: v.format(email=email) for k, v in fields.items()}
        answers.append(seen(getattr(visitor, method)(path, filled), email))
        cost = cost or tuple(b - a for a, b in zip(before, counted(), strict=True))
    return answers, cost


DOORS = {
    "login": (
        [("post", "/accounts/login/", {"login": "{email}", "password": "wrong wrong wrong"})],
        (1, 0, 0),
    ),
    "sign up": (
        [
            ("post", "/accounts/signup/", {"email": "{email}", **PASSWORDS}),
            ("get", "/accounts/verify/", {}),
            ("post", "/accounts/verify/", WRONG),
            ("post", "/accounts/verify/", {"action": "resend"}),
            ("post", "/accounts/signup/", {"email": "{email}", **PASSWORDS}),
        ],
        (1, 1, 1),
    ),
    "forgot password": (
        [
            ("post", "/accounts/password/reset/", {"email": "{email}"}),
            ("get", "/accounts/password/reset/code/", {}),
            ("post", "/accounts/password/reset/code/", WRONG),
            ("post", "/accounts/password/reset/code/", {"code": "-"}),
            ("get", "/accounts/password/reset/new/", {}),
        ],
        (0, 1, 1),
    ),
    "sign in by code": (
        [
            ("post", "/accounts/login/code/", {"email": "{email}"}),
            ("get", "/accounts/login/code/confirm/", {}),
            ("post", "/accounts/login/code/confirm/", WRONG),
            ("post", "/accounts/login/code/confirm/", {"code": " - "}),
        ],
        (0, 1, 1),
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_known_and_an_unknown_address_look_and_cost_the_same(world, browser, door):
    """A125: at every step of every door."""
    steps, expected = DOORS[door]
    known, cost_of_known = walk(browser(), KNOWN, steps)
    unknown, cost_of_unknown = walk(browser(), UNKNOWN, steps)
    for number, (one, other) in enumerate(zip(known, unknown, strict=True)):
        assert one == other, f"step {number}"
    assert cost_of_known == cost_of_unknown == expected


def test_an_account_without_a_password_looks_and_costs_the_same(world, browser):
    """A125, D10: somebody who never set one."""
    user = User.objects.get(email=KNOWN)
    user.set_unusable_password()
    user.save()
    steps, expected = DOORS["login"]
    known, cost = walk(browser(), KNOWN, steps)
    assert (known, cost) == walk(browser(), UNKNOWN, steps)
    assert cost == expected


def test_an_unverified_account_looks_and_costs_the_same(world, browser):
    """A125, D13: signing up on an address that somebody claimed is signing up."""
    cache.clear()
    browser().post("/accounts/signup/", {"email": KNOWN.replace("no", "na"), **PASSWORDS})
    for door in ("login", "sign up"):
        steps, expected = DOORS[door]
        claimed, cost = walk(browser(), KNOWN.replace("no", "na"), steps)
        assert (claimed, cost) == walk(browser(), UNKNOWN, steps)
        assert cost == expected


def test_the_mail_says_what_the_page_does_not(world, browser):
    """S27: the owner of the mailbox learns that there is (or is not) an account."""
    cache.clear()
    browser().post("/accounts/signup/", {"email": KNOWN, **PASSWORDS})
    browser().post("/accounts/password/reset/", {"email": UNKNOWN})
    kinds = dict(mail_rows().values_list("to", "kind"))
    assert kinds == {KNOWN: "people.address_already_exists", UNKNOWN: "people.unknown_account"}


def test_the_right_password_is_the_honest_version(world, browser):
    """The same door opens with the right key, at the same cost."""
    before = counted()
    answer = browser().post("/accounts/login/", {"login": KNOWN, "password": PASSWORD})
    assert answer.status_code == 302
    assert counted()[0] - before[0] == 1
