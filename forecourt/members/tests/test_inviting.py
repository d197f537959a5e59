"""Inviting one person, through the page: S11, S15, S16, S17, S20, S21, D2, O1, O3, O4, O24."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import FIRST, HERE, page_words, row, row_markup
from tests.cast import (
    is_member,
    link_in,
    link_of,
    membership,
    organization,
    pending,
    run_jobs,
    text_of,
)

INVITE = HERE + "invitations/"


def test_an_admin_invites_and_the_invited_person_joins_with_a_password(world, browser, mailbox):
    """S15, S16, S17, S19, S22, S25: from the button to the row of an ordinary member."""
    admin = browser("admin@acme.example")
    answer = admin.post(INVITE, {"email": "Kim.Park@Example.COM"})
    assert answer.status_code == 303
    assert answer["Location"] == HERE
    assert "Pending" in row(admin.get(HERE), "kim.park@example.com")

    (message,) = mailbox.to("kim.park@example.com")
    assert "Dana Avery" in text_of(message)
    assert "Acme" in message["Subject"]
    link = link_in(message)
    kim = browser()
    assert "Join Acme" in page_words(kim.get(link))
    answer = kim.post(
        link + "account/", {"password": "a long sentence of mine", "name": "Kim Park"}
    )
    assert answer.status_code == 303
    assert answer["Location"] == FIRST
    assert is_member("acme", "kim.park@example.com")
    assert membership("acme", "kim.park@example.com").role == "member"
    kims = row(admin.get(HERE), "kim.park@example.com")
    assert "Kim Park" in kims
    assert "Pending" not in kims
    assert kim.get(link).status_code == 404


def test_a_member_invites_and_the_person_is_pending_until_then(world, browser):
    """S11, S17: a Member opens Members and invites; the person is listed as Pending, with who
    invited them."""
    member = browser("member@acme.example")
    assert member.post(INVITE, {"email": "kim@example.com"}).status_code == 303
    kims = row(member.get(HERE), "kim@example.com")
    assert "Pending" in kims
    assert "Moss Calder" in kims
    assert not is_member("acme", "kim@example.com")


def test_a_pending_person_has_no_role_to_edit(world, browser):
    """S18: no "Edit User" in the row of somebody who is only invited."""
    page = browser("admin@acme.example").get(HERE)
    assert "/role/" not in row_markup(page, "new.hire@acme.example")
    assert "/removal/" not in row_markup(page, "new.hire@acme.example")
    assert "Revoke" in row(page, "new.hire@acme.example")


def test_a_new_invitation_is_for_the_role_member(world, browser):
    """S10: where nobody chooses, the role is Member."""
    browser("admin@acme.example").post(INVITE, {"email": "kim@example.com"})
    assert pending("acme", "kim@example.com").role == "member"


def test_an_admin_chooses_the_role_and_it_starts_at_the_least_power(world, browser):
    """D2: the choice is offered, Member is the one that is ticked."""
    admin = browser("admin@acme.example")
    form = admin.get(INVITE).content.decode()
    assert 'value="admin"' in form
    assert form.index("checked") < form.index('value="admin"')
    assert form.count("checked") == 1
    assert admin.post(INVITE, {"email": "kim@example.com", "role": "admin"}).status_code == 303
    assert pending("acme", "kim@example.com").role == "admin"


@pytest.mark.parametrize("role", ["admin", "Admin", "1", "true", "owner", "member\x00"])
def test_a_member_cannot_choose_a_role_by_hand(world, browser, role):
    """S13, D2: the field is not offered, and a request made by hand is refused."""
    member = browser("member@acme.example")
    assert 'name="role"' not in member.get(INVITE).content.decode()
    answer = member.post(INVITE, {"email": "kim@example.com", "role": role})
    assert answer.status_code == 422
    assert "Only an Admin can choose the role." in page_words(answer)
    assert "kim@example.com" in answer.content.decode()  # what was typed is still there
    assert not organization("acme").invitations.filter(email="kim@example.com").exists()


def test_the_role_says_nothing_in_the_address_or_twice(world, browser):
    """S13: neither in the query nor as a second value does a role slip through."""
    member = browser("member@acme.example")
    member.post(INVITE + "?role=admin", {"email": "kim@example.com"})
    assert pending("acme", "kim@example.com").role == "member"
    answer = member.post(INVITE, {"email": "lee@example.com", "role": ["member", "admin"]})
    assert answer.status_code == 422


def test_inviting_says_that_it_subscribes_nobody(world, browser):
    """S21: the dialog says it, names the place where one can, and no contact is made."""
    admin = browser("admin@acme.example")
    text = page_words(admin.get(INVITE))
    assert "does not subscribe them to account e-mails" in text
    assert "additional contact" in text
    assert 'href="/o/acme/account/"' in admin.get(INVITE).content.decode()
    before = organization("acme").contacts.count()
    admin.post(INVITE, {"email": "kim@example.com"})
    assert organization("acme").contacts.count() == before


def test_one_address_a_form_and_the_other_form_for_several(world, browser):
    """S20: two addresses in the one field are refused; the page leads to the form for several."""
    admin = browser("admin@acme.example")
    answer = admin.post(INVITE, {"email": "kim@example.com, lee@example.com"})
    assert answer.status_code == 422
    assert "kim@example.com, lee@example.com" in answer.content.decode()
    assert not organization("acme").invitations.filter(email__contains="@example.com").exists()
    assert HERE + "invitations/several/" in admin.get(HERE).content.decode()


def test_the_same_address_again_refreshes_the_invitation(world, browser, mailbox):
    """O3, D4: no error and no second row; the newest link alone works, in any spelling."""
    admin = browser("admin@acme.example")
    links = []
    for spelling in ("kim@example.com", "KIM@example.com", " kim@Example.Com "):
        assert admin.post(INVITE, {"email": spelling}).status_code == 303
        links.append(link_of("acme", "kim@example.com"))
    assert organization("acme").invitations.filter(email="kim@example.com").count() == 1
    visitor = browser()
    assert [visitor.get(link).status_code for link in links] == [404, 404, 200]
    sent = mailbox.to("kim@example.com")
    assert [link_in(message) for message in sent] == [links[-1]]  # mails of dead links are not sent


@pytest.mark.parametrize(
    "spelling", ["member@acme.example", "MEMBER@ACME.EXAMPLE", "  Member@acme.example "]
)
@pytest.mark.parametrize("who", ["admin@acme.example", "primary@acme.example"])
def test_inviting_a_member_says_so_and_mails_nobody(world, browser, who, spelling):
    """O4: the sentence, no mail, no second membership, no other role."""
    person = browser(who)
    mails = Mail.objects.count()
    answer = person.post(INVITE, {"email": spelling})
    assert answer.status_code == 422
    assert "already a member" in page_words(answer)
    assert Mail.objects.count() == mails
    assert organization("acme").memberships.filter(user__email="member@acme.example").count() == 1
    assert membership("acme", "member@acme.example").role == "member"


def test_an_account_elsewhere_is_pending_like_anybody(world, browser):
    """S23: an address with an account in another organization is not added directly, and the
    answer does not tell that an account exists."""
    member = browser("member@acme.example")
    answers = [
        member.post(INVITE, {"email": email}).status_code
        for email in ("admin@globex.example", "unknown@globex.example")
    ]
    assert answers == [303, 303]
    page = member.get(HERE)
    assert "Pending" in row(page, "admin@globex.example")
    rows = [row(page, f"{name}@globex.example").split("@")[1] for name in ("admin", "unknown")]
    assert rows[0].replace("admin", "") == rows[1].replace("unknown", "")
    assert not is_member("acme", "admin@globex.example")


def test_an_invitation_lives_as_long_as_the_organization_says(world, browser):
    """O1, D4: 7 days where nothing is set, what is set otherwise, 72 hours for an Admin."""
    admin = browser("admin@acme.example")

    def life(role, days):
        organization("acme").__class__.objects.filter(slug="acme").update(invitation_days=days)
        address = f"{role}{days}@example.com"
        admin.post(INVITE, {"email": address, "role": role})
        return pending("acme", address).expires_at - timezone.now()

    minute = dt.timedelta(minutes=1)
    assert abs(life("member", 7) - dt.timedelta(days=7)) < minute
    assert abs(life("member", 30) - dt.timedelta(days=30)) < minute
    assert abs(life("member", 1) - dt.timedelta(days=1)) < minute
    assert abs(life("admin", 30) - dt.timedelta(hours=72)) < minute


def test_the_term_is_not_the_senders_to_choose(world, browser):
    """D4: fields that the form does not have change nothing."""
    more = {
        "expires_at": "9999-12-31",
        "invitation_days": "30",
        "who_sees_keys": "everyone",
        "status": "accepted",
        "by_vendor": "1",
    }
    browser("member@acme.example").post(INVITE, {"email": "kim@example.com", **more})
    made = pending("acme", "kim@example.com")
    assert made.expires_at < timezone.now() + dt.timedelta(days=7, minutes=1)
    assert not made.by_vendor


def test_where_only_admins_invite_a_member_may_not(world, browser):
    """O24: no button, 403 by hand, and no row; an Admin may."""
    organization("acme").__class__.objects.filter(slug="acme").update(who_may_invite="admins")
    member, admin = browser("member@acme.example"), browser("admin@acme.example")
    assert INVITE not in member.get(HERE).content.decode()
    for method, address in [
        ("get", INVITE),
        ("post", INVITE),
        ("get", INVITE + "several/"),
        ("post", INVITE + "several/"),
        ("post", INVITE + "several/sending/"),
    ]:
        answer = getattr(member, method)(
            address, {"email": "kim@example.com", "people": "a@b.example"}
        )
        assert answer.status_code == 403, address
    assert organization("acme").invitations.count() == 2
    assert INVITE in admin.get(HERE).content.decode()
    assert admin.post(INVITE, {"email": "kim@example.com"}).status_code == 303


def test_inviting_leaves_one_audit_row_one_mail_and_no_secret(world, browser):
    """D8, D14: data, audit row and mail commit together; none of them holds the token."""
    events = AuditEvent.objects.filter(event="member.invited")
    organization("acme")
    before = events.count()
    browser("member@acme.example").post(INVITE, {"email": "kim@example.com"})
    made = pending("acme", "kim@example.com")
    assert events.count() == before + 1
    event = events.latest("id")
    assert (event.actor_label, event.object_label) == ("member@acme.example", "kim@example.com")
    (letter,) = Mail.objects.filter(to="kim@example.com")
    assert letter.values == {"invitation_id": made.pk, "generation": 1}
    assert letter.sealed is None
    assert made.token() not in str(vars(event)) + str(vars(made))


def test_with_htmx_the_dialog_alone_and_a_redirect_in_its_way(world, browser):
    """S15: the same rules for the fragment as for the page."""
    admin = browser("admin@acme.example")
    fragment = admin.get(INVITE, headers={"HX-Request": "true"}).content.decode()
    assert "<dialog" in fragment
    assert "<html" not in fragment
    bad = admin.post(INVITE, {"email": "nobody"}, headers={"HX-Request": "true"})
    assert bad.status_code == 422
    assert "<html" not in bad.content.decode()
    good = admin.post(INVITE, {"email": "kim@example.com"}, headers={"HX-Request": "true"})
    assert (good.status_code, good["HX-Redirect"]) == (204, HERE)


def test_a_mail_that_could_not_be_delivered_is_shown(world, browser):
    """S16, S17: whoever invited sees that the mail was refused for good."""
    admin = browser("admin@acme.example")
    admin.post(INVITE, {"email": "kim@example.com"})
    about = pending("acme", "kim@example.com").about
    Mail.objects.filter(about=about).update(status="failed")
    assert "Could not deliver" in row(admin.get(HERE), "kim@example.com")


def test_a_job_that_comes_too_late_sends_nothing(world, browser, mailbox):
    """O2, D8: revoked before the worker came, so there is nothing to mail."""
    admin = browser("admin@acme.example")
    admin.post(INVITE, {"email": "kim@example.com"})
    admin.post(f"{INVITE}{pending('acme', 'kim@example.com').pk}/revocation/")
    assert run_jobs() >= 1
    assert mailbox.to("kim@example.com") == []
    organization("acme")
    assert Mail.objects.get(to="kim@example.com").status == "dropped"
