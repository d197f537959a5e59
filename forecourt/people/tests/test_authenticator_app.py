"""Setting up an authenticator app, before its first code."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

APP = "/profile/authenticator/"


def shown(answer) -> str:
    """The secret on the page."""
    return re.search(r"<code>([A-Z2-7 ]+)</code>", answer.content.decode())[1].replace(" ", "")


def test_another_tab_and_a_wrong_code_leave_the_secret_as_it_was(world, browser):
    client = browser("member@acme.example")
    secret = shown(client.get(APP))
    assert shown(client.get(APP)) == secret
    assert shown(client.post(APP, {"code": "wrong"})) == secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(APP, {"code": code}).status_code == 302


def test_the_session_does_not_hold_the_secret_in_clear(world, browser):
    client = browser("member@acme.example")
    secret = shown(client.get(APP))
    assert secret not in str(dict(client.session.items()))
