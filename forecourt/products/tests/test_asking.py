"""What a product may ask when it signs somebody in: consent, freshness, silence, devices."""

import re

import pytest

from forecourt.core import scope
from forecourt.orgs.models import Organization
from forecourt.products.launching import marks
from forecourt.products.tests.programs import ADMIN, BOTH, Program, entitle, program, query_of
from tests.cast import membership, organization, prove, run_jobs, signed_in

CLI = {"name": "Connect CLI", "redirect_uris": [], "launch_url": "", "is_public": True}
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def choice(connect: Program, client, **form):
    return client.post(connect.asks().replace("authorize?", "authorize/choice?"), form)


def error(answer) -> str:
    return query_of(answer["Location"])["error"]


def test_somebody_elses_program_is_asked_for_before_it_learns_anything(world, browser):
    connect, admin = program(is_own=False), browser(ADMIN)
    page = admin.get(connect.asks())
    assert page.status_code == 200 and "Your e-mail address" in page.content.decode()
    house = {"organization": organization("globex").pk}
    scope.clear()
    assert error(choice(connect, admin, **house, cancel="yes")) == "access_denied"
    code = query_of(choice(connect, admin, **house, agreed="yes")["Location"])["code"]
    assert connect.redeem(code).status_code == 200
    assert admin.get(connect.asks()).status_code == 302  # once is enough
    assert admin.get(connect.asks(prompt="consent")).status_code == 200


def test_consent_comes_by_the_persons_own_form_alone(world):
    """CSRF."""
    connect = program(is_own=False)
    admin = signed_in(ADMIN)
    admin.handler.enforce_csrf_checks = True
    house = {"organization": organization("globex").pk, "agreed": "yes"}
    scope.clear()
    assert choice(connect, admin, **house).status_code == 403


def test_whoever_is_not_signed_in_signs_in_and_comes_back(world, browser):
    connect, somebody = program(), browser()
    answer = somebody.get(connect.asks())
    assert answer["Location"].startswith("/accounts/login/?next=/identity/o/authorize")
    assert error(somebody.get(connect.asks(prompt="none"))) == "login_required"


def test_a_product_that_wants_a_fresh_proof_gets_one(world, browser):
    """max_age, prompt=login and auth_time (OpenID Connect Core 1.0, 3.1.2.1)."""
    connect, admin = program(), browser(ADMIN)
    prove(admin, "password", minutes_ago=10)
    assert "reauthenticate" in admin.get(connect.asks(max_age="60"))["Location"]
    again = admin.get(connect.asks(prompt="login"))["Location"]
    assert "reauthenticate" in again and "prompt%3Dlogin" not in again
    assert error(admin.get(connect.asks(max_age="60", prompt="none"))) == "login_required"
    said = connect.read(connect.tokens(admin, max_age="3600")["id_token"])
    assert 590 <= said["iat"] - said["auth_time"] <= 620


def test_silence_is_kept_and_the_browsers_own_organization_goes_on(world, browser):
    entitle("acme", BOTH), entitle("globex", BOTH)
    connect, both = program(), browser(BOTH)
    assert error(both.get(connect.asks(prompt="none"))) == "account_selection_required"
    acme = organization("acme").pk
    scope.clear()
    choice(connect, both, organization=acme)
    tokens = connect.tokens(both, prompt="none")
    assert connect.read(tokens["id_token"])["org_slug"] == "acme"


def test_an_organization_that_demands_a_second_factor_gets_it_here_too(world, browser):
    connect, admin = program(), browser(ADMIN)
    house = organization("globex")
    Organization.objects.filter(pk=house.pk).update(second_factor_from="2026-01-01")
    scope.clear()
    assert "second-factor" in admin.get(connect.asks())["Location"]
    assert error(admin.get(connect.asks(prompt="none"))) == "interaction_required"


