"""The vendor's staff say in the console what the portal looks like, and see it before they save."""

import json
import re

import pytest
from allauth.mfa.adapter import get_adapter
from django.test import Client

from forecourt.console.tests.test_catalog import noted
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core.accents import tones
from forecourt.core.brand import brand
from forecourt.core.models import AuditEvent, Brand
from forecourt.people.models import User
from tests.cast import organization, prove, signed_in

HERE = "/console/brand/"
#: What people may write into the form: one good value each.
GOOD = {
    "name": "Nordlicht",
    "support_email": "hilfe@nordlicht.example",
    "help_url": "https://help.nordlicht.example/",
    "community_url": "https://talk.nordlicht.example/",
    "privacy_url": "https://nordlicht.example/privacy",
    "terms_url": "https://nordlicht.example/terms",
    "imprint_url": "http://nordlicht.example/imprint",
    "accent": "#C2410C",
    "sign_in_text": "Welcome to **Nordlicht**.",
    "products_text": "News of products",
    "billing_text": "News of money",
    "no_organization_text": "How to become a customer",
    "sender_name": "Nordlicht Portal",
    "sender_address": "portal@nordlicht.example",
    "mail_footer": "Nordlicht GmbH, Kiel",
}


@pytest.fixture
def save(world, django_capture_on_commit_callbacks):
    """Send the form, as the browser does: with what the person saw in it."""

    def send(client: Client | None = None, *, saw: str | None = None, **typed):
        client = client or at_work()
        page = client.get(HERE).content.decode()
        known = re.search(r"name=\"saw\" value='([^']*)'", page)[1]
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(HERE, {"saw": known if saw is None else saw, **typed})

    return send


def changes() -> list[AuditEvent]:
    """What the log has of the brand, oldest first."""
    return [row for row in noted() if row.event == "staff.brand_changed"]


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_what_is_saved_is_seen_on_every_page_at_once(save):
    assert save(**GOOD)["Location"] == HERE
    sign_in = text_of(Client(), "/accounts/login/")
    assert "<strong>Nordlicht</strong>" in sign_in and "Lumen" not in sign_in
    assert '<a href="https://nordlicht.example/privacy">Privacy</a>' in sign_in
    assert '<a href="http://nordlicht.example/imprint">Imprint</a>' in sign_in
    products = text_of(signed_in("admin@acme.example"), "/o/acme/products/")
    for said in ("News of products", "help.nordlicht", "talk.nordlicht", "Terms</a>"):
        assert said in products
    assert "News of money" in text_of(signed_in("admin@acme.example"), "/o/acme/billing/")
    alone = text_of(signed_in("nobody@example.com"), "/organizations/")
    assert "How to become a customer" in alone and "hilfe@nordlicht.example" in alone


def test_what_happens_in_the_vendors_name_has_it(save):
    """An invitation by staff, and what an authenticator app calls its code."""
    save(**GOOD)
    form = {"name": "Hooli", "email": "first@hooli.example"}
    assert at_work().post("/console/organizations/new/", form).status_code == 303
    assert organization("hooli").invitations.get().inviter_label == "Nordlicht"
    assert get_adapter().build_totp_url(User(email="a@b.example"), "X").endswith("issuer=Nordlicht")


def test_what_is_empty_is_as_the_settings_have_it(save):
    save(**GOOD)
    assert save(name="", accent="")["Location"] == HERE
    assert (brand().name, brand().sender_name, brand().accent) == ("Lumen Tools", "Lumen Tools", "")
    assert brand().sender_address == "no-reply@testserver"
    assert "/static/gate." in text_of(Client(), "/accounts/login/")
    assert set(brand().legal) == set() and Brand.objects.get().version == 2


def test_the_log_says_what_changed_from_what_to_what(save):
    save(**GOOD)
    save(**GOOD | {"name": "Südlicht"})
    rows = changes()
    assert [row.actor_label for row in rows] == [STAFF] * 2
    assert rows[0].before["accent"] == "" and rows[0].after["accent"] == "#c2410c"
    assert (rows[1].before, rows[1].after) == ({"name": "Nordlicht"}, {"name": "Südlicht"})


