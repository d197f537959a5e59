"""Codes of an authenticator app: from now, a step more or less, and each step once."""

import pytest
from allauth.mfa.models import Authenticator

from forecourt.people.tests.test_authenticator_app import shown
from forecourt.people.tests.test_second_factors import (  # noqa: F401
    APP,
    MOSS,
    STEP,
    code_now,
    first_step,
    moss,
    signed_in,
)
from tests.cast import PASSWORD
from tests.cast import signed_in as client_of
from tests.racing import one_by_one, post

CONFIRM = "/accounts/reauthenticate/code/"


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(moss, browser, steps, good):  # noqa: F811
    client = first_step(browser)
    client.post(STEP, {"code": code_now(moss.secret, steps)})
    assert signed_in(client) == good


def test_a_slow_clock_sets_up_an_app_and_that_code_is_used_then(committed_world):
    client, again = client_of(MOSS), client_of()
    secret = shown(client.get(APP))
    assert client.post(APP, {"code": code_now(secret, -2)}).status_code == 422
    assert client.post(APP, {"code": code_now(secret, -1)}).status_code == 302
    again.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert again.post(STEP, {"code": code_now(secret, -1)}).status_code == 422
    assert again.post(STEP, {"code": code_now(secret)}).status_code == 302


def test_an_older_code_after_a_newer_one_is_refused(moss, browser):  # noqa: F811
    first_step(browser).post(STEP, {"code": code_now(moss.secret, 1)})
    for steps in (-1, 0, 1):
        late = first_step(browser)
        assert late.post(STEP, {"code": code_now(moss.secret, steps)}).status_code == 422
        assert not signed_in(late)


def test_a_code_that_signed_in_does_not_confirm(moss, browser):  # noqa: F811
    client, code = first_step(browser), code_now(moss.secret)
    client.post(STEP, {"code": code})
    assert client.post(CONFIRM, {"code": code}).status_code == 422
    assert client.post(CONFIRM, {"code": code_now(moss.secret, 1)}).status_code == 302


def test_of_two_with_the_same_code_at_once_one_signs_in(committed_world):
    client = client_of(MOSS)
    secret = shown(client.get(APP))
    assert client.post(APP, {"code": code_now(secret, -1)}).status_code == 302
    both = [client_of(), client_of()]
    for each in both:
        each.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    app = Authenticator.objects.select_for_update().filter(type="totp")
    asked = [post(each, STEP, code=code_now(secret)) for each in both]
    assert one_by_one(lambda: list(app), *asked) == [302, 422]
    assert sorted(map(signed_in, both)) == [False, True]
