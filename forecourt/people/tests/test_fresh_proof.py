"""Dangerous acts want a fresh proof of who one is; what was asked is done after it, once, if it is
still allowed. O26."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.test import RequestFactory

from forecourt.core.models import AuditEvent
from forecourt.people.models import Session, User
from tests.cast import PASSWORD, membership, organization, pending, prove

MEMBERS, ADMIN, MEMBER = "/o/acme/members/", "admin@acme.example", "member@acme.example"
HTMX = {"HX-Request": "true"}


def confirm(browser, there: str):
    """Type the password on the page that asks for it."""
    page, _, _back = there.partition("?next=")
    assert page == "/accounts/reauthenticate/"
    return browser.post(there, {"password": PASSWORD})


@pytest.fixture
def admin(world, browser):
    client = browser(ADMIN)
    prove(client, "password", minutes_ago=15.1)
    return client


def noted() -> list[AuditEvent]:
    """What the audit log says of the organization."""
    organization("acme")
    return list(AuditEvent.objects.all())


def acts() -> dict[str, tuple[str, dict]]:
    person = membership("acme", MEMBER).pk
    return {
        "role": (f"{MEMBERS}{person}/role/", {"role": "admin", "was": "member"}),
        "removal": (f"{MEMBERS}{person}/removal/", {}),
        "settings": (
            "/o/acme/account/settings/",
            {"who_may_invite": "admins", "invitation_days": "3", "who_sees_keys": "everyone"},
        ),
        "an Admin": (f"{MEMBERS}invitations/", {"email": "n@acme.example", "role": "admin"}),
        "Admins": (f"{MEMBERS}invitations/several/sending/", {"people": "n@acme.example,admin"}),
    }


@pytest.mark.parametrize("act", ["role", "removal", "settings", "an Admin", "Admins"])
def test_a_stale_session_confirms_first_and_then_it_is_done_once(admin, act):
    address, form = acts()[act]
    there = admin.post(address, form)["Location"]
    assert noted() == []
    assert confirm(admin, there).status_code == (200 if act == "Admins" else 303)
    done = noted()
    assert len(done) == (3 if act == "removal" else 1)  # with the two seats that are free again
    assert confirm(admin, there).status_code == 302  # nothing is kept any more
    assert noted() == done


def test_the_role_is_changed_exactly_as_asked_and_said(admin):
    address, form = acts()["role"]
    there = admin.post(address, form)["Location"]
    assert membership("acme", MEMBER).role == "member"
    answer = confirm(admin, there)
    assert (answer.status_code, answer["Location"]) == (303, MEMBERS)
    assert membership("acme", MEMBER).role == "admin"
    assert "The role of Moss Calder is saved." in admin.get(MEMBERS).content.decode()
    (event,) = noted()
    assert (event.actor_label, event.object_label) == (ADMIN, MEMBER)


def test_to_look_and_to_invite_a_member_need_no_fresh_proof(admin):
    for page in (MEMBERS, f"{MEMBERS}invitations/", "/o/acme/account/", f"{MEMBERS}departure/"):
        assert admin.get(page).status_code == 200
    assert admin.post(f"{MEMBERS}invitations/", {"email": "n@acme.example"}).status_code == 303
    assert pending("acme", "n@acme.example").role == "member"


def test_a_proof_is_fresh_for_fifteen_minutes(admin):
    address, _form = acts()["role"]
    prove(admin, "password", minutes_ago=14.9)
    assert admin.get(address).status_code == 200
    prove(admin, "password", minutes_ago=15.1)
    assert admin.get(address).status_code == 302


def test_a_dialogs_link_leads_to_the_page_and_back_to_the_dialog(admin):
    address, _form = acts()["removal"]
    answer = admin.get(address, headers=HTMX)
    assert answer.status_code == 204
    there = confirm(admin, answer["HX-Redirect"])
    assert (there.status_code, there["Location"]) == (302, address)
    assert "<dialog" in admin.get(address).content.decode()


def test_a_dialogs_form_that_went_stale_is_done_and_answered_as_a_page(admin):
    address, form = acts()["role"]
    answer = admin.post(address, form, headers={**HTMX, "HX-Current-URL": MEMBERS})
    assert answer.status_code == 204
    done = confirm(admin, answer["HX-Redirect"])
    assert (done.status_code, done["Location"]) == (303, MEMBERS)
    assert membership("acme", MEMBER).role == "admin"


def test_what_was_given_up_is_not_done_when_the_same_page_is_asked_for_again(admin):
    address, form = acts()["removal"]
    admin.post(address, form)
    there = admin.get(address)["Location"]  # later: only to look
    assert confirm(admin, there)["Location"] == address
    assert membership("acme", MEMBER).role == "member"


def test_a_wrong_password_does_nothing(admin):
    address, form = acts()["role"]
    there = admin.post(address, form)["Location"]
    assert admin.post(there, {"password": "wrong"}).status_code == 422
    assert membership("acme", MEMBER).role == "member"


@pytest.mark.parametrize(("now", "status"), [("member", 403), ("gone", 404)])
def test_whoever_lost_the_right_meanwhile_is_refused(admin, now, status):
    address, form = acts()["role"]
    there = admin.post(address, form)["Location"]
    mine = membership("acme", ADMIN)
    organization("acme").memberships.filter(user__email="both@example.com").update(role="admin")
    if now == "gone":
        mine.delete()
    else:
        type(mine).objects.filter(pk=mine.pk).update(role="member")
    assert confirm(admin, there).status_code == status
    assert membership("acme", MEMBER).role == "member"


def test_another_pages_form_is_refused_before_anything_is_kept(world, browser):
    client = browser(ADMIN)
    prove(client, "password", minutes_ago=15.1)
    client.handler.enforce_csrf_checks = True
    address, form = acts()["role"]
    assert client.post(address, form).status_code == 403
    assert "account_reauthentication_state" not in client.session


def test_neither_passwords_nor_the_sessions_key_are_kept(admin):
    address, form = acts()["role"]
    admin.post(address, form)
    kept = str(admin.session["account_reauthentication_state"])
    assert admin.session.session_key not in kept and "HTTP_HX" not in kept
    answer = admin.post(address, {**form, "password": "a secret"}, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/accounts/reauthenticate/?next=")
    assert "account_reauthentication_state" not in admin.session


def test_a_factor_that_is_taken_off_takes_its_strength_along(world, browser):
    client, elsewhere = browser(ADMIN), browser(ADMIN)
    user = User.objects.get(email=ADMIN)
    factor = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    house = organization("acme")
    type(house).objects.filter(pk=house.pk).update(second_factor_from="2020-01-01")
    for each in (client, elsewhere):
        prove(each, "mfa", id=factor.pk)
        assert each.get(MEMBERS).status_code == 200
    factor.delete()
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    authenticator_removed.send(Authenticator, request=request, user=user, authenticator=factor)
    request.session.save()
    assert client.get(MEMBERS)["Location"] == "/o/acme/second-factor/"
    assert elsewhere.get(MEMBERS)["Location"].startswith("/accounts/login/")
    assert Session.objects.get(user=user).pk == client.session.session_key
