"""What is taken for an address, and what becomes of its spelling: S15, O3, D1."""

import pytest

from forecourt.core.models import Mail
from forecourt.members.tests.reading import HERE
from tests.cast import (
    organization,
    pending,
)

INVITE = HERE + "invitations/"
BAD = [
    "",
    "   ",
    "no-at-sign",
    "two@@example.com",
    "nul\x00@example.com",
    "bell\x07@example.com",
    "line\r\nBcc: x@evil.example",
    "a b@example.com",
    "name@localhost",
    "name@-bad.example",
    "dots..twice@example.com",
    "аdmin@example.com",  # a Cyrillic а
    '"quoted name"@example.com',
    "name@[127.0.0.1]",
    "x@" + "y" * 300 + ".example",
    "z" * 5_000,
    "ä@example.com",
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_what_is_no_address_is_refused_and_kept(world, browser, text):
    """S15: a sentence at the field and 422, nothing typed is lost, no row, no mail."""
    from html import unescape

    mails = Mail.objects.count()
    answer = browser("admin@acme.example").post(INVITE, {"email": text, "role": "admin"})
    assert answer.status_code == 422
    markup = answer.content.decode()
    assert 'aria-invalid="true"' in markup
    typed = text.strip().replace("\r\n", "")[:100]
    assert typed.replace("\x00", "") in unescape(markup).replace("\x00", "").replace("\r\n", "")
    assert organization("acme").invitations.count() == 2
    assert Mail.objects.count() == mails


def test_a_domain_in_another_script_is_kept_in_its_ascii_form(world, browser):
    """S15: a look-alike domain shows as what it is."""
    browser("admin@acme.example").post(INVITE, {"email": "kim@bücher.example"})
    assert pending("acme", "kim@xn--bcher-kva.example")


def test_plus_and_dot_variants_are_other_people(world, browser):
    """D1: an invitation is bound to one address, not to a mailbox that is guessed from it."""
    admin = browser("admin@acme.example")
    for address in ("kim@example.com", "kim+1@example.com", "k.im@example.com"):
        admin.post(INVITE, {"email": address})
    assert organization("acme").invitations.filter(email__endswith="@example.com").count() == 3
