"""The vendor's staff move the primary billing contact by a command. O12, D3, A099."""

import pytest

from forecourt.account.tests.contacts import (
    ADMIN,
    KIM,
    MEMBER,
    PAGE,
    PRIMARY,
    STRANGER,
    contact,
    emails,
    primary,
    traces,
    words,
)
from forecourt.config.cli import main
from forecourt.core.models import AuditEvent
from tests.cast import membership, organization, text_of

WHY = ["--reason", "Has left; confirmed by letter"]


def test_staff_move_it_and_everybody_concerned_is_told(world, browser, mailbox, capsys, settings):
    """With its rights; the reason is in the log, not in the mails."""
    assert main(["primary", "move", "acme", f"{MEMBER.upper()}", "--name", "Moss C.", *WHY]) == 0
    assert f"{MEMBER} is the primary billing contact of Acme." in capsys.readouterr().out
    assert primary() == MEMBER and membership("acme", MEMBER).is_primary
    assert contact(MEMBER).name == "Moss C." and not membership("acme", PRIMARY).is_primary
    letters = {m["To"]: text_of(m) for m in mailbox.deliver()}
    assert set(letters) == {PRIMARY, MEMBER, ADMIN}
    assert all(
        settings.VENDOR["name"] in text and "by letter" not in text for text in letters.values()
    )
    row = words(browser(ADMIN).get(f"{PAGE}activity/"))
    assert "Changed the primary billing contact" in row and "confirmed by letter" in row
    organization("acme")
    event = AuditEvent.objects.get(event="organization.primary_contact_changed")
    assert (event.actor_kind, event.actor_label) == ("system", settings.VENDOR["name"])


def test_what_stands_at_the_address_stays_unless_it_is_typed(world, browser):
    browser(ADMIN).post(f"{PAGE}contacts/", KIM)
    assert main(["primary", "move", "acme", STRANGER, "--phone", "+1 555 0199", *WHY]) == 0
    now = contact(STRANGER)
    assert (now.name, now.phone) == (KIM["name"], "+1 555 0199") and PRIMARY in emails()


def test_the_former_entry_goes_where_staff_say_so(world):
    assert main(["primary", "move", "acme", STRANGER, "--remove-former", *WHY]) == 0
    assert emails() == {STRANGER}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["nowhere", STRANGER, *WHY], "There is no organization “nowhere”."),
        (["acme", "kim at home", *WHY], "Enter an e-mail address"),
        (["acme", STRANGER, "--reason", "  "], "Say why, in 500 letters at most."),
        (["acme", STRANGER, *WHY, "--phone", "1" * 41], "At most 40 letters"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_why(world, capsys, typed, sentence):
    before = traces()
    assert main(["primary", "move", *typed]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith(f"forecourt: {sentence}") and len(said.splitlines()) == 1
    assert traces() == before and primary() == PRIMARY