def test_a_browser_gets_a_page_that_goes_on_and_a_program_the_redirect(world, browser):
    """After a form of ours a redirect to a product would be stopped by `form-action`."""
    connect, admin = program(), browser(ADMIN)
    page = admin.get(connect.asks(), headers={"Sec-Fetch-Dest": "document"})
    there = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())[1]
    assert page.status_code == 200 and page["Cache-Control"] == "private, no-store"
    code = query_of(there.replace("&amp;", "&"))["code"]
    assert connect.redeem(code).status_code == 200


def test_what_a_product_asks_by_post_is_the_same(world, browser):
    connect, admin = program(), browser(ADMIN)
    path, _, query = connect.asks().partition("?")
    answer = admin.post(path, query_of(f"?{query}"))
    assert admin.get(answer["Location"]).status_code == 302


def begin(cli: Program) -> dict[str, str]:
    answer = cli.post("device/code", scope="openid email")
    assert answer.status_code == 200, answer.content
    return answer.json()


def poll(cli: Program, device: dict[str, str]):
    with_code = {"grant_type": GRANT, "device_code": device["device_code"]}
    return cli.post("token", **with_code)


def test_a_device_signs_in_for_the_organization_that_its_person_chooses(world, browser, settings):
    """RFC 8628; the code is typed in any browser."""
    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0
    entitle("acme", BOTH), entitle("globex", BOTH)
    cli, both = program(**CLI, is_device=True), browser(BOTH)
    device = begin(cli)
    assert poll(cli, device).json()["error"] == "authorization_pending"
    there = "/identity/o/device"
    page = both.get(there, {"code": device["user_code"]}).content.decode()
    assert device["user_code"] in page and "Acme" in page and "Globex" in page
    typed = {"code": device["user_code"], "organization": organization("acme").pk}
    scope.clear()
    assert "is signed in" in both.post(there, typed).content.decode()
    tokens = poll(cli, device).json()
    said = cli.knows(tokens["access_token"]).json()
    assert (said["org_slug"], said["email"]) == ("acme", BOTH)
    assert poll(cli, device).json()["error"] == "invalid_grant"
    assert cli.refresh(tokens["refresh_token"]).status_code == 200


def test_a_device_that_is_not_agreed_to_gets_nothing(world, browser, settings):
    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0
    cli, admin = program(**CLI, is_device=True), browser(ADMIN)
    device = begin(cli)
    typed = {"code": device["user_code"]}
    for wrong in ({}, {"organization": "987654321"}):
        assert admin.post("/identity/o/device", {**typed, **wrong}).status_code == 422
    refused = admin.post("/identity/o/device", {**typed, "cancel": "yes"})
    assert "is not signed in" in refused.content.decode()
    assert poll(cli, device).json()["error"] == "access_denied"
    assert admin.get("/identity/o/device", {"code": "XXXX-YYYY"}).status_code == 422


def test_a_device_is_cut_off_with_the_membership_and_not_with_a_browser(world, browser, settings):
    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0
    entitle("globex", BOTH)
    cli, both = program(**CLI, is_device=True), browser(BOTH)
    device = begin(cli)
    typed = {"code": device["user_code"], "organization": organization("globex").pk}
    scope.clear()
    both.post("/identity/o/device", typed)
    tokens = poll(cli, device).json()
    both.post("/accounts/logout/")
    run_jobs()
    tokens = cli.refresh(tokens["refresh_token"]).json()
    membership("globex", BOTH).delete()
    scope.clear()
    assert cli.refresh(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize("named", [None, [], ["x"], ["launch://1/1"], ["a", "b"]])
def test_a_token_that_names_no_launch_is_worth_nothing(world, named):
    assert marks.live(named, "any") is None


def test_a_person_who_is_removed_while_the_device_waits_signs_in_nowhere(world, browser, settings):
    settings.IDP_OIDC_DEVICE_CODE_INTERVAL = 0
    entitle("globex", BOTH)
    cli, both = program(**CLI, is_device=True), browser(BOTH)
    device = begin(cli)
    typed = {"code": device["user_code"], "organization": organization("globex").pk}
    scope.clear()
    both.post("/identity/o/device", typed)
    membership("globex", BOTH).delete()
    scope.clear()
    assert poll(cli, device).json()["error"] == "access_denied"
