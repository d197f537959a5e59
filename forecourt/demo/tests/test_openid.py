"""The stand-ins for Google and Microsoft, spoken to by a client library over real HTTP."""

import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
import requests
from oauthlib.oauth2 import WebApplicationClient

from forecourt.demo.openid import provider as providers
from forecourt.demo.openid.server import StandIns

VERIFIER = "v" * 43
ADA = {"email": "ada.new@example.com", "name": "Ada Newell"}


@pytest.fixture(scope="module")
def stand_ins():
    server = StandIns("http://portal.example")
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["google", "microsoft"])
def provider(request, stand_ins):
    return next(each for each in stand_ins.providers if each.id == request.param)


@pytest.fixture
def client(provider, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # There is no TLS on one's own machine.
    return WebApplicationClient(provider.client_id)


def address(client, provider):
    """Where the client sends the person."""
    return client.prepare_request_uri(
        f"{provider.issuer}/authorize",
        redirect_uri=provider.redirect_uri,
        scope="openid profile email",
        state="ours",
        nonce="once",
        code_challenge=client.create_code_challenge(VERIFIER, "S256"),
        code_challenge_method="S256",
    )


def answer(address, **form):
    """The person fills the page in; what the client is told."""
    back = requests.post(address, form or ADA, allow_redirects=False, timeout=5)
    assert back.status_code == 303, back.text
    return back.headers["Location"]


def redeem(client, provider, back):
    """The client's side of it, all checks included."""
    client.parse_request_uri_response(back, state="ours")
    body = client.prepare_request_body(
        redirect_uri=provider.redirect_uri,
        client_secret=provider.client_secret,
        code_verifier=VERIFIER,
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    given = requests.post(f"{provider.issuer}/token", body, headers=form, timeout=5)
    return client.parse_request_body_response(given.text, scope="openid profile email")


def userinfo(client, provider):
    url, headers, _body = client.add_token(f"{provider.issuer}/userinfo")
    return requests.get(url, headers=headers, timeout=5)


def test_a_client_library_learns_who_it_is(client, provider):
    found = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).json()
    back = answer(address(client, provider))
    assert back.startswith(f"http://portal.example/accounts/provider/{provider.id}/callback/?")
    assert dict(parse_qsl(urlsplit(back).query))["iss"] == found["issuer"] == provider.issuer
    token = redeem(client, provider, back)
    key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token["id_token"])
    said = jwt.decode(
        token["id_token"], key, ["RS256"], audience=provider.client_id, issuer=provider.issuer
    )
    assert said["nonce"] == "once" and said["email"] == ADA["email"]
    known = userinfo(client, provider).json()
    assert known["sub"] == said["sub"] and known["name"] == "Ada Newell"
    assert ("tid" in said, said.get("email_verified")) == (
        (True, None) if provider.tenant else (False, True)
    )


def test_the_same_address_is_the_same_person_and_each_issuer_has_its_own(stand_ins):
    google, microsoft = stand_ins.providers
    assert google.subject("ada.new@example.com") == google.subject("Ada.New@example.com")
    assert google.subject("ada.new@example.com") != google.subject("kit.new@example.com")
    assert google.subject("ada.new@example.com") != microsoft.subject("ada.new@example.com")


def refusal(client, provider, back, **more):
    """The word for it, when a code is not taken."""
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": VERIFIER,
        **more,
    }
    refused = requests.post(f"{provider.issuer}/token", form, timeout=5)
    assert refused.status_code >= 400
    return refused.json()["error"]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://portal.example/elsewhere/"}, "invalid_grant"),
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_given_away_for_the_right_words_alone(client, provider, wrong, word):
    assert refusal(client, provider, answer(address(client, provider)), **wrong) == word


def test_a_code_works_once_and_a_second_try_ends_what_it_brought(client, provider):
    back = answer(address(client, provider))
    redeem(client, provider, back)
    assert userinfo(client, provider).status_code == 200
    assert refusal(client, provider, back) == "invalid_grant"
    assert userinfo(client, provider).status_code == 401


def test_a_code_is_good_for_a_minute(client, provider, monkeypatch):
    back = answer(address(client, provider))
    later = time.time() + providers.CODE_SECONDS + 1
    monkeypatch.setattr(providers.time, "time", lambda: later)
    assert refusal(client, provider, back) == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "http://portal.example.evil.example/"},
        {"redirect_uri": "http://portal.example/accounts/provider/google/callback/?more=1"},
        {"client_id": "another"},
    ],
)
def test_who_is_not_known_is_sent_nowhere(client, provider, wrong):
    url = urlsplit(address(client, provider))
    query = urlencode({**dict(parse_qsl(url.query)), **wrong})
    for ask in (requests.get, requests.post):
        page = ask(url._replace(query=query).geturl(), allow_redirects=False, timeout=5)
        assert page.status_code == 400 and "Location" not in page.headers
        assert "This does not work" in page.text


@pytest.mark.parametrize("wrong", [{"code_challenge_method": "plain"}, {"code_challenge": ""}])
def test_a_request_without_proof_key_goes_back_with_an_error(client, provider, wrong):
    url = urlsplit(address(client, provider))
    query = urlencode({**dict(parse_qsl(url.query)), **wrong})
    back = requests.get(url._replace(query=query).geturl(), allow_redirects=False, timeout=5)
    told = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
    assert back.status_code == 303 and told["error"] == "invalid_request" and told["state"]


def test_the_page_says_what_it_is_and_leads_to_the_portal_alone(client, provider):
    page = requests.get(address(client, provider), timeout=5)
    assert f"Sample {provider.name}" in page.text and "stand-in" in page.text
    assert 'value="ada.new@example.com"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://portal.example;" in policy
    styles = requests.get(f"{provider.issuer.partition(provider.id)[0]}styles.css", timeout=5)
    assert ".stand-in" in styles.text


def test_whoever_cancels_is_sent_back_with_a_word(client, provider):
    told = dict(parse_qsl(urlsplit(answer(address(client, provider), cancel="1")).query))
    assert told["error"] == "access_denied" and "code" not in told and told["state"]


def test_an_address_that_is_none_is_asked_for_again(client, provider):
    page = requests.post(address(client, provider), {"email": "<b>ada", "name": "A"}, timeout=5)
    assert page.status_code == 422 and "&lt;b&gt;ada" in page.text


def test_a_page_on_another_name_of_this_machine_learns_nothing(provider):
    url = f"{provider.issuer}/.well-known/openid-configuration"
    refused = requests.get(url, headers={"Host": "evil.example"}, timeout=5)
    assert refused.status_code == 404


def test_the_port_is_kept_where_it_is_free(tmp_path):
    first = StandIns("http://portal.example", tmp_path / "port")
    other = StandIns("http://portal.example", tmp_path / "port")
    first.stop(), other.stop()
    again = StandIns("http://portal.example", tmp_path / "port")
    again.stop()
    assert first.origin != other.origin == again.origin
