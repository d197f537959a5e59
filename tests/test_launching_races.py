"""Codes and tokens that are used by two at once, on connections of their own (A110, A112)."""

from functools import partial

import pytest
from django.test import Client

from forecourt.core import scope
from forecourt.products.models import Launch
from forecourt.products.tests.programs import ADMIN, Program, program
from tests.cast import run_jobs, signed_in
from tests.invariants import verify
from tests.racing import at_once

ROUNDS = 8


@pytest.fixture
def connect(committed_world) -> Program:
    return program()


def another(connect: Program) -> Program:
    """The same program on another connection."""
    return Program(connect.client_id, connect.secret, Client(), connect.verifier)


def redeem_code(connect: Program, code: str):
    return another(connect).redeem(code)


def refresh_token(connect: Program, token: str):
    return another(connect).refresh(token)


def ends(connect: Program, answers: list) -> None:
    """One got tokens, one was refused, and the tokens are worth nothing: somebody has a copy."""
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    got = next(answer.json() for answer in answers if answer.status_code == 200)
    run_jobs()
    assert not connect.is_active(got["access_token"])
    assert connect.refresh(got["refresh_token"]).status_code == 400
    verify()


def test_of_two_who_redeem_a_code_at_once_one_gets_tokens_and_keeps_none(connect):
    for _round in range(ROUNDS):
        redeem = partial(redeem_code, connect, connect.code(signed_in(ADMIN)))
        ends(connect, at_once(redeem, redeem))


def test_of_two_who_refresh_at_once_one_gets_tokens_and_no_family_lives_on(connect):
    for _round in range(ROUNDS):
        first = connect.tokens(signed_in(ADMIN))["refresh_token"]
        refresh = partial(refresh_token, connect, first)
        ends(connect, at_once(refresh, refresh))


def test_whoever_opens_a_product_twice_at_once_is_signed_in_once(connect):
    admin = signed_in(ADMIN)
    twin = Client()
    twin.cookies = admin.cookies
    answers = at_once(partial(admin.get, connect.asks()), partial(twin.get, connect.asks()))
    assert [answer.status_code for answer in answers] == [302, 302]
    with scope.across_organizations("a test looks"):
        assert Launch.objects.count() == 1
    verify()
