"""Editing a role: S10, S13, S14, S18, S29–S32, O10, O25, D5."""

import re

import pytest

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, page_words, row
from tests.cast import membership, organization, pending, text_of

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"


def path(email, slug="acme"):
    return f"/o/{slug}/members/{membership(slug, email).pk}/role/"


def role(email):
    return membership("acme", email).role


def traces():
    """How many audit rows and mails there are."""
    organization("acme")
    return AuditEvent.objects.count(), Mail.objects.count()


def test_an_admin_opens_the_dialog_and_saves_another_role(world, browser):
    """S14, S30, S31: the dialog names the person, shows the role, saves, and leads back."""
    admin = browser(ADMIN)
    dialog = admin.get(path(MEMBER))
    assert "Edit Moss Calder" in page_words(dialog)
    assert "Save changes" in page_words(dialog)
    assert re.search(r'value="member"[^>]* checked', dialog.content.decode())
    answer = admin.post(path(MEMBER), {"role": "admin", "was": "member"})
    assert (answer.status_code, answer["Location"]) == (303, HERE)
    assert role(MEMBER) == "admin"
    assert "Admin" in row(admin.get(HERE), MEMBER)
    assert "Account" in page_words(browser(MEMBER).get(HERE))


def test_closing_the_dialog_changes_nothing(world, browser):
    """S32: the close icon and Cancel are a link back (or close it), whatever was chosen."""
    admin = browser(ADMIN)
    for headers in ({}, {"HX-Request": "true"}):
        before = traces()
        markup = admin.get(path(MEMBER), headers=headers).content.decode()
        assert 'aria-label="Close"' in markup
        assert (f'href="{HERE}"' in markup) if not headers else ("data-close" in markup)
        assert role(MEMBER) == "member"
        assert traces() == before


def test_with_htmx_saving_closes_the_dialog_by_a_redirect(world, browser):
    """S31: 204 with where to go, a refusal stays in the dialog with 422."""
    admin, htmx = browser(ADMIN), {"HX-Request": "true"}
    answer = admin.post(path(MEMBER), {"role": "admin", "was": "member"}, headers=htmx)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, HERE)
    answer = admin.post(path(MEMBER), {"role": "owner", "was": "admin"}, headers=htmx)
    assert answer.status_code == 422
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("who", [MEMBER, PRIMARY, "both@example.com"])
@pytest.mark.parametrize("target", [MEMBER, ADMIN])
def test_nobody_but_an_admin_edits_not_even_themselves(world, browser, who, target):
    """S13, A077: 403 for a request made by hand, also for the primary contact with the role
    Member (S29), and no trace of it."""
    person, before = browser(who), traces()
    was = role(target)
    assert person.get(path(target)).status_code == 403
    for fields in ({"role": "admin"}, {"role": "member"}, {"role": "admin", "was": was}):
        assert person.post(path(target), fields).status_code == 403
    assert role(target) == was
    assert traces() == before


def test_a_role_elsewhere_counts_for_nothing_here(world, browser):
    """O14, D12: Admin of Globex and Member of Acme."""
    both = browser("both@example.com")
    assert both.post(path(MEMBER), {"role": "admin"}).status_code == 403
    globex = path("admin@globex.example", "globex")
    assert both.get(globex).status_code == 200


def test_a_person_of_another_organization_is_not_there(world, browser):
    """D12: by the right id under the wrong organization, and by an invented one, the same 404."""
    globex = browser("admin@globex.example")
    ids = [membership("acme", MEMBER).pk, 999_999, 2**63, 10**30]
    answers = [globex.post(f"/o/globex/members/{pk}/role/", {"role": "admin"}) for pk in ids]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert role(MEMBER) == "member"


