"""Whoever signs in from a browser that is new to the account tells its person by mail."""

from forecourt.people import devices
from tests.cast import PASSWORD, text_of

MOSS, ADMIN = "member@acme.example", "admin@acme.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWS = "New sign-in to your account"


def sign_in(client, who=MOSS):
    return client.post("/accounts/login/", {"login": who, "password": PASSWORD})


def news(mailbox, who=MOSS):
    return [message for message in mailbox.to(who) if message["Subject"] == NEWS]


def test_another_browser_is_told_of_by_mail(world, browser, mailbox):
    browser(MOSS)
    assert news(mailbox) == []  # an account's first sign-in is no news
    sign_in(browser(headers={"User-Agent": FIREFOX}))
    told = text_of(news(mailbox)[-1])
    assert "Firefox on Windows" in told and "127.0.0.1" in told and "/profile/#sessions" in told


def test_the_same_browser_is_not(world, browser, mailbox):
    client = browser(MOSS)
    for _again in range(2):
        client.post("/accounts/logout/")
        assert sign_in(client).status_code == 302
    assert news(mailbox) == []


def test_one_browser_can_be_several_peoples(world, browser, mailbox):
    browser(ADMIN)
    client = browser(MOSS)
    for who in (ADMIN, MOSS, ADMIN):
        client.post("/accounts/logout/")
        sign_in(client, who)
    assert len(news(mailbox, ADMIN)) == 1 and news(mailbox) == []


def test_what_the_browser_carries_names_nobody_and_cannot_be_made_up(world, browser, mailbox):
    client = browser(MOSS)
    carried = client.cookies[devices.COOKIE]
    assert carried["httponly"] and carried["samesite"] == "Lax"
    assert carried["max-age"] == 31_536_000 and "moss" not in carried.value
    forger = browser()
    forger.cookies[devices.COOKIE] = carried.value.partition(":")[0] + ":1abcde:made-up"
    sign_in(forger)
    assert len(news(mailbox)) == 1


def test_a_wrong_password_leaves_nothing_in_the_browser(world, browser):
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": "wrong"})
    assert devices.COOKIE not in client.cookies
