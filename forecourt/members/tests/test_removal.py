"""Removing a person: S13, S14, S33–S37, S56, O10, O11, O15, O25, D5, D7."""

import pytest
from allauth.account.models import EmailAddress

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, invite, page_words, row
from forecourt.orgs.models import Contact
from forecourt.people.models import User
from tests.cast import is_member, link_of, membership, organization, text_of

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
BOTH = "both@example.com"


def path(email, slug="acme"):
    return f"/o/{slug}/members/{membership(slug, email).pk}/removal/"


def traces():
    organization("acme")
    return AuditEvent.objects.count(), Mail.objects.count()


def make_contact(email):
    return Contact.objects.create(organization=organization("acme"), email=email, name="Moss")


def contacts():
    return set(organization("acme").contacts.values_list("email", flat=True))


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_an_admin_or_the_primary_removes_after_a_question(world, browser, who):
    """S14, S33, S34: also the primary contact whose role is Member. The question changes
    nothing; its button removes."""
    person, before = browser(who), traces()
    dialog = person.get(path(MEMBER))
    assert "Remove Moss Calder" in page_words(dialog)
    assert "Remove User" in page_words(dialog)
    assert 'aria-label="Close"' in dialog.content.decode()
    assert is_member("acme", MEMBER)
    assert traces() == before
    answer = person.post(path(MEMBER))
    assert (answer.status_code, answer["Location"]) == (303, HERE)
    assert not is_member("acme", MEMBER)
    assert row(person.get(HERE), MEMBER) == ""


@pytest.mark.parametrize("target", [ADMIN, PRIMARY, BOTH, MEMBER])
def test_a_member_removes_nobody(world, browser, target):
    """S13: 403 by hand, for others and for oneself; no trace."""
    member, before = browser(MEMBER), traces()
    for method in (member.get, member.post):
        assert method(path(target)).status_code == 403
    assert is_member("acme", target)
    assert traces() == before


def test_what_the_removed_person_had_open_ends_at_once(world, browser):
    """S35, O15, D5: two sessions, the next request of each is the stranger's 404; every page and
    every form of the organization; the session and other organizations go on."""
    phone, laptop = browser(BOTH), browser(BOTH)
    for one in (phone, laptop):
        assert one.get(HERE).status_code == 200
    browser(ADMIN).post(path(BOTH))
    stranger = browser("admin@initech.example").get(HERE)
    for one in (phone, laptop):
        answer = one.get(HERE)
        assert answer.status_code == 404
        assert answer.content == stranger.content
    for address in (HERE + "invitations/", HERE + "departure/", "/o/acme/account/settings/"):
        assert phone.post(address, {"email": "kim@example.com"}).status_code == 404
    assert phone.get("/o/globex/members/").status_code == 200
    assert "Acme" not in page_words(phone.get("/organizations/"))


