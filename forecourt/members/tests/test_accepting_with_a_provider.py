"""Accepting an invitation with Google or Microsoft instead of a password: S26, O5, D1."""

import pytest
from allauth.socialaccount.models import SocialAccount

from forecourt.members.tests.reading import FIRST, invite, page_words
from forecourt.people.models import User
from tests.cast import PASSWORD, code_in, is_member
from tests.openid import consent, walk

KIM = "kim@example.com"


def press(client, link: str, provider: str, email: str, name: str = "Kim Park"):
    """From the invitation's button to the provider and back."""
    left = client.post(f"{link}provider/{provider}/")
    assert left.status_code == 303, left.content.decode()[:500]
    return client.get(consent(left["Location"], email, name))


def test_with_google_one_button_is_left_to_press(world, browser, openid):
    """S26, D11: the account is made, one lands on the invitation, and nothing is joined yet."""
    link, client = invite(browser, KIM), browser()
    assert "Continue with Google" in page_words(client.get(link))
    assert press(client, link, "google", KIM)["Location"] == link
    assert not is_member("acme", KIM)
    assert "Join Acme" in page_words(client.get(link))
    assert client.post(link + "acceptance/")["Location"] == FIRST
    assert is_member("acme", KIM)
    assert not User.objects.get(email=KIM).has_usable_password()


def test_with_microsoft_the_address_is_confirmed_first(world, browser, openid, mailbox):
    """Microsoft's word on an address does not count: a code is mailed, then the way goes on."""
    link, client = invite(browser, KIM), browser()
    assert press(client, link, "microsoft", KIM)["Location"].startswith("/accounts/verify/")
    answer = client.post("/accounts/verify/", {"code": code_in(mailbox.to(KIM)[-1])})
    assert answer["Location"] == link
    assert client.post(link + "acceptance/")["Location"] == FIRST
    assert is_member("acme", KIM)


def test_an_admin_to_be_who_came_by_microsoft_has_shown_the_mailbox(
    world, browser, openid, mailbox
):
    """O7: the code that was entered counts; none is asked for twice."""
    link, client = invite(browser, KIM, role="admin"), browser()
    press(client, link, "microsoft", KIM)
    client.post("/accounts/verify/", {"code": code_in(mailbox.to(KIM)[-1])})
    assert "Join Acme" in page_words(client.get(link))


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_another_address_joins_nothing_and_makes_no_account(world, browser, openid, provider):
    """O5: the person is told both addresses."""
    link, client = invite(browser, KIM), browser()
    answer = press(client, link, provider, "somebody.else@example.com")
    words = page_words(answer)
    assert answer.status_code == 422
    assert KIM in words and "somebody.else@example.com" in words
    assert not User.objects.filter(email__in=[KIM, "somebody.else@example.com"]).exists()
    assert not is_member("acme", KIM)


def test_choosing_again_at_the_provider_is_bound_to_the_invited_address_too(world, browser, openid):
    """O5: the button on the page that says so leads back to the invitation's own way."""
    link, client = invite(browser, KIM), browser()
    page = press(client, link, "google", "somebody.else@example.com").content.decode()
    assert f'action="{link}provider/google/"' in page
    assert press(client, link, "google", "another@example.com").status_code == 422
    assert press(client, link, "google", KIM)["Location"] == link


def test_an_identity_of_somebody_else_lands_on_the_invitation_as_that_person(
    world, browser, openid
):
    walk(browser(), "google", "other@example.com")
    link, client = invite(browser, KIM), browser()
    assert press(client, link, "google", "other@example.com")["Location"] == link
    words = page_words(client.get(link))
    assert "Switch account" in words and "other@example.com" in words


def test_an_account_with_the_address_is_signed_in_to_the_old_way_then_linked(
    world, browser, openid
):
    """S23: no second account; one comes back to the invitation."""
    link, client = invite(browser, "nobody@example.com"), browser()
    assert press(client, link, "google", "nobody@example.com")["Location"] == "/accounts/link/"
    form = {"login": "nobody@example.com", "password": PASSWORD}
    client.post("/accounts/login/?next=/accounts/link/", form)
    assert client.post("/accounts/link/")["Location"] == link
    assert client.post(link + "acceptance/")["Location"] == FIRST
    assert SocialAccount.objects.get().user.email == "nobody@example.com"


def test_where_signing_up_is_closed_an_invitation_still_makes_an_account(
    world, browser, openid, settings
):
    settings.SIGN_UP = False
    link, client = invite(browser, KIM), browser()
    assert press(client, link, "google", KIM)["Location"] == link
    assert User.objects.filter(email=KIM).exists()


def test_a_dead_link_leads_to_no_provider(world, browser, openid):
    answer = browser().post("/invitations/invented/provider/google/")
    assert answer.status_code == 404


def test_a_link_leads_to_no_provider_that_is_not_configured(world, browser, openid):
    assert browser().post(f"{invite(browser, KIM)}provider/gitlab/").status_code == 404
