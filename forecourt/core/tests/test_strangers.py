"""Where a request comes from, and what it may not pretend: A033, A128, D12; headers and cookies."""

import datetime as dt
import re

import pytest

from forecourt.core.models import AuditEvent
from tests.cast import membership, organization

HERE = "/o/acme/members/"
MEMBER = "member@acme.example"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver:80@evil.example",
        "evil.example:80",
        "testserver\x00",
        "..",
        "[::1",
        "127.0.0.1",
        "*",
    ],
)
@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/o/acme/members/", "/nowhere/"])
def test_another_host_is_a_400(world, browser, host, path):
    """A033: in our own page, whatever was asked for."""
    answer = browser().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
    assert "Location" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Forwarded-Port": "666"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Original-URL": "/o/acme/account/"},
        {"X-Rewrite-Url": "/evil"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_headers_of_proxies_that_nobody_named_change_nothing(world, browser, headers):
    """A033: the same answer with them and without."""
    visitor = browser()
    for path in ("/o/acme/members/", "/nowhere/"):
        plain, forged = visitor.get(path), visitor.get(path, headers=headers)
        assert (plain.status_code, plain.content) == (forged.status_code, forged.content)
        assert plain.get("Location") == forged.get("Location")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.1", "198.51.100.4"),
        (0, "", "198.51.100.4"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "10.9.9.9, 203.0.113.1", "203.0.113.1"),
        (2, "10.9.9.9, 203.0.113.1", "10.9.9.9"),
        (2, "203.0.113.1", "203.0.113.1"),
        (1, "", "198.51.100.4"),
        (1, "not an address", None),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "1.1.1.1, " * 1_000 + "203.0.113.1", "203.0.113.1"),
        (1, "203.0.113.1\x00", None),
    ],
)
def test_x_forwarded_for_counts_as_far_as_the_vendors_proxies(
    world, browser, settings, proxies, forwarded, expected
):
    """A128: what is noted in the audit log."""
    settings.TRUSTED_PROXIES = proxies
    member = browser(MEMBER)
    answer = member.post(
        HERE + "invitations/",
        {"email": "kim@example.com"},
        headers={"X-Forwarded-For": forwarded},
        REMOTE_ADDR="198.51.100.4",
    )
    assert answer.status_code == 303
    organization("acme")
    assert AuditEvent.objects.get(object_label="kim@example.com").address == expected


def test_who_is_denied_something_leaves_a_line_and_nothing_else(world, browser, caplog):
    """A194, ASVS 16.3.2."""
    member, form = browser(MEMBER), {"who_may_invite": "admins", "invitation_days": 3}
    before = AuditEvent.objects.count()
    answer = member.post("/o/acme/account/settings/", form, REMOTE_ADDR="198.51.100.4")
    assert answer.status_code == 403 and AuditEvent.objects.count() == before
    who = membership("acme", MEMBER).user_id
    line = f"denied: edit_settings, at POST account_settings, to account {who} from 198.51.100.4"
    assert [each.getMessage() for each in caplog.records] == [line]


PAGES = [
    "/accounts/login/",
    "/accounts/signup/",
    "/nowhere/",
    "/invitations/x/",
    HERE,
    HERE + "invitations/",
    "/organizations/",
    "/o/acme/account/",
    "/%00",
    "/accounts/password/change/",
    "/health",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_says_what_a_browser_may_do_with_it(world, browser, path):
    """A035: no script or style but ours, no frame, no base, no guess at types, no address to
    elsewhere; on errors too."""
    answer = browser(MEMBER).get(path)
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
    )
    expected = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert {name: policy[name] for name in expected} == expected
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_script_or_style_or_anything_of_elsewhere(world, browser, path):
    """A035: the policy is kept by the pages themselves."""
    markup = browser(MEMBER).get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", markup)
    assert not re.search(r"<style|\sstyle=|\son\w+=\"", markup)
    for found in re.findall(r'(?:src|href|action)="([^"]*)"', markup):
        assert found.startswith(
            ("/", "#", "?", "mailto:help@lumen.example", "data:image/svg+xml")
        ), found
        assert not found.startswith("//")


def test_a_stranger_gets_byte_for_byte_what_a_wrong_address_gets(world, browser):
    """D12: another organization, one that is not, another's person; status, bytes, headers."""
    other = membership("acme", MEMBER).pk
    stranger = browser("admin@globex.example")
    pairs = [
        ("/o/acme/members/", "/o/nope/members/"),
        (f"/o/acme/members/{other}/role/", "/o/nope/members/1/role/"),
        (f"/o/globex/members/{other}/removal/", "/o/globex/members/999999/removal/"),
        ("/o/acme/account/", "/o/nope/account/"),
        ("/o/acme/", "/o/nope/"),
    ]
    for one, two in pairs:
        for method in (stranger.get, stranger.post):
            left, right = method(one), method(two)
            assert left.status_code == right.status_code
            assert left.content == right.content
            assert dict(left.headers) == dict(right.headers)


def test_the_vendors_staff_are_strangers_here(world, browser):
    """D12: being staff opens no organization's page."""
    staff = browser("staff@lumen.example")
    assert staff.get(HERE).status_code == 404
    assert staff.post(HERE + "invitations/", {"email": "kim@example.com"}).status_code == 404


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("dark", 'data-theme="dark"'),
        ("light", 'data-theme="light"'),
        ("system", None),
        ('"><script>', None),
        ("", None),
    ],
)
def test_the_theme_is_remembered_in_a_cookie(world, browser, chosen, shown):
    """Light, dark, or what the system says; nothing else gets into the page."""
    visitor = browser(MEMBER)
    answer = visitor.post("/theme/", {"theme": chosen, "next": HERE})
    assert (answer.status_code, answer["Location"]) == (303, HERE)
    markup = visitor.get(HERE).content.decode()
    assert (shown in markup) if shown else ("data-theme=" not in markup)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "foo",
        "members",
        "",
        "javascript:x",
        "/x\r\nSet-Cookie: a=b",
        "\x00",
        "http:///evil.example",
        "account_login",
    ],
)
def test_the_theme_leads_nowhere_else(world, browser, target):
    """No open redirect, no name of a page taken for an address."""
    answer = browser().post("/theme/", {"theme": "dark", "next": target})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    assert "\n" not in answer["Location"]


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "Asia/Kolkata",
        "../../../etc/passwd",
        "/etc/passwd",
        "Europe",
        "",
        "\\000",
        '"\\000"',
        "x" * 4_000,
        "Factory",
        "posixrules",
        "<script>",
        "localtime",
        "right/UTC",
        "ÿÿ",
    ],
)
@pytest.mark.parametrize("name", ["timezone", "theme", "csrf", "messages"])
def test_a_hostile_cookie_is_passed_over(world, browser, name, zone):
    """Whatever is in a cookie of ours: the page is there, and the value is not in it."""
    visitor = browser(MEMBER)
    session = visitor.cookies["session"].value
    answer = visitor.get(HERE, headers={"Cookie": f"session={session}; {name}={zone}"})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
    assert "passwd" not in answer.content.decode()


def test_the_time_zone_of_the_browser_is_the_pages(world, browser):
    """A date near midnight is the reader's own day."""
    organization("acme").memberships.filter(user__email=MEMBER).update(
        joined_at=dt.datetime(2025, 3, 3, 23, 30, tzinfo=dt.UTC)
    )
    visitor = browser(MEMBER)
    assert "Mar 3, 2025" in visitor.get(HERE).content.decode()
    visitor.cookies["timezone"] = "Asia/Kolkata"
    assert "Mar 4, 2025" in visitor.get(HERE).content.decode()