def test_coming_back_needs_a_new_invitation(world, browser):
    """S36, A063: the old link is dead, also by the way back to the invitation; a new one works
    and makes a fresh Member of who was an Admin."""
    link = invite(browser, "nobody@example.com", role="admin")
    nobody = browser("nobody@example.com")
    nobody.post(link + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "admin"
    browser(ADMIN).post(path("nobody@example.com"))
    assert nobody.get(link).status_code == 404
    assert nobody.post(link + "acceptance/").status_code == 404
    assert not is_member("acme", "nobody@example.com")
    again = invite(browser, "nobody@example.com")
    nobody.post(again + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "member"


def test_no_older_invitation_to_another_of_their_addresses_lets_them_back(world, browser):
    """S36: invited at two addresses, joined by one, removed: the other's link is dead too."""
    user = User.objects.get(email="nobody@example.com")
    EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    first, second = invite(browser, "nobody@example.com"), invite(browser, "second@example.com")
    nobody = browser("nobody@example.com")
    nobody.post(first + "acceptance/")
    browser(ADMIN).post(path("nobody@example.com"))
    assert nobody.get(second).status_code == 404
    nobody.post(second + "acceptance/")
    assert not is_member("acme", "nobody@example.com")


def test_the_contact_entry_stays_and_the_dialog_says_so(world, browser):
    """S37, S56, D7: the two lists are independent; who removes is told."""
    make_contact(MEMBER)
    admin = browser(ADMIN)
    text = page_words(admin.get(path(MEMBER)))
    assert "additional contacts stays" in text
    assert "keep receiving those e-mails" in text
    assert 'href="/o/acme/account/"' in admin.get(path(MEMBER)).content.decode()
    admin.post(path(MEMBER))
    assert not is_member("acme", MEMBER)
    assert MEMBER in contacts()


def test_the_tick_box_removes_the_contact_entry_too(world, browser):
    """D7: offered where there is an entry, starting empty; its removal is in the audit log."""
    make_contact(MEMBER)
    admin = browser(ADMIN)
    markup = admin.get(path(MEMBER)).content.decode()
    assert 'name="remove_contact"' in markup
    assert "checked" not in markup
    admin.post(path(MEMBER), {"remove_contact": "on"})
    assert MEMBER not in contacts()
    organization("acme")
    assert AuditEvent.objects.filter(event="contact.removed", object_label=MEMBER).count() == 1


def test_the_tick_box_knows_the_contact_entry_under_another_address_of_theirs(world, browser):
    """D7, D3: member and contact are tied by a link, whatever address the contact has."""
    member = membership("acme", MEMBER)
    member.contact = Contact.objects.create(
        organization=member.organization, email="moss@calder.example"
    )
    member.save()
    admin = browser("admin@acme.example")
    assert 'name="remove_contact"' in admin.get(path(MEMBER)).content.decode()
    admin.post(path(MEMBER), {"remove_contact": "on"})
    assert not is_member("acme", MEMBER)
    assert not Contact.objects.filter(email="moss@calder.example").exists()


def test_where_there_is_no_contact_entry_no_box_is_offered(world, browser):
    """D7: and ticking it by hand removes nobody else's entry."""
    admin, before = browser(ADMIN), contacts()
    assert 'name="remove_contact"' not in admin.get(path(MEMBER)).content.decode()
    assert admin.post(path(MEMBER), {"remove_contact": "on"}).status_code == 303
    assert contacts() == before


def test_deleting_a_contact_entry_removes_no_member(world, browser):
    """S56: the other direction."""
    make_contact(MEMBER).delete()
    assert browser(MEMBER).get(HERE).status_code == 200


def test_the_primary_is_removed_only_after_handing_over(world, browser):
    """O11: refused with what to do, no trace; with another primary contact it goes."""
    admin, before = browser(ADMIN), traces()
    answer = admin.post(path(PRIMARY))
    assert answer.status_code == 422
    assert "Set another primary billing contact first" in page_words(answer)
    assert is_member("acme", PRIMARY)
    assert traces() == before
    acme = organization("acme")
    acme.primary_contact = make_contact("accounts@acme.example")
    acme.save()
    assert admin.post(path(PRIMARY)).status_code == 303
    assert not is_member("acme", PRIMARY)
    assert PRIMARY in contacts()


def test_the_last_admin_cannot_be_removed_by_the_primary(world, browser):
    """O10: somebody who may remove and is no Admin cannot leave the organization without one."""
    primary, before = browser(PRIMARY), traces()
    answer = primary.post(path(ADMIN))
    assert answer.status_code == 422
    assert "This is the only Admin" in page_words(answer)
    assert is_member("acme", ADMIN)
    assert traces() == before
    organization("acme").memberships.filter(user__email=MEMBER).update(role="admin")
    assert primary.post(path(ADMIN)).status_code == 303


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_nobody_removes_themselves(world, browser, who):
    """O10, S14: for oneself there is Leave."""
    answer = browser(who).post(path(who))
    assert answer.status_code == 422
    assert "choose Leave" in page_words(answer)
    assert is_member("acme", who)


def test_the_person_and_the_admins_are_told_who_did_it(world, browser, mailbox):
    """O25: one mail to each, naming who removed; none to Members who are no contact."""
    browser(PRIMARY).post(path(MEMBER))
    letters = {message["To"]: text_of(message) for message in mailbox.deliver()}
    assert set(letters) == {MEMBER, ADMIN, PRIMARY}
    assert all("Ines Barrow" in text for text in letters.values())
    assert "Moss Calder" in letters[ADMIN]
    assert "/o/acme/" not in letters[MEMBER]  # no link that is a 404 to them


def test_a_removal_leaves_one_audit_row(world, browser):
    """Who, whom, and what they were."""
    browser(ADMIN).post(path(MEMBER))
    organization("acme")
    (event,) = AuditEvent.objects.filter(event="member.removed")
    assert (event.actor_label, event.object_label) == (ADMIN, MEMBER)
    assert event.before == {"role": "member"}


def test_removing_twice_finds_nobody_the_second_time(world, browser):
    """A076: a second press, and an id of elsewhere, are the same 404."""
    admin, gone = browser(ADMIN), path(MEMBER)
    assert admin.post(gone).status_code == 303
    answers = [
        admin.post(gone),
        admin.get(gone),
        admin.post(path("admin@globex.example", "globex").replace("globex", "acme")),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert is_member("globex", "admin@globex.example")


def test_invitations_that_the_removed_person_sent_make_nobody_an_admin(world, browser):
    """D2, O15: what they offered as an Admin is computed again when it is taken."""
    organization("acme").memberships.filter(user__email=MEMBER).update(role="admin")
    browser(MEMBER).post(HERE + "invitations/", {"email": "nobody@example.com", "role": "admin"})
    browser(ADMIN).post(path(MEMBER))
    browser("nobody@example.com").post(link_of("acme", "nobody@example.com") + "acceptance/")
    assert membership("acme", "nobody@example.com").role == "member"
