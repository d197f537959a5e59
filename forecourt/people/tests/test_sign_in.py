"""Signing in: S3, S6, S1's front door; every spelling, by password and by code; where one lands."""

import pytest

from forecourt.core.models import AuditEvent
from forecourt.people.models import User
from forecourt.people.tests.watching import mail_rows
from tests.cast import PASSWORD, code_in

LOGIN = "/accounts/login/"
KNOWN = "nobody@example.com"


def test_the_page_has_both_doors_and_forgot_password(world, browser):
    """S3, S6: address and password, a code by mail, "Forgot password", no provider yet."""
    markup = browser().get(LOGIN).content.decode()
    for part in (
        'name="login"',
        'name="password"',
        "Forgot password",
        "/accounts/password/reset/",
        "/accounts/login/code/",
        "/accounts/signup/",
    ):
        assert part in markup, part
    assert "Google" not in markup


@pytest.mark.parametrize(
    "spelling",
    ["nobody@example.com", "NOBODY@EXAMPLE.COM", "Nobody@Example.Com", "  nobody@example.com "],
)
def test_every_spelling_of_the_address_signs_in(world, browser, spelling, mailbox):
    """S3, A023: by password, by code, and for a forgotten password."""
    visitor = browser()
    answer = visitor.post(LOGIN, {"login": spelling, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/organizations/").status_code == 200
    by_code = browser()
    by_code.post("/accounts/login/code/", {"email": spelling})
    code = code_in(mailbox.to(KNOWN)[-1])
    by_code.post("/accounts/login/code/confirm/", {"code": code})
    assert by_code.get("/organizations/").status_code == 200
    browser().post("/accounts/password/reset/", {"email": spelling})
    assert "code" in mailbox.to(KNOWN)[-1]["Subject"].lower()


def test_a_code_works_once_in_any_writing_and_only_in_its_browser(world, browser, mailbox):
    """S3: lower case, with spaces; not twice, not elsewhere."""
    visitor, thief = browser(), browser()
    visitor.post("/accounts/login/code/", {"email": KNOWN})
    code = code_in(mailbox.to(KNOWN)[-1])
    assert thief.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert thief.get("/organizations/").status_code == 302
    visitor.post("/accounts/login/code/confirm/", {"code": f" {code.lower()} "})
    assert visitor.get("/organizations/").status_code == 200
    visitor.post("/accounts/logout/")
    visitor.post("/accounts/login/code/confirm/", {"code": code})
    assert visitor.get("/organizations/").status_code == 302


def test_three_wrong_codes_end_it(world, browser, mailbox):
    """A127: then not even the right one works."""
    visitor = browser()
    visitor.post("/accounts/login/code/", {"email": KNOWN})
    code = code_in(mailbox.to(KNOWN)[-1])
    for _time in range(3):
        visitor.post("/accounts/login/code/confirm/", {"code": "WRNG-CODE"})
    visitor.post("/accounts/login/code/confirm/", {"code": code})
    assert visitor.get("/organizations/").status_code == 302


def test_one_comes_back_to_where_one_wanted_to_go(world, browser):
    """S3: a page asked for before; never another site."""
    visitor = browser()
    answer = visitor.get("/o/acme/members/?q=moss")
    assert answer["Location"] == "/accounts/login/?next=/o/acme/members/%3Fq%3Dmoss"
    answer = visitor.post(
        answer["Location"],
        {"login": "member@acme.example", "password": PASSWORD, "next": "/o/acme/members/?q=moss"},
    )
    assert answer["Location"] == "/o/acme/members/?q=moss"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\x00/x",
        "foo",
        "/a\r\nX-Evil: 1",
        "https://testserver.evil.example/",
    ],
)
def test_no_next_leads_elsewhere_and_none_breaks(world, browser, target):
    """Open redirects: after signing in one stays in the portal."""
    answer = browser().post(LOGIN, {"login": KNOWN, "password": PASSWORD, "next": target})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert "evil" not in answer["Location"].split("?")[0].replace("X-Evil", "")
        assert "\n" not in answer["Location"]
        assert not answer["Location"].lower().startswith(("http", "javascript", "//", "/\\"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"login": KNOWN},
        {"login": "", "password": ""},
        {"login": "not an address", "password": "x"},
        {"login": "nul\x00@example.com", "password": "x"},
        {"login": KNOWN, "password": "nul\x00"},
        {"login": "x" * 10_000 + "@example.com", "password": "x"},
        {"login": KNOWN, "password": "x" * 100_000},
    ],
)
def test_bad_input_is_a_sentence(world, browser, fields):
    """Bad input: 422, the address typed is kept, the password is not sent back."""
    answer = browser().post(LOGIN, fields)
    assert answer.status_code == 422
    markup = answer.content.decode()
    assert fields.get("login", "")[:200].replace("\x00", "") in markup.replace("\x00", "")
    assert 'type="password"' in markup
    assert "xxxx" not in markup or "@example.com" in fields.get("login", "")


def test_an_account_that_is_switched_off_does_not_sign_in(world, browser):
    """D5: nor does its open session go on."""
    nobody = browser(KNOWN)
    User.objects.filter(email=KNOWN).update(is_active=False)
    assert nobody.get("/organizations/").status_code == 302
    answer = browser().post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert answer["Location"].endswith("/accounts/inactive/")
    assert browser().get(answer["Location"]).status_code == 200


def test_signing_in_and_out_are_noted(world, browser):
    """The audit log of a person's own account."""
    browser(KNOWN, REMOTE_ADDR="198.51.100.3").post("/accounts/logout/")
    mail_rows()  # opens the house's scope
    found = AuditEvent.objects.filter(actor_label=KNOWN).values_list("event", "address")
    assert list(found.order_by("id")) == [
        ("person.signed_in", "198.51.100.3"),
        ("person.signed_out", "198.51.100.3"),
    ]


def test_everything_else_asks_to_sign_in(world, browser):
    """D12: nobody gets the sign-in page, with the way back for what was read only."""
    nobody = browser()
    for path in (
        "/",
        "/organizations/",
        "/o/acme/members/",
        "/o/nope/members/",
        "/o/acme/account/",
    ):
        assert nobody.get(path)["Location"].startswith("/accounts/login/?next=/")
    answer = nobody.post("/o/acme/members/invitations/", {"email": "kim@example.com"})
    assert answer["Location"] == "/accounts/login/?next=/"
    htmx = nobody.get("/o/acme/members/", headers={"HX-Request": "true"})
    assert htmx.status_code == 204
    assert htmx["HX-Redirect"].startswith("/accounts/login/")
