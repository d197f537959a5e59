"""Attacks on signing in to products: A109 to A120 of the security cases."""

import pytest
from django.test import Client
from django.utils import timezone

from forecourt.core import scope
from forecourt.orgs.models import Membership
from forecourt.products.launching.adapter import Adapter
from forecourt.products.models import Launch, ProductClient
from forecourt.products.tests.programs import (
    ADMIN,
    AFTER,
    BACK,
    BOTH,
    challenge,
    entitle,
    program,
    query_of,
)
from tests.cast import membership, organization, run_jobs

WRONG_ADDRESSES = [
    BACK + "/",
    BACK + "?more=1",
    BACK + "#part",
    BACK.replace("https", "http"),
    BACK.replace("connect.lumen", "connect.lumen.example.evil"),
    BACK.replace("https://", "https://user@"),
    BACK.replace(".example/", ".example:8443/"),
    BACK.replace("callback", "Callback"),
    BACK.replace("callback", "%2e%2e/callback"),
    BACK.replace("connect", "CONNECT"),
    "https://evil.example/callback",
]


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_an_address_that_differs_by_a_letter_gets_an_error_page_and_no_redirect(
    world, browser, address
):
    """A109."""
    answer = browser(ADMIN).get(program().asks(redirect_uri=address))
    assert answer.status_code == 400 and "Location" not in answer.headers
    assert "Nothing was signed in" in answer.content.decode()


@pytest.mark.parametrize("method", [None, "plain"])
def test_a_request_without_s256_is_refused_also_of_a_client_with_a_secret(world, browser, method):
    """A111."""
    connect, admin = program(), browser(ADMIN)
    answer = admin.get(connect.asks(code_challenge_method=method))
    assert query_of(answer["Location"])["error"] == "invalid_request"
    answer = admin.get(connect.asks(code_challenge=None, code_challenge_method=method))
    assert query_of(answer["Location"])["error"] == "invalid_request"


@pytest.mark.parametrize("verifier", ["wrong-verifier-that-is-long-enough-for-the-standard", None])
def test_a_code_is_worth_nothing_without_its_verifier(world, browser, verifier):
    connect = program()
    answer = connect.redeem(connect.code(browser(ADMIN)), code_verifier=verifier)
    assert answer.status_code == 400 and "token" not in answer.json()


def test_a_code_that_is_used_again_takes_the_first_ones_tokens_with_it(world, browser):
    """A110."""
    connect = program()
    code = connect.code(browser(ADMIN))
    tokens = connect.redeem(code).json()
    assert connect.redeem(code).json()["error"] == "invalid_grant"
    assert not connect.is_active(tokens["access_token"])
    assert connect.refresh(tokens["refresh_token"]).status_code == 400
    run_jobs()
    with scope.across_organizations("a test looks"):
        assert Launch.objects.get().ended_at is not None


def test_a_code_is_worth_nothing_to_another_client_or_at_another_address(world, browser):
    connect, other = program(), program(name="Other")
    code = connect.code(browser(ADMIN))
    other.verifier = connect.verifier
    assert other.redeem(code).status_code == 400
    assert connect.redeem(code, redirect_uri=AFTER).status_code == 400


def test_a_refresh_token_that_is_used_again_ends_its_whole_family(world, browser):
    """A112: whoever has stolen the old one, or whom it was stolen from, ends both."""
    connect = program()
    first = connect.tokens(browser(ADMIN))
    second = connect.refresh(first["refresh_token"]).json()
    assert connect.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert connect.refresh(second["refresh_token"]).status_code == 400
    assert not connect.is_active(second["access_token"])


@pytest.mark.parametrize("secret", ["", "wrong", None])
def test_without_its_secret_a_client_gets_nothing(world, browser, secret):
    """A118."""
    connect = program()
    code = connect.code(browser(ADMIN))
    assert connect.redeem(code, client_secret=secret).status_code in (400, 401)
    in_address = f"/identity/o/api/token?client_secret={connect.secret}"
    asked = {"grant_type": "authorization_code", "code": code, "client_id": connect.client_id}
    assert connect.http.post(in_address, asked).status_code in (400, 401)


