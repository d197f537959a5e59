"""What follows from what became of a mail: a contact is marked, nobody is silenced. A202, F25."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from forecourt.account import fates
from forecourt.account.tests.contacts import (
    ADMIN,
    BOTH,
    KIM,
    MEMBER,
    PAGE,
    PRIMARY,
    STRANGER,
    contact,
    give_address,
    path,
    words,
)
from forecourt.account.tests.mails import (
    BOUNCED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    UNKNOWN,
    again,
    events,
    sent,
    tell,
)
from forecourt.core import mail, scope
from forecourt.core.actors import System
from forecourt.core.fates import Told
from forecourt.core.models import Mail
from forecourt.orgs import contact_links
from forecourt.orgs.contacts import meet
from forecourt.orgs.mail_kinds import OPTIONAL, MailKind
from forecourt.orgs.models import Contact
from forecourt.orgs.recipients import recipients
from forecourt.people.models import User
from tests.cast import organization, run_jobs


@pytest.fixture
def kim(world, browser) -> Contact:
    """An additional contact of Acme."""
    assert browser(ADMIN).post(PAGE + "contacts/", KIM).status_code == 303
    return contact(STRANGER)


def bounced() -> Contact:
    """Kim, after a mail to them came back."""
    tell(sent(STRANGER, minutes=5), BOUNCED, UNKNOWN)
    found = contact(STRANGER)
    assert found.bounced_at is not None
    return found


def test_a_mail_that_comes_back_marks_the_contact_and_is_in_the_audit_log(kim):
    row = tell(sent(STRANGER), BOUNCED, UNKNOWN)
    assert (row.status, row.error) == ("bounced", UNKNOWN)
    assert contact(STRANGER).bounce == UNKNOWN
    assert events()[-2:] == ["mail.bounced", "contact.bounced"]


def test_it_marks_in_the_mails_own_organization_alone(kim, browser):
    Contact.objects.create(organization=organization("globex"), email=STRANGER)
    tell(sent(STRANGER), BOUNCED)
    assert contact(STRANGER).bounced_at
    assert organization("globex").contacts.get(email=STRANGER).bounced_at is None
    assert events("globex") == []


def test_who_is_marked_goes_on_getting_mail(kim):
    """A202: a forged bounce cannot silence a victim; nor does a bounce cause a mail."""
    before = Mail.objects.count()
    tell(sent(PRIMARY), BOUNCED)
    assert contact(PRIMARY).bounced_at
    house = organization("acme")
    assert all(PRIMARY in recipients(house, kind) for kind in MailKind)
    run_jobs()
    organization("acme")
    assert Mail.objects.count() == before + 1  # the one that came back


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([DELIVERED], "delivered"),
        ([DELIVERED, BOUNCED], "bounced"),
        ([BOUNCED, DELIVERED], "bounced"),
        ([BOUNCED, DELIVERED, BOUNCED, BOUNCED], "bounced"),
        ([COMPLAINED, BOUNCED, DELIVERED], "complained"),
        ([DELIVERED, COMPLAINED, DELIVERED], "complained"),
        ([FAILED, DELIVERED], "failed"),
    ],
)
def test_order_and_repetition_do_not_matter(kim, told, status):
    row = sent(STRANGER)
    for fate in told:
        tell(row, fate, UNKNOWN)
    assert again(row).status == status
    noted = [event for event in events() if event.startswith("mail.")]
    assert len(noted) == len(set(noted))


@pytest.mark.parametrize("status", ["queued", "dropped"])
def test_what_was_not_sent_has_no_other_fate(kim, status):
    row = sent(STRANGER, status=status)
    before = events()
    assert tell(row, BOUNCED).status == status
    assert contact(STRANGER).bounced_at is None and events() == before


def test_a_token_that_no_mail_has_finds_none(kim):
    sent(STRANGER)
    for token in ("", "0" * 32, "%", "_" * 32, "a" * 31 + "%", "x\x00"):
        assert not fates.believe(Told(token, BOUNCED))
    assert contact(STRANGER).bounced_at is None


def test_a_soft_failure_marks_nobody(kim):
    assert tell(sent(STRANGER), BOUNCED, is_for_good=False).status == "bounced"
    assert contact(STRANGER).bounced_at is None


def test_spam_has_the_contact_leave_what_can_be_left_and_nothing_else(kim):
    tell(sent(STRANGER), COMPLAINED)
    found = contact(STRANGER)
    assert {*found.declined} == OPTIONAL and found.bounced_at is None
    assert found.kinds == KIM["kinds"] and events()[-1] == "contact.complained"
    tell(sent(PRIMARY), COMPLAINED)
    house = organization("acme")
    assert PRIMARY in recipients(house, MailKind.INVOICES)
    assert PRIMARY in recipients(house, MailKind.PAYMENT_PROBLEMS)
    assert PRIMARY in recipients(house, MailKind.SECURITY)
    assert PRIMARY not in recipients(house, MailKind.MEMBER_CHANGES)


def test_a_later_mail_that_arrives_takes_the_mark_away(kim):
    older = sent(STRANGER, minutes=9)
    bounced()
    tell(older, DELIVERED)
    assert contact(STRANGER).bounced_at, "an earlier one says nothing"
    tell(sent(STRANGER, minutes=-1), DELIVERED)
    assert contact(STRANGER).bounced_at is None and events()[-1] == "contact.works_again"


def test_an_old_mails_bounce_does_not_mark_after_a_later_one_arrived(kim):
    older = sent(STRANGER, minutes=9)
    tell(sent(STRANGER), DELIVERED)
    tell(older, BOUNCED)
    assert contact(STRANGER).bounced_at is None


def test_who_proves_the_address_by_a_mailed_code_got_that_mail(kim):
    bounced()
    give_address(MEMBER, STRANGER, verified=True)
    scope.clear()
    meet(User.objects.get(email=MEMBER).pk)
    assert contact(STRANGER).bounced_at is None
    assert events()[-2:] == ["contact.works_again", "contact.met"]


def test_another_address_is_not_marked(kim, browser):
    bounced()
    browser(ADMIN).post(path(STRANGER), {**KIM, "email": "other@new.example"})
    assert contact("other@new.example").bounced_at is None
    assert contact("other@new.example").bounce == ""


@pytest.mark.parametrize("page", ["confirmation", "preferences", "unsubscribe"])
def test_who_presses_a_button_of_a_mails_link_got_it(kim, browser, mailbox, page):
    purpose = {"confirmation": "confirm"}.get(page, page)
    address = contact_links.address(purpose, bounced(), "releases").partition("testserver")[2]
    assert browser().get(address).status_code == 200
    assert contact(STRANGER).bounced_at, "a scanner that looks shows nothing"
    assert browser().post(address).status_code in (200, 302, 303)
    assert contact(STRANGER).bounced_at is None and "contact.works_again" in events()


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_it_works_again_by_the_button(kim, browser, who):
    bounced()
    client = browser(who)
    assert "Mail comes back" in words(client.get(PAGE))
    client.post(path(STRANGER, "bounce/"))
    assert contact(STRANGER).bounced_at is None and events()[-1] == "contact.works_again"
    told = words(client.get(PAGE))
    assert "no longer marked" in told and "Mail comes back" not in told


def test_members_see_the_mark_and_neither_reason_nor_button(kim, browser):
    bounced()
    told = words(browser(MEMBER).get(PAGE))
    assert "Mail comes back since" in told
    assert UNKNOWN not in told and "It works again" not in told
    assert browser(MEMBER).post(path(STRANGER, "bounce/")).status_code == 403
    assert UNKNOWN in words(browser(ADMIN).get(PAGE))


def test_at_the_primary_contact_it_stands_out(world, browser):
    tell(sent(PRIMARY), BOUNCED, UNKNOWN)
    told = words(browser(ADMIN).get(PAGE))
    assert "invoices may reach nobody" in told and told.count("It works again") == 1
    assert told.count("Mail comes back") == 2


def test_a_refusal_at_the_mail_servers_door_marks_too(kim, browser, mailbox):
    """F25: 5xx at once; what is not for good does not."""

    async def no(server, session, envelope, address, options):
        return "550 5.1.1 No such mailbox"

    mailbox.handle_RCPT = no
    browser(ADMIN).post(path(STRANGER), {**KIM, "email": BOTH.replace("both", "uma")})
    run_jobs()
    found = contact("uma@example.com")
    assert found.bounced_at and found.bounce == "550 5.1.1 No such mailbox"
    assert events()[-1] == "contact.bounced"


def test_an_invitation_that_came_back_could_not_be_delivered(world, browser, mailbox):
    """F25: as one that was refused at once."""
    member = browser(MEMBER)
    member.post("/o/acme/members/invitations/", {"email": "kim@example.com"})
    run_jobs()
    organization("acme")
    tell(Mail.objects.get(to="kim@example.com"), BOUNCED, UNKNOWN)
    assert "Could not deliver" in member.get("/o/acme/members/").content.decode()


def test_a_mail_of_nobodys_organization_is_noted_and_marks_no_contact(kim):
    row = sent(STRANGER)
    with transaction.atomic(), scope.organization(None):
        house = {"kind": "people.login_code", "status": "sent", "message_id": mail._message_id()}
        row = Mail.objects.create(organization_id=None, to=STRANGER, **house)
    assert fates.believe(Told(row.token, BOUNCED, is_for_good=True))
    assert contact(STRANGER).bounced_at is None
    with transaction.atomic(), scope.organization(None):
        assert Mail.objects.get(pk=row.pk).status == "bounced"


def test_no_organization_notes_the_fate_of_anothers_mail(kim):
    row = sent(STRANGER)
    theirs = System(organization("globex").pk)
    fates.note_fate(theirs, mail_id=row.pk, told=Told(row.token, BOUNCED, is_for_good=True))
    assert again(row).status == "sent" and contact(STRANGER).bounced_at is None


def test_a_time_in_the_future_is_now(kim):
    row = tell(sent(STRANGER), BOUNCED, at=timezone.now() + dt.timedelta(days=400))
    assert row.told_at <= timezone.now()
