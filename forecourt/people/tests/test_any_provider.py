"""A provider written by others, configured by its name, issuer, id and secret alone."""

import json

import oidc_provider_mock
import pytest
import requests
from django.core.cache import cache

from forecourt.config.environment import BadSetting, read
from forecourt.people.models import User
from forecourt.people.providers import parse
from tests.openid import depart

KIM = {"email": "kim@example.com", "email_verified": True, "name": "Kim Park"}
NEEDED = {
    "DATABASE_URL": "postgresql:///none",
    "EMAIL_URL": "smtp://127.0.0.1",
    "PUBLIC_URL": "https://portal.example.com",
    "SECRET_KEY": "k" * 40,
}
ENTRY = {
    "id": "login",
    "name": "Example ID",
    "issuer": "https://login.example.com",
    "client_id": "portal",
    "client_secret": "between us",
}


@pytest.fixture
def elsewhere(settings):
    """The running provider; the portal knows it from a setting's text."""
    known = [oidc_provider_mock.User(sub="kim", claims=KIM)]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=known) as server:
        issuer = f"http://localhost:{server.server_port}"
        settings.IDENTITY_PROVIDERS = parse(json.dumps([{**ENTRY, "issuer": issuer}]))
        cache.clear()
        yield issuer


def test_a_person_signs_up_and_in_with_it(world, browser, elsewhere):
    for _time in (1, 2):
        client = browser()
        page = depart(client, "login")["Location"]
        assert "code_challenge_method=S256" in page and "nonce=" in page
        back = requests.post(page, {"sub": "kim"}, allow_redirects=False, timeout=5)
        answer = client.get(back.headers["Location"].removeprefix("http://testserver"))
        assert answer.status_code == 302, answer.content.decode()[:800]
        pk = client.session["_auth_user_id"]
        assert User.objects.get(pk=pk).name == "Kim Park"
    assert User.objects.filter(email="kim@example.com").count() == 1


def test_its_button_is_on_the_sign_in_page(world, browser, elsewhere):
    page = browser().get("/accounts/login/").content.decode()
    assert "Example ID" in page and "/accounts/provider/login/" in page
    assert "Google" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "http://login.example.com"}, "https"),
        ({"issuer": "https://login.example.com?x=1"}, "without a query"),
        ({"id": "Not An Id"}, "a-z"),
        ({"client_secret": ""}, "empty"),
        ({"scope": "all"}, "needs exactly"),
    ],
)
def test_a_provider_that_cannot_be_is_one_clear_line(change, said):
    text = json.dumps([{**ENTRY, **change}])
    with pytest.raises(BadSetting, match=said) as problem:
        read({**NEEDED, "OPENID_PROVIDERS": text})
    assert "\n" not in str(problem.value) and "between us" not in str(problem.value)


@pytest.mark.parametrize("text", ["nonsense", "{}", json.dumps([ENTRY, ENTRY])])
def test_a_list_that_is_none_is_one_clear_line(text):
    with pytest.raises(BadSetting, match="OPENID_PROVIDERS"):
        read({**NEEDED, "OPENID_PROVIDERS": text})


def test_a_client_without_its_secret_is_one_clear_line():
    with pytest.raises(BadSetting, match="belong together"):
        read({**NEEDED, "GOOGLE_CLIENT_ID": "portal"})


def test_google_and_microsoft_need_no_more_than_their_client():
    known = {"GOOGLE_CLIENT_ID": "g", "GOOGLE_CLIENT_SECRET": "s"}
    assert read({**NEEDED, **known}).google_client_id == "g"
