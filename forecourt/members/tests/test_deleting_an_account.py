"""Deleting one's account: O10, O11, O26."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from forecourt.core import mail, scope
from forecourt.core.models import AuditEvent, Mail
from forecourt.members import actions
from forecourt.members.models import Invitation
from forecourt.members.tests.reading import HERE, page_words
from forecourt.orgs.models import Contact
from forecourt.people.models import Session, User
from tests.cast import is_member, membership, organization, pending, run_jobs, text_of

REMOVAL = "/profile/removal/"
ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
BOTH = "both@example.com"


def delete(client, who: str, **options):
    return client.post(REMOVAL, {"email": who}, **options)


def account(who: str) -> bool:
    return User.objects.filter(email=who).exists()


def log(slug: str) -> list[AuditEvent]:
    found = AuditEvent.objects.filter(organization_id=organization(slug).pk).order_by("pk")
    return list(found)


def test_the_question_says_what_goes_and_what_stays_and_changes_nothing(world, browser):
    words = page_words(browser(BOTH).get(REMOVAL))
    assert "You leave Acme, Globex." in words
    assert "Contact entries with your address stay" in words
    assert account(BOTH) and is_member("globex", BOTH)


def test_a_person_goes_with_everything_by_which_they_could_sign_in(world, browser):
    other, here, user = browser(BOTH), browser(BOTH), User.objects.get(email=BOTH)
    SocialAccount.objects.create(user=user, provider="google", uid="https://id.example 7")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = delete(here, " Both@Example.com ")
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/login/")
    assert "Your account is deleted." in page_words(here.get("/accounts/login/"))
    assert not account(BOTH) and not is_member("acme", BOTH) and not is_member("globex", BOTH)
    for model in (EmailAddress, SocialAccount, Authenticator, Session):
        assert not model.objects.filter(user_id=user.pk).exists(), model
    assert other.get(HERE)["Location"].startswith("/accounts/login/")


def test_the_person_and_the_admins_are_told(world, browser, mailbox):
    """O25: the Admins of each organization, by the mail about leaving."""
    delete(browser(BOTH), BOTH)
    letters = {message["To"]: message for message in mailbox.deliver()}
    assert set(letters) == {BOTH, ADMIN, PRIMARY, "admin@globex.example"}
    assert letters[BOTH]["Subject"] == "Your account was deleted"
    assert "Uma Linden" in text_of(letters[ADMIN])


@pytest.mark.parametrize(
    ("who", "sentences"),
    [
        (ADMIN, ["You are the only Admin of Acme."]),
        (PRIMARY, ["You are the primary billing contact of Acme."]),
        (BOTH, ["You are the only Admin of Acme and Globex."]),
    ],
)
def test_who_is_needed_somewhere_stays_everywhere(world, browser, who, sentences):
    """O10, O11: refused with the names, before anything else was done."""
    if who == BOTH:
        organization("acme").memberships.exclude(user__email=BOTH).update(role="member")
        organization("acme").memberships.filter(user__email=BOTH).update(role="admin")
        organization("globex").memberships.exclude(user__email=BOTH).update(role="member")
    person = browser(who)
    assert all(sentence in page_words(person.get(REMOVAL)) for sentence in sentences)
    for headers in ({}, {"HX-Request": "true"}):
        answer = delete(person, who, headers=headers)
        assert answer.status_code == 422
        assert all(sentence in page_words(answer) for sentence in sentences)
    assert account(who) and is_member("acme", who)
    assert log("acme") == []


@pytest.mark.parametrize("typed", ["", "member", ADMIN])
def test_another_address_or_none_deletes_nothing(world, browser, typed):
    answer = delete(browser(MEMBER), typed)
    assert answer.status_code == 422
    assert account(MEMBER) and is_member("acme", MEMBER)


def test_an_old_proof_is_asked_for_again(world, browser, monkeypatch):
    """O26."""
    person = browser(MEMBER)
    monkeypatch.setattr("forecourt.people.proof.FRESH", dt.timedelta(days=-1))
    for answer in (person.get(REMOVAL), delete(person, MEMBER)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert account(MEMBER)


def test_what_they_sent_stays_open_and_gives_no_more_than_before(world, browser):
    organization("acme").memberships.filter(user__email=BOTH).update(role="admin")
    actions.invite_member(membership("acme", BOTH), email="new@acme.example", role="admin")
    actions.invite_member(membership("acme", BOTH), email="old@acme.example")
    actions.revoke_invitation(
        membership("acme", BOTH), invitation_id=pending("acme", "old@acme.example").pk
    )
    delete(browser(BOTH), BOTH)
    left = pending("acme", "new@acme.example")
    assert (left.invited_by_id, left.inviter_label) == (None, "Uma Linden")
    old = Invitation.objects.get(email="old@acme.example")
    assert old.invited_by_id is None and old.inviter_label.startswith("Former person ")


def test_contacts_stay_and_mail_about_the_account_does_not_go_out(world, browser, mailbox):
    house = organization("acme")
    Contact.objects.create(organization=house, email=MEMBER)
    with transaction.atomic(), scope.organization(None):
        mail.queue("people.login_code", MEMBER, secrets={"code": "X"}, minutes=3, email=MEMBER)
    delete(browser(MEMBER), MEMBER)
    assert [message["Subject"] for message in mailbox.to(MEMBER)] == ["Your account was deleted"]
    with transaction.atomic(), scope.organization(None):
        code = Mail.objects.get(kind="people.login_code")
        assert (code.status, code.sealed) == ("dropped", None)
    assert organization("acme").contacts.filter(email=MEMBER).exists()


def test_an_address_can_be_used_again_by_a_new_account(world, browser):
    """Even before the old one is forgotten; what the log says of the new one stays."""
    delete(browser(MEMBER), MEMBER)
    form = {"email": MEMBER, "password1": "a long sentence of mine", "name": ""}
    assert browser().post("/accounts/signup/", form).status_code == 302
    run_jobs()
    new = User.objects.get(email=MEMBER)
    with transaction.atomic(), scope.person(new.pk):
        (event,) = AuditEvent.objects.filter(person_id=new.pk)
    assert (event.actor_label, event.object_label) == (MEMBER, MEMBER)