@pytest.mark.parametrize("moment", ["code", "refresh", "access"])
def test_a_member_who_is_removed_has_nothing_left_at_any_moment(world, browser, moment):
    """A117, O15: between code and token, between token and refresh, and with the access token."""
    entitle("globex", BOTH)
    connect = program()
    code = connect.code(browser(BOTH))
    tokens = connect.redeem(code).json() if moment != "code" else {}
    gone = membership("globex", BOTH)
    gone.delete()
    scope.clear()
    if moment == "code":
        assert connect.redeem(code).status_code == 400
    elif moment == "refresh":
        assert connect.refresh(tokens["refresh_token"]).status_code == 400
    else:
        assert connect.knows(tokens["access_token"]).status_code == 401
        assert not connect.is_active(tokens["access_token"])


def test_nobody_gets_a_token_for_an_organization_that_they_are_not_in(world, browser):
    """A114."""
    entitle("acme", BOTH, "admin@acme.example")
    connect, admin = program(), browser(ADMIN)
    there = connect.asks().replace("authorize?", "authorize/choice?")
    for chosen in (str(organization("acme").pk), "987654321", "x", "²"):
        scope.clear()
        answer = admin.post(there, {"organization": chosen})
        assert answer.status_code in (200, 403)
    hint = query_of(browser(BOTH).get("/o/acme/products/connect/open/")["Location"])["login_hint"]
    tokens = connect.tokens(admin, login_hint=hint)
    assert connect.read(tokens["id_token"])["org_slug"] == "globex"


def test_a_handle_opens_one_organization_once(world, browser):
    """It spares the question once; then it is asked."""
    entitle("acme", BOTH), entitle("globex", BOTH)
    connect, both = program(), browser(BOTH)
    hint = query_of(both.get("/o/acme/products/connect/open/")["Location"])["login_hint"]
    tokens = connect.tokens(both, login_hint=hint)
    assert connect.read(tokens["id_token"])["org_slug"] == "acme"
    assert both.get(connect.asks(login_hint=hint)).status_code == 200
    assert both.get(connect.asks(login_hint=hint + "x")).status_code == 200


def test_a_products_token_opens_nothing_of_the_portal(world, browser):
    """A116."""
    connect = program()
    token = connect.tokens(browser(ADMIN))["access_token"]
    asked = Client(headers={"Authorization": f"Bearer {token}"})
    for page in ("/o/globex/products/", "/o/globex/members/", "/profile/"):
        assert asked.get(page).status_code == 302


def test_a_program_that_names_resources_of_its_own_gets_nothing(world, browser):
    connect, admin = program(), browser(ADMIN)
    named = "launch://1/00000000-0000-0000-0000-000000000000"
    assert "code" in query_of(admin.get(connect.asks(resource=named))["Location"])
    tokens = connect.tokens(admin)
    answer = connect.refresh(tokens["refresh_token"], resource=named)
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_target"


def test_two_people_have_two_subjects_and_a_name_is_nobodys(world, browser):
    """A115."""
    entitle("globex", BOTH)
    connect = program()
    said = [connect.read(connect.tokens(browser(who))["id_token"])["sub"] for who in (ADMIN, BOTH)]
    assert len({*said}) == 2
    for wrong in ("1", "", "none", "00000000-0000-0000-0000-000000000000"):
        assert Adapter().get_user_by_sub(None, wrong) is None


def test_a_challenge_is_made_as_the_standard_says():
    """RFC 7636, appendix B."""
    given = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(given) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_someone_with_no_place_in_the_organization_cannot_open_its_products(world, browser):
    program()
    assert browser("member@acme.example").get("/o/globex/products/connect/open/").status_code == 404
    assert Membership.objects.count() == 0  # (no scope is left behind)


def test_a_program_revokes_its_own_tokens_and_nobody_elses(world, browser):
    """RFC 7009: with the refresh token the whole sign-in ends."""
    connect, other = program(), program(name="Other")
    tokens = connect.tokens(browser(ADMIN))
    assert other.post("revoke", token=tokens["refresh_token"]).status_code == 200
    assert connect.is_active(tokens["access_token"])
    assert connect.post("revoke", token=tokens["access_token"]).status_code == 200
    assert not connect.is_active(tokens["access_token"])
    tokens = connect.refresh(tokens["refresh_token"]).json()
    assert connect.post("revoke", token=tokens["refresh_token"]).status_code == 200
    assert not connect.is_active(tokens["access_token"])
    assert connect.refresh(tokens["refresh_token"]).status_code == 400


def test_a_client_that_is_disabled_this_moment_learns_nothing_more(world, browser):
    connect = program()
    tokens = connect.tokens(browser(ADMIN))
    ProductClient.objects.update(disabled_at=timezone.now())
    assert connect.knows(tokens["access_token"]).status_code == 401
