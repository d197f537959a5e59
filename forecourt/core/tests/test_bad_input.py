"""Whatever arrives is answered in words: 400, 404, 405, 422 or 429, never 500. A203–A208."""

import time

import pytest

from forecourt.core.models import AuditEvent, Mail
from forecourt.members import listing
from tests.cast import membership, organization

HERE = "/o/acme/members/"
MEMBER = "member@acme.example"
NUMBERS = [
    "0",
    "-1",
    "99999999999",
    "9223372036854775807",
    "9223372036854775808",
    "1" * 400,
    "1" * 5_000,
    "1.5",
    "1e309",
    "٣",
    "0x10",
    "null",
    "%00",
    "1%00",
    "%ff",
]


@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
@pytest.mark.parametrize(
    "path", ["{}/role/", "{}/removal/", "invitations/{}/revocation/", "invitations/{}/resending/"]
)
def test_a_number_in_the_path_is_found_or_not(world, browser, path, number):
    """A206: nothing but 404 and 400, by GET and by POST."""
    admin = browser("admin@acme.example")
    for method in (admin.get, admin.post):
        answer = method(HERE + path.format(number), {"role": "admin"})
        assert answer.status_code in (400, 404, 405), answer.status_code
        assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/o/%00/members/",
        "/o/acme%00/members/",
        "/invitations/%00/",
        "/accounts/login/%00",
        "/static/%00",
        "/o/acme/members/?q=%00",
        "/?%00=x",
        "/o/acme/members/?q=a%00b&role=%00",
        "/invitations/a%00b/acceptance/",
        "/accounts/login/?next=%00",
        "/demo/mail/%00/",
    ],
)
def test_a_null_in_path_or_query_is_a_400(world, browser, path):
    """A205: before anything reads it; signed in or not; with our page and its headers."""
    for visitor in (browser(), browser(MEMBER)):
        answer = visitor.get(path)
        assert answer.status_code == 400
        assert "cannot be read" in answer.content.decode()
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/%c0%af",
        "/%ed%a0%80/",
        "/o/%ff/members/",
        "/invitations/%ff%fe/",
        "/o/acme/members/?q=%ff",
        "/o/acme/members/?%ff=%fe",
        "/o/../../etc/passwd",
        "/static/../settings.py",
        "/static/%2e%2e%2fsettings.py",
        "/.git/config",
        "/.env",
        "/" + "a" * 8_000,
        "/o/" + "a" * 8_000 + "/members/",
        "/invitations/" + "a" * 100_000 + "/",
        "/o/acme/members/?q=" + "a" * 8_000,
        "/__debug__/",
        "/?debug=1",
        "/o/ACME/members/",
        "/o/acme",
        "//evil.example/",
        "/o/acme/members/%0d%0aSet-Cookie:x=1/",
    ],
)
def test_a_strange_address_is_not_a_500(world, browser, path):
    """A204, A205, A208: bad UTF-8, dots, left-overs, very long."""
    for visitor in (browser(), browser(MEMBER)):
        answer = visitor.get(path)
        assert answer.status_code in (200, 301, 302, 400, 404), answer.status_code
        assert "evil" not in answer.get("Location", "")


