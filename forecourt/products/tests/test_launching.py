"""One sign-in for every product: S1; a token is for one organization."""

from forecourt.config.cli import main
from forecourt.products.tests.programs import ADMIN, BOTH, START, entitle, program, query_of
from tests.cast import organization


def test_open_signs_a_member_in_to_the_product_for_this_organization(world, browser):
    """S1: from the portal to the product, there to the portal and back with a code."""
    connect, admin = program(), browser(ADMIN)
    opened = admin.get("/o/globex/products/connect/open/")
    assert opened.status_code == 302 and opened["Location"].startswith(START)
    hint = query_of(opened["Location"])["login_hint"]
    tokens = connect.tokens(admin, login_hint=hint)
    said = connect.read(tokens["id_token"])
    assert (said["email"], said["org_slug"], said["role"]) == (ADMIN, "globex", "admin")
    assert said["entitlements"][0]["product"] == "connect"
    assert said["nonce"] == "once" and said["auth_time"] <= said["iat"]


def test_the_subject_is_opaque_and_the_organization_is_the_customer_number(world, browser):
    connect, admin = program(), browser(ADMIN)
    tokens = connect.tokens(admin)
    said, known = connect.read(tokens["id_token"]), connect.knows(tokens["access_token"]).json()
    assert said["sub"] == known["sub"] and len(said["sub"]) == 36
    assert said["org_id"] == known["org_id"] == str(organization("globex").pk)


def test_somebody_in_several_organizations_chooses_one(world, browser):
    entitle("acme", BOTH), entitle("globex", BOTH)
    connect, both = program(), browser(BOTH)
    page = both.get(connect.asks())
    assert page.status_code == 200 and "for which organization" in page.content.decode()
    acme = organization("acme").pk
    there = connect.asks().replace("authorize?", "authorize/choice?")
    answer = both.post(there, {"organization": acme})
    tokens = connect.redeem(query_of(answer["Location"])["code"]).json()
    assert connect.read(tokens["id_token"])["org_slug"] == "acme"


def test_a_refresh_stays_in_its_organization(world, browser):
    connect, admin = program(), browser(ADMIN)
    first = connect.tokens(admin)
    second = connect.refresh(first["refresh_token"]).json()
    assert connect.knows(second["access_token"]).json()["org_slug"] == "globex"
    assert connect.is_active(second["access_token"])


def test_whoever_has_no_seat_gets_a_page_that_says_so_and_never_a_token(world, browser):
    """BOTH is an Admin of Globex without a seat of Connect; Acme has no license."""
    connect, both = program(), browser(BOTH)
    for address in (connect.asks(), "/o/globex/products/connect/open/"):
        page = both.get(address)
        assert page.status_code == 403
        assert "no seat of it is yours" in page.content.decode()
    assert query_of(both.get(connect.asks(prompt="none"))["Location"])["error"] == "access_denied"


def test_a_program_that_was_downloaded_is_opened_by_a_scheme_of_its_own(world, browser):
    """No scheme of the browser's own is one."""
    add = ["product", "add", "Desk", "--prefix", "DESK", "--url"]
    for wrong in (
        "javascript:alert(1)",
        "javascript://x/%0aalert(1)",
        "file:///etc",
        "desk:",
        "x y",
    ):
        assert main([*add, wrong]) == 1
    assert main([*add, "desk://open"]) == 0
    entitle("globex", product="desk", seats=None)
    page = browser(ADMIN).get("/o/globex/products/").content.decode()
    assert 'href="desk://open"' in page
