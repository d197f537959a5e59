"""The brand as every process keeps it, the tones of its accent, and the mails that bear it."""

import re

import brotli
import pytest
from django.db import DatabaseError, IntegrityError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.console.brand_actions import change_brand
from forecourt.core import accents, brand
from forecourt.core.actors import System
from forecourt.core.assets import styles
from forecourt.core.models import Brand
from tests.cast import text_of

INVITE = "/o/acme/members/invitations/"
KIM = "kim@example.com"
MAILS = {
    "name": "Nordlicht",
    "support_email": "hilfe@nordlicht.example",
    "sender_name": "Nördlicht, “Portal”",
    "sender_address": "portal@nordlicht.example",
    "mail_footer": "**Nordlicht GmbH**\n<b>Kiel</b> [a](javascript:x) [b](https://n.example/)",
    "accent": "#ff0000",
}


@pytest.fixture
def change(world, django_capture_on_commit_callbacks):
    """Change the brand as the house itself, which is seen when it has been committed."""

    def run(**values):
        with django_capture_on_commit_callbacks(execute=True):
            return change_brand(System(), **values)

    return run


def sheets(page) -> list[str]:
    """The addresses of the style sheets that a page asks for."""
    return re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.content.decode())


def test_a_mail_bears_the_brand(change, browser, mailbox):
    change(**MAILS)
    assert browser("member@acme.example").post(INVITE, {"email": KIM}).status_code == 303
    (message,) = mailbox.to(KIM)
    assert message["From"].addresses[0].display_name == "Nördlicht, “Portal”"
    assert message["From"].addresses[0].addr_spec == "portal@nordlicht.example"
    assert message["Reply-To"] == "hilfe@nordlicht.example"
    assert message["Message-ID"].endswith("@nordlicht.example>")
    html, text = message.get_body(("html",)).get_content(), text_of(message)
    assert "at Nordlicht as Member" in html and "background:#00676a" not in html
    tones = accents.tones("#ff0000")
    assert f"background:{tones.light}" in html and f"background: {tones.dark} !imp" in html
    assert "<strong>Nordlicht GmbH</strong>" in html and "&lt;b&gt;Kiel" in html
    assert 'href="javascript' not in html and 'href="https://n.example/"' in html
    assert "**Nordlicht GmbH**\n<b>Kiel</b>" in text.replace("\r", "")


def test_pages_ask_for_the_brand_without_a_query(change, django_assert_num_queries):
    change(**MAILS, sign_in_text="Welcome")
    with django_assert_num_queries(1):  # the scope's end, which is the tests' own
        page = Client().get("/accounts/login/").content.decode()
    assert "Welcome" in page and "Nordlicht" in page


def test_a_database_that_is_away_leaves_the_brand_as_it_was(change, monkeypatch):
    change(name="Nordlicht")

    def away(*_given, **_named):
        raise DatabaseError

    monkeypatch.setattr(Brand.objects, "exclude", away)
    brand.look_again()
    assert brand.brand().name == "Nordlicht"


@pytest.mark.parametrize("wrong", [{"pk": 2}, {"accent": "red;}"}, {"accent": "#11223\n"}])
def test_the_database_has_one_brand_alone_with_a_color_for_an_accent(db, wrong):
    Brand.objects.create(accent="#112233").delete()
    with pytest.raises(IntegrityError):
        Brand.objects.create(**wrong)


@pytest.mark.parametrize(
    ("page", "name"), [("/accounts/login/", "gate"), ("/o/acme/members/", "forecourt")]
)
def test_the_accent_is_in_the_one_style_sheet_of_a_page(change, browser, page, name):
    (plain,) = sheets(browser("admin@acme.example" if name == "forecourt" else None).get(page))
    change(accent="#FF0")
    (address,) = sheets(browser("admin@acme.example" if name == "forecourt" else None).get(page))
    assert re.fullmatch(rf"/static/{name}-ffff00\.[0-9a-f]{{12}}\.css", address)
    before, answer = Client().get(plain), Client().get(address)
    rule = b"@layer base{:root{--accent:light-dark(#6a6a08,#ffff00)}}"
    assert answer.content == before.content + rule
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"


def test_a_process_that_does_not_know_the_accent_has_its_style_sheet(change):
    """It knows what was before, or what comes after. Only what is in force is worth much work."""
    change(accent="#ff0")
    (address,) = sheets(Client().get("/accounts/login/"))
    squeezed = Client().get(address, headers={"Accept-Encoding": "br"})
    change(accent="#123456")
    answer = Client().get(address, headers={"Accept-Encoding": "br"})
    assert brotli.decompress(answer.content) == brotli.decompress(squeezed.content)
    assert len(squeezed.content) < len(answer.content)


@pytest.mark.parametrize(
    "name",
    [
        "gate-ffff00.0123456789ab.css",
        "gate-ffff0.0123456789ab.css",
        "gate-red;}b.0123456789ab.css",
        "gate-",
        "gate-FFFF00.0123456789ab.css",
        "icons-ffff00.0123456789ab.css",
        "logo.0123456789ab.png",
        "logo.png",
    ],
)
def test_any_other_name_is_not_there(world, name):
    assert Client().get(f"/static/{name}").status_code == 404


def contrast(one: str, other: str) -> float:
    return accents._contrast(accents._rgb(one), accents._rgb(other))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_every_accent_can_be_read_in_both_themes(color):
    """WCAG 2.2 AA, on what is in the style sheet: 4.5 to 1."""
    tones = accents.tones(color)
    for ground in ("#ffffff", "#fafbfc", "#f1f4f6"):
        assert contrast(tones.light, ground) >= 4.5
    for ground in ("#0c1114", "#10151a", "#181d24", "#0a0f13"):
        assert contrast(tones.dark, ground) >= 4.5


@pytest.mark.parametrize("color", ["#00676a", "#123456", "#7a1fa2"])
def test_an_accent_that_can_be_read_on_light_pages_is_used_as_it_is(color):
    assert accents.tones(color).light == color


def test_the_grounds_of_accents_are_those_of_the_style_sheet():
    sheet = styles(set())
    for light, chroma, hue in (accents.SUNKEN, accents.CARD, accents.ON_DARK):
        assert f"oklch({100 * light:g}% {chroma:g} {hue:g})" in sheet
    assert f"var(--tone) {100 * accents.TINT:g}%" in sheet and f"opacity:{accents.FAINT}" in sheet
