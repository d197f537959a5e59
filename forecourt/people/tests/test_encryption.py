"""Secrets of second factors, when the portal's key changes."""

from forecourt.people.tests.test_second_factors import MOSS, STEP, code_now, moss, signed_in  # noqa: F401
from tests.cast import PASSWORD


def test_a_factor_whose_key_is_gone_matches_nothing_and_breaks_nothing(moss, browser, settings):  # noqa: F811
    settings.SECRET_KEY = "another key, of which nothing was ever sealed"
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    for code in (code_now(moss.secret), moss.codes[0]):
        assert client.post(STEP, {"code": code}).status_code == 422
    assert not signed_in(client)
