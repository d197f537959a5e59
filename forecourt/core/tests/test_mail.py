"""Mail: what it says, what nobody can smuggle into it, once and not more. S16, D8, D14, A030–A032."""

import re
import smtplib

import pytest
from django.core.mail.backends.smtp import EmailBackend

from forecourt.core import mail
from forecourt.core.models import Mail
from forecourt.orgs.models import Organization
from forecourt.people.models import User
from tests.cast import free_port, organization, pending, run_jobs, text_of

INVITE = "/o/acme/members/invitations/"
KIM = "kim@example.com"


def named(browser, *, person="", company=""):
    """Moss Calder, with the name `person`, invites Kim to Acme, named `company`."""
    if person:
        User.objects.filter(email="member@acme.example").update(name=person)
    if company:
        organization("acme")
        Organization.objects.filter(slug="acme").update(name=company)
    assert browser("member@acme.example").post(INVITE, {"email": KIM}).status_code == 303


def html_of(message):
    return message.get_body(("html",)).get_content()


def test_a_mail_has_two_parts_one_sender_and_says_that_it_is_automatic(world, browser, mailbox):
    """S16: the vendor's name, whom to answer, and no out-of-office back."""
    named(browser)
    (message,) = mailbox.to(KIM)
    assert message["From"].startswith("Lumen Tools <")
    assert message["Reply-To"] == "help@lumen.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert len(message.get_all("Message-ID")) == 1
    assert message["Date"]
    assert text_of(message).count("http://testserver/invitations/") == 1
    assert pending("acme", KIM).token() in html_of(message)
    assert not re.search(r"<(script|img|link|iframe)", html_of(message))


@pytest.mark.parametrize(
    "name",
    [
        "A\r\nBcc: x@evil.example",
        "A\nX-Evil: 1\n\n<b>body</b>",
        "A\u2028Bcc: x@evil.example",
        "A\x0b\x0cB",
        "x" * 120,
    ],
)
@pytest.mark.parametrize("whose", ["person", "company"])
def test_a_name_adds_no_header_and_stops_no_mail(world, browser, mailbox, name, whose):
    """A031: one subject in one line, no other recipient; the mail is still sent."""
    named(browser, **{whose: name})
    (message,) = mailbox.deliver()
    assert message["To"] == KIM
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert len(message.get_all("Subject")) == 1
    assert "\n" not in message["Subject"]
    assert len(message["Subject"]) <= 200
    assert "http://testserver/invitations/" in text_of(message)


def test_a_name_that_pretends_to_be_the_vendor_is_no_sender(world, browser, mailbox):
    """A032: From is the vendor's fixed address; the name stands in the text alone."""
    named(browser, person="Vendor Security <security@vendor.example>")
    (message,) = mailbox.deliver()
    assert message["From"].addresses[0].display_name == "Lumen Tools"
    assert "security@vendor.example" not in message["From"]
    assert message["Sender"] is None


@pytest.mark.parametrize("whose", ["person", "company"])
@pytest.mark.parametrize(
    "name",
    ['Org<a href="//evil.example">x</a>', "<img src=//evil.example/t>", "{{ 7*7 }}%(x)s{% x %}"],
)
def test_markup_in_a_name_is_text(world, browser, mailbox, name, whose):
    """A030: escaped in the HTML, and no template of ours runs it."""
    named(browser, **{whose: name})
    (message,) = mailbox.deliver()
    assert "<img" not in html_of(message)
    assert 'href="//evil' not in html_of(message)
    assert "49" not in message["Subject"]
    links = set(re.findall(r'href="([^"]*)"', html_of(message)))
    assert all(
        link.startswith(("http://testserver", "mailto:help@lumen.example")) for link in links
    )


@pytest.mark.parametrize(
    "name", ["Win at http://evil.example", "HTTPS://EVIL.EXAMPLE/x", "see www.evil.example"]
)
def test_an_address_in_a_name_makes_no_link(world, browser, mailbox, name):
    """A030: defanged in the text part, which mail programs search for addresses."""
    named(browser, company=name)
    (message,) = mailbox.deliver()
    for part in (text_of(message), message["Subject"]):
        assert not re.search(r"(?i)(https?://|www\.)evil", part)
        assert "evil" in part.lower()


def test_a_server_that_is_down_loses_nothing_and_doubles_nothing(world, browser, mailbox, settings):
    """D8: the job raises and is tried again; one mail with one Message-ID when it is back."""
    named(browser)
    organization("acme")
    row = Mail.objects.get(to=KIM)
    up = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    mail.forget_connection()
    for _try in range(2):
        with pytest.raises(OSError, match="refused"):
            mail.deliver(row.pk, row.organization_id)
    organization("acme")
    assert Mail.objects.get(pk=row.pk).status == "queued"
    settings.EMAIL_PORT = up
    for _try in range(3):
        mail.deliver(row.pk, row.organization_id)
    (message,) = mailbox.messages
    assert message["Message-ID"] == row.message_id
    organization("acme")
    assert Mail.objects.get(pk=row.pk).status == "sent"


def test_a_kept_connection_that_has_died_is_opened_anew(world, browser, mailbox):
    """D8: one mail each, whatever happened between them."""
    admin = browser("admin@acme.example")
    for number in range(3):
        admin.post(INVITE, {"email": f"k{number}@example.com"})
        run_jobs()
        kept: EmailBackend = mail._kept.connection
        kept.connection.close()
    assert [message["To"] for message in mailbox.messages] == [
        f"k{n}@example.com" for n in range(3)
    ]


def test_a_refusal_for_good_is_kept_and_not_tried_again(world, browser, mailbox):
    """S16: 5xx from the server: marked failed, with what the server said."""

    async def no(server, session, envelope, address, options):
        return "550 5.1.1 No such mailbox"

    mailbox.handle_RCPT = no
    named(browser)
    run_jobs()
    organization("acme")
    row = Mail.objects.get(to=KIM)
    assert row.status == "failed"
    assert "550" in row.error
    assert (
        "Could not deliver"
        in browser("member@acme.example").get("/o/acme/members/").content.decode()
    )


def test_a_refusal_for_now_is_tried_again(world, browser, mailbox):
    """S16: 4xx: the job raises, the mail stays queued, and goes later."""
    answers = ["451 4.7.1 Greylisted, try again", "250 OK"]

    async def later(server, session, envelope, address, options):
        answer = answers.pop(0)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    mailbox.handle_RCPT = later
    named(browser)
    organization("acme")
    row = Mail.objects.get(to=KIM)
    with pytest.raises(smtplib.SMTPException):
        mail.deliver(row.pk, row.organization_id)
    mail.deliver(row.pk, row.organization_id)
    assert [message["To"] for message in mailbox.messages] == [KIM]


def test_links_come_from_the_public_url_alone(world, browser, mailbox, settings):
    """A033: whatever the request said about hosts."""
    settings.PUBLIC_URL = "https://portal.lumen.example"
    member = browser("member@acme.example")
    forged = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Forwarded-Proto": "http",
        "Referer": "https://evil.example/",
        "Origin": "null",
    }
    member.post(INVITE, {"email": KIM}, headers=forged)
    browser().post("/accounts/password/reset/", {"email": "nobody@example.com"}, headers=forged)
    browser().post("/accounts/password/reset/", {"email": "unknown@example.com"}, headers=forged)
    messages = mailbox.deliver()
    assert len(messages) == 3
    for message in messages:
        both = text_of(message) + html_of(message)
        assert "evil.example" not in both
        hosts = set(re.findall(r"https?://[^/\s\"<]+", both))
        assert hosts == {"https://portal.lumen.example"}
