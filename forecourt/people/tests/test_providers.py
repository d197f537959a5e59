"""Signing in and up with identity providers, honest and lying ones."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from forecourt.people.models import User
from forecourt.people.providers import IdentityProvider
from tests import openid as providers
from tests.cast import PASSWORD, code_in
from tests.openid import consent, depart, walk

NEW = "ada.new@example.com"


def who(client) -> str:
    """The address of whoever is signed in, "" for nobody."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else ""


def test_a_new_person_signs_up_with_google(world, browser, openid):
    client = browser()
    answer = walk(client, "google", NEW, "Ada Newell")
    assert answer.status_code == 302 and who(client) == NEW
    user = User.objects.get(email=NEW)
    assert user.name == "Ada Newell" and not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    identity = SocialAccount.objects.get(user=user)
    assert (identity.provider, identity.uid) == ("google", openid.uid("google", NEW))


def test_the_second_time_it_is_the_same_account(world, browser, openid):
    walk(browser(), "google", NEW)
    again = browser()
    walk(again, "google", NEW)
    assert who(again) == NEW
    assert User.objects.filter(email=NEW).count() == 1


def test_another_address_at_the_provider_is_still_the_same_person(world, browser, openid):
    """A050: identity is issuer and subject; the account keeps its own address."""
    walk(browser(), "google", NEW, subject="seven")
    again = browser()
    walk(again, "google", "renamed@example.com", subject="seven")
    assert who(again) == NEW


def test_a_recycled_address_is_another_person(world, browser, openid):
    """A049: the new owner of an address does not get the old owner's account."""
    walk(browser(), "google", NEW, subject="first owner")
    other = browser()
    answer = walk(other, "google", NEW, subject="second owner")
    assert answer["Location"] == "/accounts/link/" and who(other) == ""


def test_an_address_with_an_account_links_only_after_signing_in_the_old_way(world, browser, openid):
    client = browser()
    answer = walk(client, "google", "member@acme.example", next="/organizations/")
    assert answer["Location"] == "/accounts/link/" and who(client) == ""
    assert "member@acme.example" in client.get("/accounts/link/").content.decode()
    form = {"login": "member@acme.example", "password": PASSWORD}
    answer = client.post("/accounts/login/?next=/accounts/link/", form)
    assert answer["Location"] == "/accounts/link/"
    assert not SocialAccount.objects.exists()
    answer = client.post("/accounts/link/")
    assert answer["Location"] == "/organizations/"
    assert SocialAccount.objects.get().user.email == "member@acme.example"
    fresh = browser()
    walk(fresh, "google", "member@acme.example")
    assert who(fresh) == "member@acme.example"


@pytest.mark.parametrize("doubt", sorted(providers.DOUBTS))
def test_an_address_that_is_not_vouched_for_is_not_verified(world, browser, openid, doubt):
    """A045: false, missing, as text or as a number all count as unverified."""
    openid.bend("google", doubt)
    client = browser()
    answer = walk(client, "google", NEW)
    assert who(client) == ""
    assert not EmailAddress.objects.filter(email=NEW, verified=True).exists()
    expected = "/accounts/link/" if doubt == "no address" else "/accounts/verify/"
    assert answer["Location"].startswith(expected)


@pytest.mark.parametrize("offered", [True, False])
def test_signing_up_is_offered_to_somebody_without_an_address_only_where_it_is_open(
    world, browser, openid, settings, offered
):
    settings.SIGN_UP = offered
    openid.bend("google", "no address")
    client = browser()
    walk(client, "google", NEW)
    page = client.get("/accounts/link/").content.decode()
    assert "gave us no e-mail address" in page
    assert ("/accounts/signup/?next=/accounts/link/" in page) is offered


def test_microsofts_word_on_an_address_never_counts(world, browser, openid, mailbox):
    client = browser()
    answer = walk(client, "microsoft", NEW)
    assert answer["Location"].startswith("/accounts/verify/") and who(client) == ""
    code = code_in(mailbox.to(NEW)[-1])
    assert client.post("/accounts/verify/", {"code": code}).status_code == 302
    assert who(client) == NEW


