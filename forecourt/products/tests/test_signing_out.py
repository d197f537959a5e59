"""What ends a sign-in to a product (`end_launches`): at the next question it is closed, and the
product is told."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode

import jwt
import pytest
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.members import actions as members
from forecourt.people.models import Session, User
from forecourt.products.actions import end_license, free_seat, suspend_license
from forecourt.products.launching import ending
from forecourt.products.models import Launch
from forecourt.products.tests.programs import ADMIN, AFTER, BOTH, Program, entitle, program
from tests.cast import membership, organization, run_jobs

LOGOUT = "/identity/o/logout"


class Told(HTTPServer):
    """A product that takes logout tokens on a real port."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.tokens: list[str] = []
        self.status = 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/signed-out"


class _Hook(BaseHTTPRequestHandler):
    server: Told

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.tokens += parse_qs(body)["logout_token"]
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def told() -> Iterator[Told]:
    server = Told()
    yield server
    server.shutdown()
    server.server_close()


def launches() -> list[Launch]:
    with scope.across_organizations("a test looks"):
        return list(Launch.objects.order_by("pk"))


def is_closed(connect: Program, tokens: dict[str, str]) -> bool:
    """Whether nothing of a sign-in works any more."""
    answers = [
        connect.knows(tokens["access_token"]).status_code == 401,
        not connect.is_active(tokens["access_token"]),
        connect.refresh(tokens["refresh_token"]).status_code == 400,
    ]
    assert len({*answers}) == 1
    return answers[0]


def take_away(how: str, member) -> None:
    """What an Admin or the vendor does to a member of Globex."""
    house = System(member.organization_id)
    granted = member.organization.licenses.get(product__slug="connect")
    scope.clear()
    match how:
        case "remove":
            members.remove_member(house, member_id=member.pk)
        case "demote":
            members.change_role(house, member_id=member.pk, role="member")
        case "seat":
            free_seat(house, license_id=granted.pk, member_id=member.pk)
        case _:
            act = {"suspend": suspend_license, "end": end_license}[how]
            act(house, handle=granted.handle)


@pytest.mark.parametrize("how", ["remove", "demote", "seat", "suspend", "end"])
def test_what_is_taken_away_closes_the_product_and_tells_it(world, browser, told, how):
    """O15: removal, demotion, a freed seat, a license that is suspended or ended."""
    entitle("globex", BOTH)
    connect = program(logout_url=told.url)
    tokens = connect.tokens(browser(BOTH))
    others = connect.tokens(browser(ADMIN)) if how in ("remove", "demote", "seat") else None
    take_away(how, membership("globex", BOTH))
    run_jobs()
    assert is_closed(connect, tokens)
    said = jwt.decode(told.tokens[0], options={"verify_signature": False})
    assert said["sub"] == str(User.objects.get(email=BOTH).handle)
    assert others is None or (len(told.tokens) == 1 and not is_closed(connect, others))


