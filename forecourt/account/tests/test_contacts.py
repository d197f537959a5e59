"""Additional contacts and which mail they get: S21, S37, S49, S52 to S56, A101, A199, A200."""

import re

import pytest

from forecourt.account.actions import add_contact
from forecourt.account.contact_rules import MOST
from forecourt.account.tests.contacts import (
    ADD,
    ADMIN,
    BOTH,
    KIM,
    MEMBER,
    PAGE,
    PRIMARY,
    STRANGER,
    contact,
    emails,
    link_in,
    path,
    traces,
    words,
)
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.orgs.recipients import MailKind, recipients
from forecourt.people.models import User
from tests.cast import is_member, membership, organization


@pytest.mark.parametrize("who", [ADMIN, PRIMARY, MEMBER])
def test_everybody_sees_the_account_and_its_contacts(world, browser, who):
    """S49: the organization, its primary contact, the others; only who may gets the buttons."""
    add_contact(System(1), **KIM)
    page = browser(who).get(PAGE)
    text = words(page)
    assert "Customer number 1" in text and "Kim Park" in text and STRANGER in text
    assert PRIMARY in text and "Not confirmed" in text
    assert ("Add a contact" in text) == (who != MEMBER)
    assert (f'href="{path(STRANGER)}"' in page.content.decode()) == (who != MEMBER)


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_a_contact_is_added_with_its_kinds_and_gets_those_only(world, browser, who):
    """S52."""
    answer = browser(who).post(ADD, {**KIM, "email": " Kim@New.example"})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    made = contact(STRANGER)
    assert (made.name, made.phone, made.kinds) == ("Kim Park", "+1 555 0100", ["releases"])
    event = AuditEvent.objects.get(event="contact.added")
    assert (event.actor_label, event.object_label) == (who, STRANGER)
    organization("acme").contacts.filter(pk=made.pk).update(confirmed_at="2026-01-01T00:00Z")
    got = [k for k in MailKind if STRANGER in recipients(organization("acme"), k)]
    assert got == ["releases"]


def test_a_contact_gets_no_login(world, browser):
    """S55, S21, A101: no account, no membership, no invitation; the dialog says so."""
    people, admin = User.objects.count(), browser(ADMIN)
    assert "gets e-mails and no access" in words(admin.get(ADD))
    admin.post(ADD, KIM)
    assert User.objects.count() == people and not is_member("acme", STRANGER)
    assert not organization("acme").invitations.filter(email=STRANGER).exists()
    login = {"login": STRANGER, "password": "open-the-door"}
    assert browser().post("/accounts/login/", login).status_code != 302


def test_a_stranger_is_asked_once_and_gets_what_the_contract_needs(world, browser, mailbox):
    """A199: one mail; looking confirms nothing (D11), the button does."""
    every = [kind.value for kind in MailKind]
    browser(ADMIN).post(ADD, {**KIM, "kinds": every})
    (letter,) = mailbox.to(STRANGER)
    house = organization("acme")
    got = {k.value for k in MailKind if STRANGER in recipients(house, k)}
    assert got == {"invoices", "payment_problems", "renewals"}
    link, guest, before = link_in(letter, "confirmation"), browser(), traces()
    assert "named kim@new.example as a contact" in words(guest.get(link)) and before == traces()
    assert "Your address is confirmed" in words(guest.post(link))
    got = [k.value for k in MailKind if STRANGER in recipients(organization("acme"), k)]
    assert got == every
    guest.post(link)  # pressed twice
    organization("acme")
    assert AuditEvent.objects.filter(event="contact.confirmed").count() == 1


def test_a_member_is_known_to_read_their_address(world, browser, mailbox):
    """The same person as member and contact: shown as such, asked nothing."""
    browser(ADMIN).post(ADD, {**KIM, "email": BOTH, "name": ""})
    assert not mailbox.to(BOTH)
    assert contact(BOTH).confirmed_at and membership("acme", BOTH).contact == contact(BOTH)
    row = browser(MEMBER).get(PAGE).content.decode().split(BOTH)[1].split("</td>")[0]
    assert ">Member<" in row.replace("</svg>Member", ">Member") and "Not confirmed" not in row


@pytest.mark.parametrize(
    "address", [PRIMARY, PRIMARY.upper(), "nonsense", "x" * 300 + "@a.example"]
)
def test_an_address_is_one_contact_and_one_that_mail_can_reach(world, browser, address):
    before, admin = traces(), browser(ADMIN)
    answer = admin.post(ADD, {**KIM, "email": address})
    assert answer.status_code == 422 and "Kim Park" in answer.content.decode()
    assert traces() == before


