"""The primary billing contact: S38 to S42, D3, O11 to O13, A094 to A100."""

import pytest

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
    give_address,
    path,
    primary,
    traces,
    words,
)
from forecourt.core.models import AuditEvent
from forecourt.orgs import contacts
from forecourt.orgs.permissions import PRIMARY_GRANTS
from forecourt.people.models import User
from tests.cast import code_in, link_of, membership, organization, run_jobs, signed_in, text_of

NOBODY = "nobody@example.com"
TO_MEMBER = {"name": "Moss Calder", "email": MEMBER, "phone": ""}


def rights(who: str) -> set[str]:
    """What of the primary contact's rights somebody has now."""
    return {permission for permission in PRIMARY_GRANTS if membership("acme", who).may(permission)}


def vacate() -> None:
    """The primary contact becomes one that no member is."""
    assert signed_in(PRIMARY).post(PENCIL, KIM).status_code == 303


@pytest.mark.parametrize("who", [PRIMARY, ADMIN, MEMBER])
def test_only_who_is_it_sees_the_pencil(world, browser, who):
    """S38, S39: also not an Admin; a request by hand is refused and changes nothing (A096)."""
    person, before = browser(who), traces()
    page = person.get(PAGE)
    assert PRIMARY in words(page)
    assert (PENCIL in page.content.decode()) == (who == PRIMARY)
    if who != PRIMARY:
        assert [person.get(PENCIL).status_code, person.post(PENCIL, KIM).status_code] == [403, 403]
        assert traces() == before and primary() == PRIMARY


def test_name_and_phone_are_changed_and_the_person_stays(world, browser, mailbox):
    """S40."""
    data = {"name": "Ines B.", "email": PRIMARY.upper(), "phone": "+1 555 0101"}
    assert browser(PRIMARY).post(PENCIL, data)["Location"] == PAGE
    assert (contact(PRIMARY).name, contact(PRIMARY).phone) == ("Ines B.", "+1 555 0101")
    assert rights(PRIMARY) == PRIMARY_GRANTS and not mailbox.deliver()


def test_the_rights_pass_to_the_member_of_the_new_address_at_once(world, browser):
    """S42, A094: in the same commit, and every open tab of the one before is refused."""
    before = browser(PRIMARY)
    assert before.get(PENCIL).status_code == 200
    assert before.post(PENCIL, TO_MEMBER)["Location"] == PAGE
    assert rights(MEMBER) == PRIMARY_GRANTS and rights(PRIMARY) == set()
    for address in (PENCIL, f"{PAGE}contacts/", "/o/acme/billing/details/"):
        assert before.post(address, KIM).status_code == 403
    assert before.post(f"/o/acme/members/{membership('acme', BOTH).pk}/removal/").status_code == 403
    assert browser(MEMBER).get("/o/acme/billing/").status_code == 200
    organization("acme")
    event = AuditEvent.objects.get(event="organization.primary_contact_changed")
    assert (event.actor_label, event.before["email"]) == (PRIMARY, PRIMARY)


def test_both_addresses_and_all_admins_are_told_who_did_it_and_how_to_object(
    world, browser, mailbox
):
    """O13, A099."""
    browser(PRIMARY).post(PENCIL, KIM)
    letters = {message["To"]: text_of(message) for message in mailbox.deliver()}
    assert set(letters) == {PRIMARY, STRANGER, ADMIN}
    assert all(PRIMARY in text and "object" in text for text in letters.values())
    assert "no account" in letters[STRANGER] and not User.objects.filter(email=STRANGER).exists()


@pytest.mark.parametrize("goes", [True, False])
def test_the_former_one_stays_an_additional_contact_or_goes(world, browser, goes):
    browser(PRIMARY).post(PENCIL, {**TO_MEMBER, **({"remove_former": "on"} if goes else {})})
    assert (PRIMARY in emails()) == (not goes)
    former = membership("acme", PRIMARY)
    assert (former.contact is None) == goes and not former.is_primary


def test_a_contact_with_that_address_becomes_it(world, browser):
    """No second entry for one address; written in whatever case."""
    browser(ADMIN).post(f"{PAGE}contacts/", {**KIM, "email": MEMBER})
    entry = contact(MEMBER)
    browser(PRIMARY).post(PENCIL, {**TO_MEMBER, "email": "Member@ACME.example "})
    assert organization("acme").primary_contact == entry and len(emails()) == 2
    assert rights(MEMBER) == PRIMARY_GRANTS


