"""Inviting several at once: S20's limit exceeded, with a preview, a CSV file, safe to run again."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, page_words, row
from tests.cast import organization, pending

PREVIEW = HERE + "invitations/several/"
SEND = PREVIEW + "sending/"
LIST = """kim@example.com
Lee Ander <LEE@example.com>, "Fern, Abel" <abel@example.com>
member@acme.example
new.hire@acme.example
late.reply@acme.example
nonsense
kim@EXAMPLE.com
"""


def csv(text, name="people.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return SimpleUploadedFile(name, content, content_type="text/csv")


def hidden_fields(response):
    """What the preview's own form would send."""
    markup = response.content.decode()
    form = next(x for x in re.findall(r"<form.*?</form>", markup, re.S) if f'"{SEND}"' in x)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S)
    fields.update(areas)
    fields.pop("csrf", None)
    return {name: unescape(value) for name, value in fields.items()}


def test_the_preview_says_for_each_line_what_will_happen_and_writes_nothing(world, browser):
    """S20: every kind of line has its verdict, and nothing is sent yet."""
    admin = browser("admin@acme.example")
    organization("acme")
    counts = AuditEvent.objects.count(), Mail.objects.count()
    answer = admin.post(PREVIEW, {"people": LIST, "role": "member"})
    assert answer.status_code == 200
    assert "Will be invited" in row(answer, "kim@example.com")
    assert "Will be invited" in row(answer, "lee@example.com")
    assert "Will be invited" in row(answer, "abel@example.com")
    assert "Already a member" in row(answer, "member@acme.example")
    assert "Already invited" in row(answer, "new.hire@acme.example")
    assert "had expired" in row(answer, "late.reply@acme.example")
    assert "Not an e-mail address" in row(answer, "nonsense")
    assert "Stands above already" in page_words(answer)
    assert "4 invitations" in page_words(answer)
    organization("acme")
    assert (AuditEvent.objects.count(), Mail.objects.count()) == counts


def test_what_the_preview_promised_is_what_is_sent(world, browser, mailbox):
    """S15, S16, S20: sending the preview's own form invites those lines and no other."""
    admin = browser("admin@acme.example")
    fields = hidden_fields(admin.post(PREVIEW, {"people": LIST, "role": "member"}))
    answer = admin.post(SEND, fields)
    assert answer.status_code == 200
    assert "4 invitations are on their way" in page_words(answer)
    assert "Invited." in row(answer, "kim@example.com")
    expected = ["abel@example.com", "kim@example.com", "late.reply@acme.example", "lee@example.com"]
    assert sorted(message["To"] for message in mailbox.deliver()) == expected
    assert not pending("acme", "late.reply@acme.example").is_expired


def test_the_same_list_again_invites_nobody_twice(world, browser, mailbox):
    """O3, O4: running it again leaves every link good and mails nobody."""
    admin = browser("admin@acme.example")
    admin.post(SEND, {"people": LIST, "role": "member"})
    hashes = dict(organization("acme").invitations.values_list("email", "token_hash"))
    sent = len(mailbox.deliver())
    answer = admin.post(SEND, {"people": LIST, "role": "member"})
    assert "0 invitations" in page_words(answer)
    assert "Already invited" in row(answer, "kim@example.com")
    assert "Already a member" in row(answer, "member@acme.example")
    assert dict(organization("acme").invitations.values_list("email", "token_hash")) == hashes
    assert len(mailbox.deliver()) == sent


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_with_a_heading_and_roles(world, browser, separator):
    """S20: the file's own roles count for an Admin, and the preview's form carries the file on."""
    text = "\ufeffName,E-mail,Role\r\nKim Park,kim@example.com,Admin\r\nLee,lee@example.com,\r\n"
    admin = browser("admin@acme.example")
    answer = admin.post(PREVIEW, {"file": csv(text.replace(",", separator)), "role": "member"})
    assert answer.status_code == 200
    assert "Admin" in row(answer, "kim@example.com")
    assert "Heading" not in page_words(answer)
    admin.post(SEND, hidden_fields(answer))
    assert pending("acme", "kim@example.com").role == "admin"
    assert pending("acme", "lee@example.com").role == "member"


def test_a_members_file_makes_no_admin(world, browser):
    """S13, D2: a role in the file of a Member is not heeded."""
    member = browser("member@acme.example")
    answer = member.post(PREVIEW, {"file": csv("kim@example.com,admin\n")})
    assert "Admin" not in row(answer, "kim@example.com")
    member.post(SEND, {"people": "kim@example.com,admin", "role": "admin"})
    assert pending("acme", "kim@example.com").role == "member"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"people": ""}, "Enter at least one address"),
        ({"people": " \n \n"}, "Enter at least one address"),
        ({"people": "nul\x00@example.com"}, "Null characters are not allowed"),
        ({"people": "\n".join(f"p{n}@example.com" for n in range(101))}, "At most 100"),
        ({"file": csv("a@example.com\x00")}, "null characters"),
        ({"file": csv(b"\xff\xfea\x00@")}, "not text in UTF-8"),
        ({"file": csv("x" * 200_001)}, "larger than 200 KB"),
        ({"people": "kim@example.com", "role": "owner"}, "owner is not one of the"),
    ],
    ids=range(8),
)
def test_what_cannot_be_read_is_refused_with_a_sentence(world, browser, fields, sentence):
    """S20: 422, the sentence, the typed text kept, nothing written; for both addresses."""
    admin = browser("admin@acme.example")
    for address in (PREVIEW, SEND):
        if "file" in fields:
            fields["file"].seek(0)
        answer = admin.post(address, {"role": "member", **fields})
        assert answer.status_code == 422
        assert sentence in page_words(answer)
        typed = fields.get("people", "").strip()
        assert typed[:15].replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert organization("acme").invitations.count() == 2


def test_strange_lines_are_left_out_with_a_verdict(world, browser):
    """S20: quotes that do not end, formulas, markup and very long lines are lines like others."""
    lines = [
        '"open quote, kim@example.com',
        '=HYPERLINK("x")',
        "<b>bold</b>",
        "x" * 5_000 + "@x.example",
    ]
    answer = browser("admin@acme.example").post(PREVIEW, {"people": "\n".join(lines)})
    assert answer.status_code == 200
    assert b"<b>bold</b>" not in answer.content
    assert page_words(answer).count("Not an e-mail address") >= 3


def test_a_limit_in_the_middle_says_which_lines_were_not_sent(world, browser, settings):
    """O28: what fits the limit is sent, every other line says that it was not."""
    settings.INVITATIONS_PER_HOUR_PERSON = 3
    people = "\n".join(f"p{n}@example.com" for n in range(5))
    answer = browser("member@acme.example").post(SEND, {"people": people})
    assert "3 invitations are on their way" in page_words(answer)
    assert "within an hour" in row(answer, "p3@example.com")
    assert "Not sent" in row(answer, "p4@example.com")
    assert organization("acme").invitations.filter(email__endswith="@example.com").count() == 3