def test_a_contact_is_changed(world, browser):
    """S53: data and kinds; what is the same leaves no trace."""
    add_contact(System(1), **KIM)
    here, admin = path(STRANGER), browser(PRIMARY)
    assert re.search(r'value="releases"[^>]* checked', admin.get(here).content.decode())
    changed = {**KIM, "name": "Kim P.", "kinds": ["invoices", "security"]}
    assert admin.post(here, changed)["Location"] == PAGE
    assert (contact(STRANGER).name, contact(STRANGER).kinds) == ("Kim P.", changed["kinds"])
    before = traces()
    assert admin.post(here, changed).status_code == 303 and traces() == before
    event = AuditEvent.objects.get(event="contact.changed")
    assert event.before == {"name": "Kim Park", "kinds": ["releases"]}


def test_another_address_is_another_person(world, browser, mailbox):
    """What the one before confirmed and left counts no more; their links are dead."""
    made = add_contact(System(1), **KIM)
    (letter,) = mailbox.to(STRANGER)
    link = link_in(letter, "confirmation")
    browser().post(link)
    organization("acme").contacts.filter(pk=made.pk).update(declined=["releases"])
    browser(ADMIN).post(path(STRANGER), {**KIM, "email": "new@new.example"})
    now = contact("new@new.example")
    assert (now.pk, now.confirmed_at, now.declined) == (made.pk, None, [])
    assert len(mailbox.to("new@new.example")) == 1
    assert browser().post(link).status_code == 404 and contact(now.email).confirmed_at is None


def test_a_deleted_contact_gets_nothing_more_not_even_what_waits(world, browser, mailbox):
    """S54, A200: computed when it is sent. Access on Members stays, and the page says so (S56)."""
    browser(ADMIN).post(ADD, {**KIM, "email": BOTH, "kinds": ["member_changes"]})
    browser(ADMIN).post(f"/o/acme/members/{membership('acme', MEMBER).pk}/role/", {"role": "admin"})
    here = path(BOTH, "removal/")
    question = words(browser(PRIMARY).get(here))
    assert "keeps access to Acme" in question and BOTH in emails()
    assert browser(PRIMARY).post(here).status_code == 303
    assert not mailbox.to(BOTH) and mailbox.to(PRIMARY)
    assert BOTH not in emails() and is_member("acme", BOTH)
    assert AuditEvent.objects.filter(event="contact.removed", object_label=BOTH).count() == 1


def test_removing_the_member_leaves_the_contact_confirmed(world, browser):
    """S37: they keep receiving those e-mails."""
    browser(ADMIN).post(ADD, {**KIM, "email": BOTH})
    browser(ADMIN).post(f"/o/acme/members/{membership('acme', BOTH).pk}/removal/")
    assert not is_member("acme", BOTH)
    assert BOTH in recipients(organization("acme"), MailKind.RELEASES)


@pytest.mark.parametrize(
    "wrong", [{"kinds": ["gossip"]}, {"phone": "1" * 41}, {"name": "a\u202eb"}]
)
def test_what_no_form_sends_is_refused(world, browser, wrong):
    before = traces()
    assert browser(ADMIN).post(ADD, {**KIM, **wrong}).status_code == 422
    assert traces() == before


def test_strangers_are_mailed_only_so_often_and_there_is_an_end_of_contacts(world, browser):
    """A199: twenty changes within an hour, fifty contacts."""
    admin = browser(ADMIN)
    for number in range(20):
        admin.post(ADD, {**KIM, "email": f"n{number}@new.example"})
    answer = admin.post(ADD, KIM)
    assert answer.status_code == 429 and answer["Retry-After"]
    for number in range(organization("acme").contacts.count(), MOST):
        add_contact(System(1), **{**KIM, "email": f"m{number}@new.example"})
    assert "50 contacts at most" in words(admin.post(ADD, {**KIM, "email": "z@new.example"}))
    assert len(emails()) == MOST


def test_many_contacts_cost_no_more_queries_than_few(world, browser, django_assert_num_queries):
    admin = browser(ADMIN)
    admin.get(PAGE)
    for more in (1, 20):
        for number in range(more):
            add_contact(System(1), **{**KIM, "email": f"n{more}-{number}@new.example"})
        with django_assert_num_queries(6):
            assert admin.get(PAGE).status_code == 200


def test_a_mail_of_a_kind_goes_to_each_alone(world, browser, mailbox):
    """A201: nobody reads who else gets it."""
    browser(ADMIN).post(ADD, {**KIM, "email": BOTH, "kinds": ["member_changes"]})
    browser(ADMIN).post(f"/o/acme/members/{membership('acme', MEMBER).pk}/role/", {"role": "admin"})
    for message in mailbox.deliver():
        assert message["To"].count("@") == 1 and not message["Cc"] and not message["Bcc"]
    assert mailbox.to(BOTH)