def test_the_rights_wait_for_a_member_with_that_address(world, browser):
    """D3, S41: no login by it; whoever joins by an invitation to it has them."""
    vacate()
    browser(ADMIN).post("/o/acme/members/invitations/", {"email": STRANGER})
    guest = browser()
    guest.post(link_of("acme", STRANGER) + "account/", {"password": "a long sentence of mine"})
    assert rights(STRANGER) == PRIMARY_GRANTS
    assert guest.get(PENCIL).status_code == 200


def test_an_address_that_is_not_proved_brings_nothing(world, browser):
    """D3: not by registering it, nor by a provider whose word does not count: both leave it
    unverified; once it is proved, the rights are there."""
    give_address(MEMBER, STRANGER, verified=False)
    vacate()
    assert rights(MEMBER) == set() and membership("acme", MEMBER).contact is None
    member = User.objects.get(email=MEMBER)
    contacts.meet(member.pk)
    assert rights(MEMBER) == set()
    member.emailaddress_set.filter(email=STRANGER).update(verified=True)
    contacts.meet(member.pk)
    assert rights(MEMBER) == PRIMARY_GRANTS


def test_the_primary_entry_comes_before_another_of_the_same_person(world, browser):
    """Who is a contact already, and has proved the primary one's address, becomes that one."""
    browser(ADMIN).post(f"{PAGE}contacts/", {**KIM, "email": MEMBER})
    vacate()
    give_address(MEMBER, STRANGER, verified=True)
    contacts.meet(User.objects.get(email=MEMBER).pk)
    assert rights(MEMBER) == PRIMARY_GRANTS


def test_proving_an_address_asks_for_the_contact_of_it(world, browser, mailbox):
    """The whole way to `meet_contact`: a member adds the address to their account and enters the code."""
    vacate()
    member = browser(MEMBER)
    member.post("/profile/addresses/", {"email": STRANGER})
    code = code_in(next(m for m in reversed(mailbox.to(STRANGER)) if "code" in m["Subject"]))
    member.post("/accounts/verify/", {"code": code})
    run_jobs()
    assert rights(MEMBER) == PRIMARY_GRANTS


def test_while_no_member_is_it_an_admin_changes_it(world, browser):
    """D3; a Member does not, and a Member who becomes it ends the Admin's turn."""
    vacate()
    admin = browser(ADMIN)
    assert PENCIL in admin.get(PAGE).content.decode()
    assert browser(MEMBER).post(PENCIL, TO_MEMBER).status_code == 403
    assert admin.post(PENCIL, TO_MEMBER).status_code == 303
    assert admin.post(PENCIL, KIM).status_code == 403
    assert (primary(), rights(MEMBER)) == (MEMBER, PRIMARY_GRANTS)


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_the_contacts_pencil_does_not_reach_the_primary_entry(world, browser, who):
    """A100: nobody seizes it by mending a typo; it is never deleted (A097)."""
    person, before = browser(who), traces()
    assert person.get(path(PRIMARY)).status_code == 403
    assert person.post(path(PRIMARY), KIM).status_code == 403
    answer = person.post(path(PRIMARY, "removal/"))
    assert answer.status_code == 422 and "Set another one first" in words(answer)
    assert traces() == before and primary() == PRIMARY


def test_without_a_fresh_proof_one_confirms_first(world):
    """A099, O26."""
    answer = signed_in(PRIMARY, minutes_ago=16).post(PENCIL, KIM)
    assert answer["Location"].startswith("/accounts/reauthenticate/") and primary() == PRIMARY


def test_who_joins_as_two_contacts_is_the_primary_one(world, browser):
    """D3: of the two entries with an address of theirs, rights hang on one."""
    browser(ADMIN).post(f"{PAGE}contacts/", {**KIM, "email": NOBODY})
    vacate()
    give_address(NOBODY, STRANGER, verified=True)
    browser(ADMIN).post("/o/acme/members/invitations/", {"email": NOBODY})
    browser(NOBODY).post(link_of("acme", NOBODY) + "acceptance/")
    assert rights(NOBODY) == PRIMARY_GRANTS