LIES = [*providers.BAD_TOKENS, *providers.BAD_SIGNATURES, *providers.BAD_ANSWERS]
LIES += [*providers.BAD_PERSONS]


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_signs_nobody_in(world, browser, openid, lie):
    """A102–A105: signature, issuer, audience, nonce, time, replayed code, another's answer."""
    openid.bend("google", lie)
    client = browser()
    before = User.objects.count()
    answer = walk(client, "google", NEW)
    assert answer.status_code == 401 and who(client) == ""
    assert User.objects.count() == before and not SocialAccount.objects.exists()


def test_another_tenants_subject_is_another_person(world, browser, openid, mailbox):
    walk(first := browser(), "microsoft", NEW, subject="same")
    first.post("/accounts/verify/", {"code": code_in(mailbox.to(NEW)[-1])})
    assert who(first) == NEW
    openid.bend("microsoft", "other tenant")
    other = browser()
    assert walk(other, "microsoft", NEW, subject="same").status_code == 401
    assert who(other) == ""


def test_an_answer_without_our_state_is_refused(world, browser, openid):
    left = depart(browser(), "google")
    back = consent(left["Location"], NEW)
    elsewhere = browser()
    assert elsewhere.get(back).status_code == 401
    assert who(elsewhere) == "" and not User.objects.filter(email=NEW).exists()


def test_an_answer_counts_once(world, browser, openid):
    client = browser()
    back = consent(depart(client, "google")["Location"], NEW)
    client.get(back)
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 401 and who(client) == ""


def test_one_providers_answer_is_not_anothers(world, browser, openid):
    """A104: an answer of Google's brought to Microsoft's door."""
    client = browser()
    back = consent(depart(client, "google")["Location"], NEW)
    assert client.get(back.replace("/google/", "/microsoft/")).status_code == 401


def test_looking_at_the_button_starts_nothing(world, browser, openid):
    assert browser().get("/accounts/provider/google/").status_code == 405


def test_a_provider_that_is_not_configured_is_not_there(world, browser, openid):
    assert browser().post("/accounts/provider/gitlab/").status_code == 404


def test_turning_back_at_the_provider_changes_nothing(world, browser, openid):
    client = browser()
    back = consent(depart(client, "google")["Location"], cancel="1")
    assert client.get(back)["Location"] == "/accounts/provider/cancelled/"
    assert client.get("/accounts/provider/cancelled/")["Location"] == "/accounts/login/"


def test_a_providers_error_is_not_repeated(world, browser, openid):
    """A106: what stands in the address is not shown."""
    client = browser()
    state = depart(client, "google")["Location"].partition("state=")[2].partition("&")[0]
    said = f"?state={state}&error=<svg>&error_description=<script>alert(1)</script>"
    answer = client.get(f"/accounts/provider/google/callback/{said}")
    assert answer.status_code == 401 and b"alert(1)" not in answer.content


def test_a_provider_that_is_down_is_a_page_with_a_sentence(world, browser, openid, settings):
    down = IdentityProvider("google", "Google", "http://localhost:9/google", "portal", "secret")
    settings.IDENTITY_PROVIDERS = [down]
    assert browser().post("/accounts/provider/google/").status_code == 401


def test_a_disabled_person_is_refused(world, browser, openid):
    """A056."""
    walk(browser(), "google", NEW)
    User.objects.filter(email=NEW).update(is_active=False)
    client = browser()
    assert walk(client, "google", NEW)["Location"] == "/accounts/inactive/"
    assert who(client) == ""


def test_where_signing_up_is_closed_a_provider_opens_nothing(world, browser, openid, settings):
    settings.SIGN_UP = False
    client = browser()
    assert walk(client, "google", NEW).status_code == 403
    assert not User.objects.filter(email=NEW).exists()
