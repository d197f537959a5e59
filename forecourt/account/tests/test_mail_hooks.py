"""What mail providers tell by webhooks, in their own shapes; unsigned it changes nothing. A202."""

import base64
import hashlib
import hmac
import json

import pytest
from django.test import Client

from forecourt.account.delivery_views import DOORS
from forecourt.account.tests.contacts import PRIMARY, contact
from forecourt.account.tests.mails import UNKNOWN, again, events, sent
from forecourt.config.mail_kinds import APIS
from forecourt.orgs.mail_kinds import OPTIONAL
from tests.cast import organization
from tests.invariants import picture

SECRET, KEY = "hooks:a-long-random-password", "key-of-mailgun"
BASIC = "Basic " + base64.b64encode(SECRET.encode()).decode()


@pytest.fixture
def postmark(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": [SECRET]}


@pytest.fixture
def mailgun(settings):
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "k",
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        "WEBHOOK_SECRET": [SECRET],
    }


def post(client, provider, event, basic=BASIC):
    body = event if isinstance(event, str) else json.dumps(event)
    signed = {"Authorization": basic} if basic else {}
    address = f"/hooks/mail/{provider}/"
    return client.post(address, body, content_type="application/json", headers=signed)


def of_postmark(row, kind="Bounce", **more) -> dict:
    """As Postmark's documentation shows it."""
    return {
        "RecordType": kind,
        "MessageStream": "outbound",
        "ID": 4323372036854775807,
        "Type": {"Bounce": "HardBounce", "SpamComplaint": "SpamComplaint"}.get(kind, ""),
        "TypeCode": 1,
        "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"forecourt": row.token},
        "Description": "The server was unable to deliver your message.",
        "Details": f"smtp;550 {UNKNOWN}",
        "Email": row.to,
        "Recipient": row.to,
        "From": "portal@lumen.example",
        "BouncedAt": "2026-03-05T16:33:54.9070259Z",
        "DeliveredAt": "2026-03-05T16:33:54.9070259Z",
        **more,
    }


def of_mailgun(row, event="failed", key=KEY, **more) -> dict:
    """As Mailgun's documentation shows it."""
    stamp, token = "1529006854", "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "severity": "permanent",
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1521233195.375624,
            "recipient": row.to,
            "reason": "suppress-bounce",
            "user-variables": {"forecourt": row.token},
            "message": {"headers": {"message-id": row.message_id.strip("<>"), "to": row.to}},
            "delivery-status": {"code": 550, "message": "", "description": UNKNOWN},
            **more,
        },
    }


def test_postmark_tells_of_a_bounce(world, browser, postmark):
    row = sent(PRIMARY)
    assert post(browser(), "postmark", of_postmark(row)).status_code == 200
    assert again(row).status == "bounced" and UNKNOWN in again(row).error
    assert UNKNOWN in contact(PRIMARY).bounce
    assert events() == ["mail.bounced", "contact.bounced"]
    assert post(browser(), "postmark", of_postmark(row)).status_code == 200
    assert events() == ["mail.bounced", "contact.bounced"]


@pytest.mark.parametrize(
    ("kind", "more", "status", "is_marked"),
    [
        ("Delivery", {}, "delivered", False),
        ("SpamComplaint", {}, "complained", False),
        ("Bounce", {"Type": "SoftBounce"}, "bounced", False),
        ("Bounce", {"Type": "Transient"}, "sent", False),
        ("Bounce", {"Type": "BadEmailAddress"}, "failed", True),
        ("Bounce", {"Type": "DMARCPolicy"}, "failed", False),
        ("Bounce", {"Type": "AutoResponder"}, "sent", False),
        ("Open", {}, "sent", False),
        ("Unheard", {}, "sent", False),
        ("Bounce", {"Metadata": {}}, "sent", False),
        ("Bounce", {"Metadata": {"forecourt": 7}}, "sent", False),
    ],
)
def test_what_else_postmark_tells(world, browser, postmark, kind, more, status, is_marked):
    row = sent(PRIMARY)
    assert post(browser(), "postmark", of_postmark(row, kind, **more)).status_code == 200
    assert again(row).status == status
    assert bool(contact(PRIMARY).bounced_at) == is_marked


def test_mailgun_tells_of_a_bounce_and_of_spam(world, browser, mailgun):
    row, other = sent(PRIMARY), sent(PRIMARY)
    assert post(browser(), "mailgun", of_mailgun(row)).status_code == 200
    assert again(row).status == "bounced" and contact(PRIMARY).bounced_at
    assert post(browser(), "mailgun", of_mailgun(other, "complained")).status_code == 200
    assert again(other).status == "complained" and {*contact(PRIMARY).declined} == OPTIONAL


def test_mailgun_tries_again_what_failed_for_now(world, browser, mailgun):
    row = sent(PRIMARY)
    post(browser(), "mailgun", of_mailgun(row, severity="temporary"))
    assert again(row).status == "sent"


@pytest.mark.parametrize("basic", ["", "Basic " + base64.b64encode(b"hooks:no").decode(), "x"])
def test_without_the_secret_it_is_refused_and_changes_nothing(world, browser, postmark, basic):
    """A202."""
    row = sent(PRIMARY)
    before = picture()
    assert post(browser(), "postmark", of_postmark(row), basic).status_code == 400
    assert picture() == before


@pytest.mark.parametrize("key", ["another", ""])
def test_without_the_providers_signature_neither(world, browser, mailgun, key):
    row = sent(PRIMARY)
    event = of_mailgun(row, key=key or "x")
    if not key:
        del event["signature"]
    before = picture()
    assert post(browser(), "mailgun", event).status_code == 400
    assert picture() == before


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '"x"', "null", "\x00", '{"signature": []}'])
@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_what_nobody_signed_is_refused_before_it_is_read(world, browser, provider, request, body):
    request.getfixturevalue(provider)
    assert post(browser(), provider, body, basic="").status_code == 400


def test_without_a_secret_there_is_no_such_address(world, browser, postmark, settings):
    row = sent(PRIMARY)
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": []}
    assert post(browser(), "postmark", of_postmark(row)).status_code == 404
    assert again(row).status == "sent"


def test_another_providers_address_is_not_there(world, browser, postmark):
    row = sent(PRIMARY)
    for provider in ("mailgun", "sendgrid", "anymail", "postmark-x"):
        assert post(browser(), provider, of_postmark(row)).status_code == 404
    assert again(row).status == "sent"


def test_every_provider_has_its_door(world, browser, settings):
    assert {*DOORS} == {*APIS}
    for provider, needed in APIS.items():
        named = {f"{provider}_{each}".upper(): "x" for each in needed}
        settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {**named, "WEBHOOK_SECRET": [SECRET]}
        assert post(browser(), provider, "{}", basic="").status_code == 400


def test_it_needs_no_token_of_a_form(world, postmark):
    row = sent(PRIMARY)
    client = Client(enforce_csrf_checks=True)
    assert post(client, "postmark", of_postmark(row)).status_code == 200
    assert again(row).status == "bounced"


def test_what_the_provider_said_keeps_no_link_and_no_token(world, browser, postmark):
    row = sent(PRIMARY)
    said = f"550 see https://evil.example/?x=1\r\nfor {row.token}\x1b[31m {'long ' * 200}"
    post(browser(), "postmark", of_postmark(row, Details=said))
    told = contact(PRIMARY).bounce
    assert told.startswith("550 see … for …�[31m long") and len(told) == 300
    organization("acme")