def test_who_saves_what_is_there_already_reads_that_nothing_was_changed(save):
    client = at_work()
    for said in ("The brand is changed.", "Nothing was changed."):
        save(client, **GOOD)
        assert said in text_of(client, HERE)
    assert (len(changes()), Brand.objects.get().version) == (1, 1)


def test_a_form_that_is_saved_untouched_before_there_is_a_brand_makes_none(save):
    client = at_work()
    assert save(client).status_code == 303
    assert "Nothing was changed." in text_of(client, HERE)
    assert changes() == [] and not Brand.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "x" * 81, "at most 80"),
        ("name", "a\r\nBcc: all@example.com", "one line of plain text"),
        ("name", "a\u2028b", "one line of plain text"),
        ("sender_name", "a\nBcc: all@example.com", "one line of plain text"),
        ("sender_address", "a@b.example\r\nBcc: all@example.com", "one line of plain text"),
        ("sender_address", "Somebody <a@b.example>", "no e-mail address"),
        ("sender_address", "a@b.example, c@d.example", "no e-mail address"),
        ("support_email", "nobody", "no e-mail address"),
        ("help_url", "javascript:alert(1)", "no web address"),
        ("imprint_url", "  JavaScript:alert(1)//https://x", "no web address"),
        ("terms_url", "java\tscript:alert(1)", "one line of plain text"),
        ("privacy_url", "data:text/html,x", "no web address"),
        ("community_url", "//elsewhere.example", "no web address"),
        ("community_url", "https://user:word@elsewhere.example", "no web address"),
        ("help_url", 'https://x.example/"onclick=', "no web address"),
        ("help_url", "https://[x", "no web address"),
        ("accent", "red", "no color"),
        ("accent", "red;}body{display:none", "at most 7"),
        ("accent", "#ff};*{", "no color"),
        ("accent", "#１23456", "no color"),
        ("sign_in_text", "x" * 2_001, "at most 2000"),
        ("products_text", "a\x07b", "nobody can see"),
        ("mail_footer", "x" * 1_001, "at most 1000"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(save, field, value, said):
    page = save(**GOOD | {field: value})
    text = page.content.decode()
    assert page.status_code == 422 and said in text and f'id="id_{field}_error"' in text
    assert "Welcome to **Nordlicht**." in text or field == "sign_in_text"
    assert not Brand.objects.exists() and brand().name == "Lumen Tools"
    assert changes() == []


def test_everything_that_is_wrong_is_said_at_once(save):
    text = save(name="a\nb", accent="red", help_url="x").content.decode()
    assert text.count('class="field__error"') == 3


def test_markdown_harms_nobody(save):
    hostile = "<script>x()</script> [a](javascript:x) ![b](https://spy.example/p) <img onerror=x>"
    texts = [name for name in GOOD if name.endswith("_text")]
    save(**GOOD | dict.fromkeys(texts, hostile))
    for client, address in (
        (Client(), "/accounts/login/"),
        (signed_in("admin@acme.example"), "/o/acme/products/"),
        (signed_in("nobody@example.com"), "/organizations/"),
    ):
        page = text_of(client, address)
        assert "&lt;script&gt;x()" in page and "<script>x" not in page
        assert 'href="javascript' not in page and "<img" not in page


def test_two_who_change_different_things_both_succeed(save):
    """A075: what somebody did not touch stays as the other one left it."""
    client = at_work()
    stale = re.search(r"name=\"saw\" value='([^']*)'", text_of(client, HERE))[1]
    save(name="First", help_url="https://first.example")
    assert save(saw=stale, name="", help_url="", accent="#112233").status_code == 303
    row = Brand.objects.get()
    assert (row.name, row.help_url, row.accent) == ("First", "https://first.example", "#112233")


def test_two_who_change_the_same_thing_are_told(save):
    client = at_work()
    stale = re.search(r"name=\"saw\" value='([^']*)'", text_of(client, HERE))[1]
    save(name="First", mail_footer="Footer")
    page = save(saw=stale, name="Second", mail_footer="")
    text = page.content.decode()
    assert page.status_code == 422 and "meanwhile, to “First”" in text and 'value="Second"' in text
    again = re.search(r"name=\"saw\" value='([^']*)'", text)[1]
    assert save(saw=again, name="Second", mail_footer="").status_code == 303
    assert (Brand.objects.get().name, Brand.objects.get().mail_footer) == ("Second", "Footer")


@pytest.mark.parametrize("saw", ["", "[]", "{}", "nonsense", '{"name": 7}', json.dumps({"x": "y"})])
def test_a_form_that_forgot_what_was_seen_harms_nothing(save, saw):
    assert save(saw=saw, name="Name").status_code in (303, 422)


@pytest.mark.parametrize("duty", ["support", "finance", "catalog"])
def test_only_those_for_settings_may(save, duty):
    client = at_work(duty)
    assert "/console/brand/" not in text_of(client, "/console/")
    for address in (HERE, f"{HERE}preview/light/", f"{HERE}preview/mail/"):
        assert client.get(address).status_code == client.post(address, GOOD).status_code == 403
    assert not Brand.objects.exists()


@pytest.mark.parametrize("who", ["admin@acme.example", "nobody@example.com"])
def test_for_everybody_else_there_is_nothing(world, who):
    client = signed_in(who)
    for address in (HERE, f"{HERE}preview/light/", f"{HERE}preview/mail/"):
        assert client.get(address).status_code == client.post(address, GOOD).status_code == 404


def test_saving_wants_a_fresh_proof(world):
    client = at_work()
    prove(client, "password", "mfa", minutes_ago=16)
    assert "reauthenticate" in client.post(HERE, GOOD)["Location"]
    assert not Brand.objects.exists()


def test_a_page_and_a_mail_are_previewed_and_nothing_is_kept(save):
    client = at_work()
    for what in ("light", "dark"):
        answer = client.post(f"{HERE}preview/{what}/", GOOD)
        page = answer.content.decode()
        assert f'data-theme="{what}"' in page and "<strong>Nordlicht</strong>" in page
        assert "/static/gate-c2410c." in page and "<script" not in page
        policy = answer["Content-Security-Policy"]
        for said in ("frame-ancestors 'self'", "form-action 'none'", "script-src 'none'"):
            assert said in policy
        assert "unsafe" not in policy and answer["X-Frame-Options"] == "SAMEORIGIN"
    answer = client.post(f"{HERE}preview/mail/", GOOD)
    assert "Nordlicht GmbH, Kiel" in answer.content.decode()
    assert f"background:{tones('#c2410c').light}" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "img-src" not in answer["Content-Security-Policy"]
    assert not Brand.objects.exists() and brand().name == "Lumen Tools"


def test_what_cannot_be_is_previewed_as_it_is_now(save):
    save(**GOOD)
    typed = GOOD | {"accent": "red;}body{display:none", "name": "a\nb", "sign_in_text": "*New*"}
    page = at_work().post(f"{HERE}preview/light/", typed).content.decode()
    assert "/static/gate-c2410c." in page and "display:none" not in page
    assert "Nordlicht" in page and "<em>New</em>" in page
    assert at_work().get(f"{HERE}preview/nothing/").status_code == 404


def test_frames_are_let_in_on_this_page_alone(save, settings):
    del settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"]  # the demo's
    try:
        assert "frame-src 'self'" in at_work().get(HERE)["Content-Security-Policy"]
        other = at_work().get("/console/staff/")
        assert "frame-src" not in other["Content-Security-Policy"]
    finally:
        settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"] = ["'self'"]
    sign_in = Client().get("/accounts/login/")
    assert "frame-ancestors 'none'" in sign_in["Content-Security-Policy"]
    assert sign_in["X-Frame-Options"] == "DENY"


def test_the_form_says_which_tones_come_of_a_color(save):
    client = at_work()
    part = client.get(HERE, {"accent": "#ff0"}, headers={"HX-Request": "true"}).content.decode()
    assert "<form" not in part and "#ffff00" in part and part.count("<code>#") == 2
    part = client.get(HERE, {"accent": "#ff"}, headers={"HX-Request": "true"}).content.decode()
    assert "<code>" not in part