def test_a_pending_person_has_no_role_to_edit_by_hand(world, browser):
    """S18: an invitation's id is nobody's membership."""
    admin = browser(ADMIN)
    waiting = pending("acme", "new.hire@acme.example")
    organization("acme").invitations.filter(pk=waiting.pk).update(id=900_000)
    assert admin.post(HERE + "900000/role/", {"role": "admin"}).status_code == 404
    assert pending("acme", "new.hire@acme.example").role == "member"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"role": ""},
        {"role": "owner"},
        {"role": "Admin"},
        {"role": "admin\x00"},
        {"role": "admin", "was": "owner"},
    ],
)
def test_a_role_that_is_none_is_refused(world, browser, fields):
    """S10: there are exactly two."""
    assert browser(ADMIN).post(path(MEMBER), fields).status_code == 422
    assert role(MEMBER) == "member"


def test_a_stale_form_overrules_nobody_unseen(world, browser):
    """A075: two Admins with the same dialog open; the second is told what the first did."""
    first, second = browser(ADMIN), browser(PRIMARY)
    organization("acme").memberships.filter(user__email=PRIMARY).update(role="admin")
    assert 'name="was" value="member"' in second.get(path(MEMBER)).content.decode()
    first.post(path(MEMBER), {"role": "admin", "was": "member"})
    answer = second.post(path(MEMBER), {"role": "member", "was": "member"})
    assert answer.status_code == 422
    assert "Somebody changed this role to Admin meanwhile." in page_words(answer)
    assert role(MEMBER) == "admin"


def test_saving_what_is_already_so_says_nothing_to_anybody(world, browser):
    """A076: pressing twice leaves one audit row and one mail each."""
    admin, before = browser(ADMIN), traces()
    for _press in range(2):
        answer = admin.post(path(MEMBER), {"role": "admin", "was": "member"})
        assert answer.status_code == 303
    events, mails = traces()
    assert (events - before[0], mails - before[1]) == (
        1,
        3,
    )  # the person, the one Admin, the primary contact


def test_the_person_and_the_admins_are_told_who_did_it(world, browser, mailbox):
    """O25: to the person what they are now, to the Admins who is what; one mail each."""
    browser(ADMIN).post(path(MEMBER), {"role": "admin", "was": "member"})
    letters = {message["To"]: text_of(message) for message in mailbox.deliver()}
    assert set(letters) == {MEMBER, ADMIN, PRIMARY}
    for text in letters.values():
        assert "Dana Avery" in text
        assert "Admin" in text
    assert "Moss Calder" in letters[ADMIN]


def test_a_change_leaves_who_what_from_where_before_and_after(world, browser):
    """The audit row of a role."""
    browser(ADMIN, REMOTE_ADDR="198.51.100.9").post(path(MEMBER), {"role": "admin"})
    organization("acme")
    event = AuditEvent.objects.filter(event="member.role_changed").latest("id")
    assert (event.actor_label, event.object_label) == (ADMIN, MEMBER)
    assert (event.before, event.after) == ({"role": "member"}, {"role": "admin"})
    assert event.address == "198.51.100.9"


def test_the_last_admin_cannot_be_demoted_nor_demote_themselves(world, browser):
    """O10: refused with a sentence and no trace; with a second Admin it goes."""
    admin, before = browser(ADMIN), traces()
    answer = admin.post(path(ADMIN), {"role": "member", "was": "admin"})
    assert answer.status_code == 422
    assert "This is the only Admin" in page_words(answer)
    assert role(ADMIN) == "admin"
    assert traces() == before
    admin.post(path(MEMBER), {"role": "admin"})
    assert admin.post(path(ADMIN), {"role": "member", "was": "admin"}).status_code == 303
    assert role(ADMIN) == "member"


def test_a_demotion_counts_at_the_next_request(world, browser):
    """D5, A062: the open session of somebody demoted may not do it any more."""
    organization("acme").memberships.filter(user__email=MEMBER).update(role="admin")
    demoted = browser(MEMBER)
    assert demoted.get(path(PRIMARY)).status_code == 200
    browser(ADMIN).post(path(MEMBER), {"role": "member"})
    assert demoted.post(path(PRIMARY), {"role": "admin"}).status_code == 403
    assert "Edit User" not in page_words(demoted.get(HERE))