FORMS = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/login/code/",
    HERE + "invitations/",
    HERE + "invitations/several/",
    HERE + "invitations/several/sending/",
    "/o/acme/account/settings/",
    "/theme/",
]
NAMES = "email login password people role name who_may_invite invitation_days theme next".split()
BODIES = {
    "nul": "&".join(f"{name}=%00" for name in NAMES),
    "bad UTF-8": "&".join(f"{name}=%ff" for name in NAMES),
    "surrogates": "email=%ed%a0%80&login=%ed%a0%80&people=%ed%a0%80&role=%ed%a0%80&next=%ed%a0%80",
    "control": "email=%01%02&login=%1b%5b&people=%07&role=%08&invitation_days=%0b&next=%0d%0a",
    "huge numbers": "invitation_days=" + "9" * 5_000 + "&role=" + "9" * 5_000,
    "not a number": "invitation_days=NaN&who_may_invite=everyone",
    "infinite": "invitation_days=1e309&who_may_invite=everyone",
    "brackets": "email[]=x&login[$ne]=&people[0]=x&role[]=admin",
    "twice": "email=a@b.example&email=&role=member&role=owner&people=a&people=%00",
    "empty": "",
    "nothing but =": "=&=&==",
    "foo": "next=foo&theme=dark",
    "long": "email=" + "a" * 100_000 + "&login=" + "a" * 100_000 + "&people=" + "a" * 300_000,
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", FORMS)
def test_a_strange_form_is_not_a_500_and_changes_nothing(world, browser, path, body):
    """A205, A206: every form with every kind of nonsense; htmx gets no other answer."""
    admin = browser("admin@acme.example")
    organization("acme")
    before = AuditEvent.objects.count(), Mail.objects.count()
    for headers in ({}, {"HX-Request": "true"}):
        answer = admin.post(
            path, BODIES[body], content_type="application/x-www-form-urlencoded", headers=headers
        )
        allowed = (204, 302, 303, 400, 422) if path in ("/theme/", *FORMS[:4]) else (400, 422)
        assert answer.status_code in allowed, answer.status_code
        assert "evil" not in answer.get("Location", "")
    organization("acme")
    assert (AuditEvent.objects.count(), Mail.objects.count()) == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"email": "kim@example.com"}'),
        ("application/json", '{"a":' * 100_000),
        ("multipart/form-data; boundary=x", "--x\r\nbroken"),
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=" + "x" * 5_000, "--x"),
        (
            "multipart/form-data; boundary=x; charset=hex",
            '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nzz\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", "email=x"),
        ("application/x-www-form-urlencoded; charset=nonsense", "email=x"),
        ("text/plain", "\x00\x01"),
        ("", "email=x"),
        ("application/x-www-form-urlencoded", "&".join(f"f{n}=1" for n in range(1_001))),
        ("application/x-www-form-urlencoded", "email=" + "a" * 1_100_000),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="file"; filename="../../\x00.csv"'
            "\r\n\r\na@b.example\r\n--x--\r\n",
        ),
    ],
    ids=range(13),
)
@pytest.mark.parametrize(
    "path", [HERE + "invitations/", HERE + "invitations/several/", "/accounts/login/"]
)
def test_a_body_that_is_no_form_is_not_a_500(world, browser, path, kind, body):
    """A204, A205: wrong kinds, broken parts, too many fields, too much; in well under a second."""
    visitor = browser("admin@acme.example") if path.startswith("/o/") else browser()
    began = time.process_time()
    answer = visitor.generic("POST", path, body.encode(), content_type=kind)
    assert answer.status_code in (200, 400, 413, 422), answer.status_code
    assert time.process_time() - began < 2
    assert organization("acme").invitations.count() == 2


def test_every_code_has_a_page_with_a_way_on(world, browser):
    """A207: 400, 403, 404, 405 in our own design, without a word about the inside."""
    member = browser(MEMBER)
    admin_only = f"{HERE}{membership('acme', MEMBER).pk}/role/"
    answers = {
        400: member.get("/%00"),
        403: member.get(admin_only),
        404: member.get("/nowhere/"),
        405: member.post(HERE),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        markup = answer.content.decode()
        for part in ("<h1>", 'href="/"', "help@lumen.example", "Lumen Tools"):
            assert part in markup, (status, part)
        assert "Traceback" not in markup
        assert "Django" not in markup


def test_a_mistake_of_ours_is_a_page_without_its_reason(world, browser, monkeypatch):
    """A207: a 500 says nothing of what went wrong."""

    def broken(viewer, asked):
        raise ValueError("the secret of the house")

    visitor = browser(MEMBER)
    visitor.raise_request_exception = False
    monkeypatch.setattr(listing, "read", broken)
    answer = visitor.get(HERE)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "text",
    [
        "a@" * 50_000,
        "a." * 50_000 + "@x.example",
        "a@" + "b." * 50_000 + "c",
        "<" * 100_000,
        '"' * 100_000,
        "(" * 100_000 + "@x.example",
    ],
)
def test_long_nonsense_is_refused_quickly(world, browser, text):
    """A203: no pattern of ours goes astray on it."""
    admin = browser("admin@acme.example")
    began = time.process_time()
    assert admin.post(HERE + "invitations/", {"email": text}).status_code == 422
    assert admin.post(HERE + "invitations/several/", {"people": text}).status_code in (200, 422)
    assert admin.get(HERE, {"q": text}).status_code == 200
    assert time.process_time() - began < 2
