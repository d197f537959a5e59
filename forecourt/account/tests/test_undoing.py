"""A former primary billing contact undoes the change by the link in their mail. A099, D11, D12, D14."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from forecourt.account import undoing
from forecourt.account.actions import change_primary
from forecourt.account.tests.contacts import (
    ADMIN,
    BOTH,
    KIM,
    MEMBER,
    PAGE,
    PENCIL,
    PRIMARY,
    STRANGER,
    contact,
    emails,
    link_in,
    primary,
    traces,
    words,
)
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Contact
from forecourt.orgs.permissions import PRIMARY_GRANTS
from tests.cast import membership, organization, signed_in, text_of

DEAD = "This link does not work"
OLD = {"name": "Ines Brandt", "phone": "+1 555 0109", "kinds": ["invoices", "releases"]}


def hand_over(who: str, to: str, **more: str) -> None:
    """Somebody who is it makes somebody else it."""
    answer = signed_in(who).post(PENCIL, {"name": "", "email": to, "phone": "", **more})
    assert answer.status_code == 303


def link_to(address: str, mailbox) -> str:
    """The path in the last mail that told this address of the end of its turn."""
    news = [m for m in mailbox.to(address) if "no longer the primary" in m["Subject"]]
    return link_in(news[-1], "primary-contact")


def is_dead(link: str) -> bool:
    """Whether the link does nothing, and says nothing but that."""
    before = traces()
    pages = [Client().get(link), Client().post(link)]
    return traces() == before and all(p.status_code == 404 and DEAD in words(p) for p in pages)


@pytest.mark.parametrize("removed", [False, True])
def test_the_former_one_is_it_again_as_they_were(world, mailbox, removed):
    """With name, phone, kinds and rights, also where the entry was deleted; what the change added
    goes, and it is told to both and to Admins, one mail each (A201)."""
    entry = Contact.objects.filter(pk=contact(PRIMARY).pk)
    entry.update(**OLD, declined=["releases"])
    hand_over(PRIMARY, MEMBER, **({"remove_former": "on"} if removed else {}))
    guest, link = Client(), link_to(PRIMARY, mailbox)
    mailbox.messages.clear()
    assert "The change is undone" in words(guest.post(link))
    now = contact(PRIMARY)
    assert {field: getattr(now, field) for field in OLD} == OLD and now.declined == ["releases"]
    assert (primary(), emails(), bool(now.confirmed_at)) == (PRIMARY, {PRIMARY}, True)
    may = [
        {p for p in PRIMARY_GRANTS if membership("acme", who).may(p)} for who in (PRIMARY, MEMBER)
    ]
    assert may == [PRIMARY_GRANTS, set()]
    assert sorted(m["To"] for m in mailbox.deliver()) == [ADMIN, MEMBER, PRIMARY]
    (event,) = AuditEvent.objects.filter(event="organization.primary_contact_restored")
    assert (event.actor_kind, event.actor_label) == ("contact", PRIMARY)
    activity = words(signed_in(ADMIN).get(f"{PAGE}activity/"))
    assert "Undid a change of the primary billing contact" in activity
    assert f"Change {event.after['change']}" not in activity


def test_looking_changes_nothing_and_says_what_when_and_by_whom(world, mailbox):
    """D11: a mail scanner opens every link."""
    hand_over(PRIMARY, STRANGER)
    link, before = link_to(PRIMARY, mailbox), traces()
    page = words(Client().get(link))
    for part in (f"From {PRIMARY} to {STRANGER}", "Undo this change", "works once, until"):
        assert part in page
    assert Client().head(link).status_code == 200
    assert traces() == before and primary() == STRANGER


def test_only_the_one_before_gets_the_link_and_it_is_in_no_row(world, mailbox):
    """D14: derived when the mail is written."""
    hand_over(PRIMARY, MEMBER)
    letters = {m["To"]: text_of(m) for m in mailbox.deliver()}
    assert {who for who, text in letters.items() if "/mailings/" in text} == {PRIMARY}
    token = link_to(PRIMARY, mailbox).split("/")[2]
    organization("acme")
    assert not any(token in str(mail.values) for mail in Mail.objects.all())


def test_it_works_once(world, mailbox):
    hand_over(PRIMARY, MEMBER)
    link = link_to(PRIMARY, mailbox)
    assert Client().post(link).status_code == 200
    assert is_dead(link) and is_dead(link.replace("/mailings/", "/mailings/x"))
    hand_over(PRIMARY, MEMBER)
    assert is_dead(link) and not is_dead(link_to(PRIMARY, mailbox))


def test_it_dies_after_72_hours(world, mailbox, monkeypatch):
    hand_over(PRIMARY, MEMBER)
    link = link_to(PRIMARY, mailbox)
    monkeypatch.setattr(undoing, "LASTS", dt.timedelta(0))
    assert is_dead(link) and primary() == MEMBER


def test_a_thief_who_changes_it_twice_gains_nothing(world, mailbox):
    """The first link undoes both changes; the thief's own, used before, does not stop it, and is
    dead after."""
    hand_over(PRIMARY, MEMBER, remove_former="on")
    hand_over(MEMBER, BOTH)
    hand_over(BOTH, STRANGER)
    first, second, third = (link_to(who, mailbox) for who in (PRIMARY, MEMBER, BOTH))
    assert Client().post(third).status_code == 200 and primary() == BOTH
    assert is_dead(third)
    page = words(Client().get(first))
    assert f"From {MEMBER} to {BOTH}" in page
    assert Client().post(first).status_code == 200
    assert (primary(), emails()) == (PRIMARY, {PRIMARY})
    assert is_dead(second) and is_dead(third) and is_dead(first)


def test_the_one_whose_turn_was_undone_has_no_link_against_it(world, mailbox):
    hand_over(PRIMARY, MEMBER)
    Client().post(link_to(PRIMARY, mailbox))
    news = [m for m in mailbox.to(MEMBER) if "no longer the primary" in m["Subject"]]
    assert news and "/mailings/" not in text_of(news[-1])
    assert signed_in(MEMBER).post(PENCIL, KIM).status_code == 403


def test_what_the_vendor_has_decided_stands(world, mailbox):
    """O12: staff moved it meanwhile; and nobody undoes what they did."""
    hand_over(PRIMARY, MEMBER)
    link = link_to(PRIMARY, mailbox)
    staff = System(organization("acme").pk, label="The Vendor")
    change_primary(staff, name="", email=BOTH, phone="", reason="Called back on their number")
    assert is_dead(link) and primary() == BOTH
    news = [m for m in mailbox.to(MEMBER) if "no longer the primary" in m["Subject"]]
    assert "/mailings/" not in text_of(news[-1]) and "object" in text_of(news[-1])


def test_who_has_it_again_anyway_has_nothing_to_undo(world, mailbox):
    hand_over(PRIMARY, MEMBER)
    link = link_to(PRIMARY, mailbox)
    hand_over(MEMBER, PRIMARY)
    assert is_dead(link) and primary() == PRIMARY


def test_an_entry_that_was_there_before_stays_with_the_mail_it_had(world, browser, mailbox):
    browser(ADMIN).post(f"{PAGE}contacts/", {**KIM, "email": MEMBER})
    hand_over(PRIMARY, MEMBER)
    Client().post(link_to(PRIMARY, mailbox))
    assert contact(MEMBER).kinds == KIM["kinds"] and primary() == PRIMARY


def test_what_the_former_one_left_meanwhile_stays_left(world, mailbox):
    """O22: nobody else takes it back."""
    hand_over(PRIMARY, MEMBER)
    link = link_to(PRIMARY, mailbox)
    Contact.objects.filter(pk=contact(PRIMARY).pk).update(declined=["renewals"])
    Client().post(link)
    assert contact(PRIMARY).declined == ["renewals"]


def test_a_link_opens_one_organization(world, mailbox):
    """The same number of another organization's change is another one's."""
    hand_over(PRIMARY, MEMBER)
    organization("acme")
    change = AuditEvent.objects.get(event="organization.primary_contact_changed")
    change.organization_id = organization("globex").pk
    assert is_dead(f"/mailings/{undoing.token(change)}/primary-contact/")
    assert primary() == MEMBER


def test_admins_get_one_mail_each_and_who_is_none_any_more_gets_none(world, mailbox):
    """A200, A201: also an Admin who is one of the two."""
    organization("acme").memberships.filter(user__email__in=[MEMBER, BOTH]).update(role="admin")
    hand_over(PRIMARY, MEMBER)
    organization("acme").memberships.filter(user__email=BOTH).update(role="member")
    letters = mailbox.deliver()
    assert sorted(m["To"] for m in letters) == [ADMIN, MEMBER, PRIMARY]
    assert all(m["To"].count("@") == 1 and not m["Cc"] and not m["Bcc"] for m in letters)
    (to_admin,) = mailbox.to(ADMIN)
    assert "another primary billing contact" in to_admin["Subject"]
    assert PRIMARY in text_of(to_admin) and MEMBER in text_of(to_admin)


def test_a_contact_without_an_account_undoes_what_an_admin_did(world, mailbox):
    """D3: while no member is it, Admins change it; afterwards the Admins' turn is as before."""
    hand_over(PRIMARY, STRANGER)
    hand_over(ADMIN, MEMBER)
    assert Client().post(link_to(STRANGER, mailbox)).status_code == 200
    assert primary() == STRANGER and contact(STRANGER).confirmed_at
    assert PENCIL in signed_in(ADMIN).get(PAGE).content.decode()


def test_who_has_deleted_their_account_has_left_a_dead_link(world, mailbox):
    """The log has a pseudonym where their address stood, and no mail goes to that."""
    hand_over(PRIMARY, MEMBER)
    link, leaver = link_to(PRIMARY, mailbox), signed_in(PRIMARY)
    assert leaver.post("/profile/removal/", {"email": PRIMARY}).status_code == 303
    mailbox.deliver()
    organization("acme")
    change = AuditEvent.objects.get(event="organization.primary_contact_changed")
    assert "@" not in change.before["email"] and is_dead(link)


def test_who_undoes_it_has_got_the_mail(world, mailbox):
    """A mark that their mail comes back is wrong."""
    hand_over(PRIMARY, MEMBER)
    contact(PRIMARY)
    Contact.objects.filter(email=PRIMARY).update(bounced_at=timezone.now(), bounce="5.1.1 Gone")
    assert Client().post(link_to(PRIMARY, mailbox)).status_code == 200
    assert (contact(PRIMARY).bounced_at, contact(PRIMARY).bounce) == (None, "")