def test_the_logout_token_is_what_the_standard_asks_for(world, browser, told):
    """OpenID Connect Back-Channel Logout 1.0, 2.4."""
    connect, admin = program(logout_url=told.url), browser(ADMIN)
    first = connect.read(connect.tokens(admin)["id_token"])
    admin.post("/accounts/logout/")
    run_jobs()
    (token,) = told.tokens
    said = connect.read(token)
    assert said["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert (said["sid"], said["sub"]) == (first["sid"], first["sub"]) and "nonce" not in said
    assert jwt.get_unverified_header(token)["typ"] == "logout+jwt"


def test_signing_out_of_the_portal_closes_what_was_opened_in_that_browser(world, browser):
    connect, here, there = program(), browser(ADMIN), browser(ADMIN)
    mine, other = connect.tokens(here), connect.tokens(there)
    here.post("/accounts/logout/")
    run_jobs()
    assert is_closed(connect, mine) and not is_closed(connect, other)


def test_ending_a_session_from_afar_closes_its_products(world, browser):
    connect, away = program(), browser(ADMIN)
    tokens = connect.tokens(away)
    Session.objects.filter(session_key=away.session.session_key).delete()
    assert connect.refresh(tokens["refresh_token"]).status_code == 400
    ending.without_session()
    assert launches()[0].ended_at is not None


def test_a_product_that_does_not_answer_is_told_again_and_one_that_refuses_is_not(
    world, browser, told
):
    connect, admin = program(logout_url=told.url), browser(ADMIN)
    connect.tokens(admin)
    told.status = 503
    admin.post("/accounts/logout/")
    with pytest.raises(OSError, match="503"):
        run_jobs()
    told.status = 404
    admin.sign_in()
    connect.tokens(admin)
    admin.post("/accounts/logout/")
    run_jobs()
    assert len(told.tokens) == 2


def test_a_license_that_ends_by_time_closes_the_product(world, browser):
    connect = program()
    tokens = connect.tokens(browser(ADMIN))
    organization("globex").licenses.filter(product__slug="connect").update(ends_at=timezone.now())
    scope.clear()
    assert connect.refresh(tokens["refresh_token"]).status_code == 400
    ending.everywhere()
    assert launches()[0].ended_at is not None


def sign_out(connect: Program, client, **more: str):
    asked = {"client_id": connect.client_id, "post_logout_redirect_uri": AFTER, "state": "s"}
    return client.get(f"{LOGOUT}?{urlencode({**asked, **more})}")


def test_a_product_signs_its_own_person_out_of_both_without_a_question(world, browser):
    """RP-Initiated Logout 1.0."""
    connect, admin = program(), browser(ADMIN)
    tokens = connect.tokens(admin)
    answer = sign_out(connect, admin, id_token_hint=tokens["id_token"])
    assert answer["Location"] == f"{AFTER}?state=s"
    assert admin.get("/profile/").status_code == 302
    run_jobs()
    assert is_closed(connect, tokens)


def test_without_ones_own_token_signing_out_is_asked_first(world, browser):
    """A119: a picture on some page signs nobody out, nor does another person's token."""
    entitle("globex", BOTH)
    connect, admin = program(), browser(ADMIN)
    others = connect.tokens(browser(BOTH))["id_token"]
    for hint in ("", "x.y.z", others):
        page = sign_out(connect, admin, id_token_hint=hint)
        assert page.status_code == 200 and "Sign out of the portal" in page.content.decode()
    assert admin.get("/profile/").status_code == 200


@pytest.mark.parametrize("there", [AFTER + "x", "https://evil.example/", AFTER + "?a=1"])
def test_after_signing_out_nobody_is_sent_where_the_product_is_not(world, browser, there):
    """A119."""
    connect, admin = program(), browser(ADMIN)
    token = connect.tokens(admin)["id_token"]
    answer = sign_out(connect, admin, id_token_hint=token, post_logout_redirect_uri=there)
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_a_disconnected_product_is_cut_off_everywhere(world, browser):
    """A117: the person does it; it stands in the audit log under their name."""
    connect, admin = program(), browser(ADMIN)
    tokens = connect.tokens(admin)
    page = admin.get("/profile/products/").content.decode()
    assert "Connect" in page and "Globex" in page
    there = f"/profile/products/{connect.client_id}/disconnection/"
    assert "one place" in admin.get(there).content.decode()
    assert browser(BOTH).post(there).status_code == 404
    assert not is_closed(connect, tokens := connect.tokens(admin))
    assert admin.post(there).status_code == 303
    assert is_closed(connect, tokens)
    with scope.across_organizations("a test looks"):
        row = AuditEvent.objects.get(event="launch.ended")
    assert (row.actor_label, row.object_label) == (ADMIN, ADMIN)


def test_a_person_who_deletes_their_account_leaves_no_sign_in(world, browser):
    entitle("globex", BOTH)
    connect = program()
    connect.tokens(browser(BOTH))
    for slug in ("acme", "globex"):
        membership(slug, BOTH).delete()
    scope.clear()
    User.objects.filter(email=BOTH).delete()
    assert launches() == []


def test_what_ended_long_ago_is_forgotten(world, browser):
    connect, admin = program(), browser(ADMIN)
    connect.tokens(admin)
    admin.post("/accounts/logout/")
    run_jobs()
    ending.forget_old()
    assert len(launches()) == 1
    organization("globex")
    Launch.objects.update(ended_at=timezone.now() - ending.KEPT)
    scope.clear()
    ending.forget_old()
    assert launches() == []
