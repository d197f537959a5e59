"""A person's own account: "Profile & security"."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from forecourt.people.models import Session, User
from tests.cast import PASSWORD, code_in, text_of
from tests.openid import walk

MOSS = "member@acme.example"
NEW = "ada.new@example.com"
OTHER = "moss.other@example.com"
HERE = "/profile/"


def words(answer) -> str:
    return answer.content.decode()


def test_the_page_shows_everything_in_a_fixed_number_of_queries(
    world, browser, django_assert_max_num_queries
):
    client = browser(MOSS)
    with django_assert_max_num_queries(14):
        page = words(client.get(HERE))
    for part in ("Profile", "E-mail addresses", "Sessions", "Recent sign-ins", "Your data", MOSS):
        assert part in page


def test_name_and_time_zone_are_saved_and_dates_follow(world, browser):
    client = browser(MOSS)
    form = {"name": "Moss C.", "time_zone": "Asia/Tokyo"}
    assert client.post(HERE + "name/", form).status_code == 303
    user = User.objects.get(email=MOSS)
    assert (user.name, user.time_zone) == ("Moss C.", "Asia/Tokyo")
    assert "JST" in words(client.get(HERE))


def test_a_zone_that_is_none_is_refused_and_nothing_typed_is_lost(world, browser):
    answer = browser(MOSS).post(HERE + "name/", {"name": "Moss X.", "time_zone": "Mars/Base"})
    assert answer.status_code == 422 and "Moss X." in words(answer)


def test_another_address_counts_once_its_code_was_entered(world, browser, mailbox):
    """O29, A059: and the old primary address is told of the new one."""
    client = browser(MOSS)
    client.post(HERE + "addresses/", {"email": OTHER})
    assert not EmailAddress.objects.filter(email=OTHER, verified=True).exists()
    client.post("/accounts/verify/", {"code": code_in(mailbox.to(OTHER)[-1])})
    theirs = EmailAddress.objects.get(email=OTHER)
    assert theirs.verified and not theirs.primary
    client.post(f"{HERE}addresses/{theirs.pk}/")
    assert User.objects.get(emailaddress=theirs).email == OTHER
    assert OTHER in text_of(mailbox.to(MOSS)[-1])


def test_somebody_elses_address_answers_as_a_free_one(world, browser, mailbox):
    """A018, A125: its owner gets a mail, and nobody learns of them."""
    client = browser(MOSS)
    free = client.post(HERE + "addresses/", {"email": "free@new.example"})
    taken = client.post(HERE + "addresses/", {"email": "admin@globex.example"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    owner = EmailAddress.objects.get(email="admin@globex.example")
    assert owner.user.email == "admin@globex.example"


def test_another_persons_address_cannot_be_touched(world, browser):
    theirs = EmailAddress.objects.get(email="admin@acme.example")
    client = browser(MOSS)
    for end in ("", "removal/"):
        assert client.post(f"{HERE}addresses/{theirs.pk}/{end}").status_code == 404


def test_a_session_is_ended_and_refused_at_its_next_request(world, browser):
    """end_session: A065, A070."""
    here, there = browser(MOSS), browser(MOSS)
    page, key = words(here.get(HERE)), there.session.session_key
    mark = page.partition("/profile/sessions/")[2].partition("/")[0]
    assert here.post(f"{HERE}sessions/{mark}/ending/").status_code == 303
    assert there.get(HERE).status_code == 302 and here.get(HERE).status_code == 200
    assert key not in page


def test_another_persons_session_is_nobodys(world, browser):
    from forecourt.people.actions.profile import mark_of

    theirs = browser("admin@acme.example")
    mark = mark_of(theirs.session.session_key)
    assert browser(MOSS).post(f"{HERE}sessions/{mark}/ending/").status_code == 404
    assert theirs.get(HERE).status_code == 200


def test_all_other_sessions_end_at_once(world, browser):
    """end_sessions_but."""
    here, others = browser(MOSS), [browser(MOSS), browser(MOSS)]
    here.post(HERE + "sessions/ending/")
    assert [other.get(HERE).status_code for other in others] == [302, 302]
    assert Session.objects.filter(user__email=MOSS).count() == 1


def test_a_key_gets_another_name_from_its_person_alone(world, browser):
    """rename_key."""
    user = User.objects.get(email=MOSS)
    data = {"name": "Laptop", "credential": {}, "passkey": True}
    key = Authenticator.objects.create(user=user, type="webauthn", data=data)
    address = f"{HERE}keys/{key.pk}/"
    assert browser("admin@acme.example").post(address, {"name": "Mine"}).status_code == 404
    assert browser(MOSS).post(address, {"name": "Phone"}).status_code == 303
    key.refresh_from_db()
    assert key.data["name"] == "Phone"


def test_an_identity_is_linked_and_unlinked(world, browser, openid, mailbox):
    """link_identity, unlink_identity: with a mail each."""
    client = browser(MOSS)
    assert walk(client, "google", "moss@elsewhere.example", process="connect")["Location"] == HERE
    identity = SocialAccount.objects.get(user__email=MOSS)
    assert "Google was linked" in mailbox.to(MOSS)[-1]["Subject"]
    assert client.post(f"{HERE}identities/{identity.pk}/removal/").status_code == 303
    assert not SocialAccount.objects.exists()
    assert "unlinked" in mailbox.to(MOSS)[-1]["Subject"]


def test_an_identity_of_somebody_else_is_not_linked_twice(world, browser, openid):
    walk(browser(), "google", NEW)
    client = browser(MOSS)
    walk(client, "google", NEW, process="connect")
    assert SocialAccount.objects.get().user.email == NEW
    assert "linked to another account already" in words(client.get(HERE))


def test_the_last_way_in_cannot_be_unlinked(world, browser, openid):
    """A054."""
    client = browser()
    walk(client, "google", NEW)
    identity = SocialAccount.objects.get()
    answer = client.post(f"{HERE}identities/{identity.pk}/removal/")
    assert answer.status_code == 422 and "only way in" in words(answer)


def test_the_password_is_reset_where_e_mail_began_the_session_alone(world, browser, openid):
    """S50, S51: an account with both, by password and by Google."""
    client = browser(MOSS)
    walk(client, "google", "moss@elsewhere.example", process="connect")
    for page in (HERE, "/o/acme/account/"):
        assert "Reset password" in words(client.get(page))
    assert client.get("/accounts/password/change/").status_code == 200
    other = browser()
    walk(other, "google", "moss@elsewhere.example")
    for page in (HERE, "/o/acme/account/"):
        assert "Reset password" not in words(other.get(page))
    assert other.get("/accounts/password/change/").status_code == 403


def test_who_signs_in_by_a_provider_gets_no_password_by_forgetting_it(
    world, browser, openid, mailbox
):
    """D10, A055: the public answer is the same; the mail says how one signs in."""
    walk(browser(), "google", NEW)
    answer = browser().post("/accounts/password/reset/", {"email": NEW})
    usual = browser().post("/accounts/password/reset/", {"email": MOSS})
    assert answer["Location"] == usual["Location"]
    assert "has none" in text_of(mailbox.to(NEW)[-1])


def test_a_first_password_wants_a_fresh_sign_in_by_the_provider(world, browser, openid):
    client = browser()
    walk(client, "google", NEW)
    form = {"password1": "a long sentence of mine", "password2": "a long sentence of mine"}
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": 1} for record in records]
    session.save()
    assert "reauthenticate" in client.post("/accounts/password/set/", form)["Location"]
    back = "/accounts/password/set/"
    walk(client, "google", NEW, process="reauthenticate", next=back)
    assert client.post(back, form).status_code == 302
    assert User.objects.get(email=NEW).has_usable_password()


@pytest.mark.parametrize("act", ["addresses/", "keys/add/", "authenticator/"])
def test_changes_of_ways_in_want_a_fresh_proof(world, browser, act):
    """O26."""
    client = browser(MOSS)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": 1} for record in records]
    session.save()
    answer = client.post(HERE + act, {"email": OTHER})
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert not EmailAddress.objects.filter(email=OTHER).exists()
    page = client.get(answer["Location"])
    assert "Confirm that it is you" in words(page)
    again = client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert again.status_code == 422
    assert client.post(answer["Location"], {"password": PASSWORD}).status_code in (302, 303, 422)
