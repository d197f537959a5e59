"""Leaving mail without an account: O22, A198, RFC 8058."""

import logging
import re

import pytest
from django.test import Client

from forecourt.account.actions import add_contact
from forecourt.account.tests.contacts import (
    ADMIN,
    KIM,
    MEMBER,
    PRIMARY,
    STRANGER,
    contact,
    link_in,
    traces,
    words,
)
from forecourt.core.actors import System
from forecourt.core.logs import WithoutTokens
from forecourt.orgs import contact_links
from forecourt.orgs.contacts import confirm
from forecourt.orgs.recipients import MailKind, recipients
from tests.cast import membership, organization, signed_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def letter(world, browser, mailbox):
    """A mail about a member, to a contact who chose such mail and has confirmed."""
    made = add_contact(System(1), **{**KIM, "kinds": ["member_changes", "security"]})
    organization("acme")
    confirm(made.pk)
    browser(ADMIN).post(f"/o/acme/members/{membership('acme', MEMBER).pk}/role/", {"role": "admin"})
    return next(m for m in mailbox.to(STRANGER) if "is now Admin" in m["Subject"])


def way_out(message) -> str:
    """The path of the header's link."""
    return re.fullmatch(r"<https?://[^/]+(/\S+)>", message["List-Unsubscribe"].strip())[1]


def gets(kind: MailKind) -> bool:
    return STRANGER in recipients(organization("acme"), kind)


def test_a_mail_program_leaves_at_one_click(letter):
    """Without session and token of a form; it works, and once more too, for good."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    for _click in range(2):
        assert strict.post(way_out(letter), ONE_CLICK).status_code == 200
        assert not gets(MailKind.MEMBER_CHANGES) and gets(MailKind.SECURITY)
    add = {**KIM, "kinds": ["member_changes"]}
    signed_in(ADMIN).post(f"/o/acme/account/contacts/{contact(STRANGER).pk}/", add)
    assert not gets(MailKind.MEMBER_CHANGES)  # nobody else takes it back


def test_looking_changes_nothing(letter):
    """A198, D11: a scanner opens every link."""
    before, guest = traces(), Client()
    for link in (way_out(letter), link_in(letter, "preferences")):
        assert guest.get(link).status_code == guest.head(link).status_code == 200
    assert traces() == before and gets(MailKind.MEMBER_CHANGES)


def test_what_waits_is_not_sent_to_who_has_left(letter, browser, mailbox):
    browser(ADMIN).post(
        f"/o/acme/members/{membership('acme', MEMBER).pk}/role/", {"role": "member"}
    )
    Client().post(way_out(letter), ONE_CLICK)
    assert not [m for m in mailbox.to(STRANGER) if "is now Member" in m["Subject"]]


def test_the_preferences_are_changed_by_the_button(letter):
    """By the link alone; what cannot be left has no box, whatever is sent."""
    here, guest = link_in(letter, "preferences"), Client()
    page = guest.get(here).content.decode()
    assert 'value="member_changes" checked' in page and 'value="security"' not in page
    assert guest.post(here, {}).status_code == 303
    assert contact(STRANGER).declined == ["member_changes"]
    guest.post(here, {"kinds": ["member_changes", "license_keys", "gossip"]})
    assert contact(STRANGER).declined == [] and gets(MailKind.SECURITY)
    assert not gets(MailKind.LICENSE_KEYS)  # the organization has not chosen it for them


def test_a_link_is_one_contacts_for_one_purpose(letter):
    """A198: not another's id, not another page, not a kind that cannot be left."""
    token, before = way_out(letter).split("/")[2], traces()
    guest = Client()
    for other in (f"/mailings/{token}/preferences/", f"/mailings/{token}/confirmation/"):
        assert guest.post(other, {}).status_code == 404
    assert guest.post(f"/mailings/{token[:-1]}x/unsubscribe/").status_code == 404
    organization("acme")
    security = contact_links.token("unsubscribe", contact(STRANGER), "security")
    assert guest.post(f"/mailings/{security}/unsubscribe/").status_code == 404
    assert traces() == before


def test_it_dies_with_the_contact(letter, browser):
    link = way_out(letter)
    browser(ADMIN).post(f"/o/acme/account/contacts/{contact(STRANGER).pk}/removal/")
    answer = Client().get(link)
    assert answer.status_code == 404 and "does not work" in words(answer)
    assert Client().post(link, ONE_CLICK).status_code == 404


def test_admins_and_invoices_have_no_way_out(letter, mailbox):
    """Admins get it as such."""
    (to_admin,) = [m for m in mailbox.to(ADMIN) if "is now Admin" in m["Subject"]]
    assert to_admin["List-Unsubscribe"] is None
    primary = next(m for m in mailbox.to(PRIMARY) if "is now Admin" in m["Subject"])
    assert primary["List-Unsubscribe"] and link_in(primary, "preferences")
    entry = organization("acme").primary_contact
    Client().post(way_out(primary), ONE_CLICK)
    for kind in (MailKind.INVOICES, MailKind.SECURITY):
        assert entry.email in recipients(organization("acme"), kind)


def test_no_log_line_holds_the_link(letter):
    line = logging.makeLogRecord({"msg": "GET %s", "args": (way_out(letter),)})
    assert WithoutTokens().filter(line)
    assert line.getMessage() == "GET /mailings/…/unsubscribe/"
