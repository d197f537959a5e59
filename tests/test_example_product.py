"""The example product takes the portal's word and nobody else's: what a product team copies. Its
portal here is a key, and a server that tells of it."""

import importlib.util
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from forecourt.demo.connect import PROGRAM

ID, HERE = "connect-of-the-tests", "http://localhost:9"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
HEADER = {"alg": "RS256", "typ": "logout+jwt", "kid": "known"}


class Portal:
    """What a product sees of a portal: its address, its keys, and what it answers to `token`."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "known"})
        self.answer: tuple[str, dict] = ("400 Bad Request", {"error": "invalid_grant"})
        self.asked: list[dict] = []
        self.server = make_server("127.0.0.1", 0, self._serve, handler_class=_Silent)
        self.address = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def _serve(self, environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        status, said = "200 OK", {"keys": [self.key.as_dict(private=False)]}
        match environ["PATH_INFO"]:
            case "/.well-known/openid-configuration":
                names = ("authorization", "token", "userinfo", "end_session")
                said = {f"{name}_endpoint": f"{self.address}/{name}" for name in names}
                said |= {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}
            case "/token":
                self.asked.append(parse_qs(body))
                status, said = self.answer
            case "/userinfo":
                said = {"sub": "sub-1", "role": "member"}
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(said).encode()]

    def logout_token(self, header=None, key=None, without=(), **more) -> str:
        """A good one, but for what is named."""
        now = int(time.time())
        said = {"iss": self.address, "aud": ID, "iat": now, "exp": now + 120, "sub": "sub-1"}
        said |= {"jti": uuid.uuid4().hex, "sid": "sid-1", "events": {EVENT: {}}, **more}
        kept = {name: value for name, value in said.items() if name not in without}
        return jwt.encode({**HEADER, **(header or {})}, kept, key or self.key, default_type=None)


class _Silent(WSGIRequestHandler):
    def log_message(self, *_words) -> None:
        pass


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    made = Portal()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def product(portal, monkeypatch) -> ModuleType:
    """The example, loaded anew."""
    for name, value in (
        ("PORTAL_URL", portal.address),
        ("CONNECT_URL", HERE),
        ("CONNECT_CLIENT_ID", ID),
        ("CONNECT_CLIENT_SECRET", "secret"),
    ):
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("example_connect", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "example_connect", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def person(product) -> Callable:
    """`person("sid-1")` is the browser of somebody who is signed in."""

    def come(sid: str, sub: str = "sub-1"):
        claims = {"sub": sub, "sid": sid, "org_name": f"Org of {sid}", "role": "admin"}
        tokens = {"refresh_token": f"refresh-{sid}", "id_token": "id"}
        product.SESSIONS[sid] = product.Session(claims, tokens)
        client = product.app.test_client()
        with client.session_transaction() as cookie:
            cookie["key"] = sid
        return client

    return come


def is_in(browser) -> bool:
    return "Org of" in browser.get("/").text


def tell(product, token: str) -> int:
    return (
        product.app.test_client()
        .post("/back-channel-logout", data={"logout_token": token})
        .status_code
    )


def test_a_logout_token_ends_its_session_at_once_and_no_other(product, portal, person):
    one, other = person("sid-1"), person("sid-2")
    assert tell(product, portal.logout_token()) == 200
    assert not is_in(one) and is_in(other)
    assert tell(product, portal.logout_token(without=["sid"])) == 200
    assert not is_in(other)


STRANGER = RSAKey.generate_key(2048, {"kid": "known"})
PAST = int(time.time()) - 600
BAD = {
    "another's key": {"key": STRANGER},
    "an unknown key": {"key": STRANGER, "header": {"kid": "unknown"}},
    "another portal": {"iss": "https://evil.example"},
    "another product": {"aud": "another"},
    "an old one": {"iat": PAST, "exp": PAST + 120},
    "from the future": {"iat": int(time.time()) + 600, "exp": int(time.time()) + 900},
    "an ID token": {"nonce": "once"},
    "another kind": {"header": {"typ": "JWT"}},
    "another event": {"events": {"https://evil.example": {}}},
    "for nobody": {"without": ["sid", "sub"]},
    **{
        f"without {name}": {"without": [name]}
        for name in ("iss", "aud", "iat", "exp", "jti", "events")
    },
}


@pytest.mark.parametrize("what", BAD)
def test_anything_else_ends_nothing(product, portal, person, what):
    one = person("sid-1")
    assert tell(product, portal.logout_token(**BAD[what])) == 400
    assert is_in(one)


def test_neither_junk_nor_a_token_that_was_used_ends_anything(product, portal, person):
    token = portal.logout_token()
    assert tell(product, token) == 200
    one = person("sid-1")
    head, body, _signature = token.split(".")
    for junk in (token, "", "x", "a.b.c", f"{head}.{body}.", "eyJhbGciOiJub25lIn0." + body + "."):
        assert tell(product, junk) == 400, junk
    assert product.app.test_client().post("/back-channel-logout").status_code == 400
    assert is_in(one)


def test_a_session_is_looked_at_after_five_minutes_and_not_before(product, portal, person):
    one = person("sid-1")
    portal.asked.clear()
    assert is_in(one) and portal.asked == []
    product.SESSIONS["sid-1"].looked_at -= timedelta(minutes=5, seconds=1)
    portal.answer = (
        "200 OK",
        {"access_token": "new", "refresh_token": "next", "token_type": "Bearer"},
    )
    assert "Member" in one.get("/").text
    assert portal.asked[0]["refresh_token"] == ["refresh-sid-1"]
    assert product.SESSIONS["sid-1"].tokens["refresh_token"] == "next"
    assert is_in(one) and len(portal.asked) == 1


def test_a_refused_refresh_ends_the_session_and_a_portal_that_is_away_only_hides_it(
    product, portal, person
):
    one, late = person("sid-1"), timedelta(minutes=6)
    product.SESSIONS["sid-1"].looked_at -= late
    portal.answer = ("503 Service Unavailable", {})
    answer = one.get("/")
    assert answer.status_code == 503 and "Org of" not in answer.text
    portal.answer = ("400 Bad Request", {"error": "invalid_grant"})
    assert not is_in(one) and "sid-1" not in product.SESSIONS


def test_the_claims_of_another_person_end_the_session(product, portal, person):
    one = person("sid-3", sub="sub-3")
    product.SESSIONS["sid-3"].looked_at -= timedelta(minutes=6)
    portal.answer = (
        "200 OK",
        {"access_token": "new", "refresh_token": "next", "token_type": "Bearer"},
    )
    assert not is_in(one)


def test_signing_in_asks_with_state_nonce_and_s256_and_only_this_portal(product, portal):
    browser = product.app.test_client()
    there = browser.get("/sign-in", query_string={"iss": portal.address, "login_hint": "handle"})
    asked = parse_qs(urlsplit(there.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["login_hint"] == ["handle"]
    assert asked["state"] and asked["nonce"] and asked["redirect_uri"] == [f"{HERE}/callback"]
    assert browser.get("/sign-in", query_string={"iss": "https://evil.example"}).status_code == 400
    assert (
        "HttpOnly" in there.headers["Set-Cookie"] and "SameSite=Lax" in there.headers["Set-Cookie"]
    )


@pytest.mark.parametrize(
    "wrong", [{"state": "another"}, {"iss": "https://evil.example"}, {"iss": ""}]
)
def test_an_answer_that_was_not_asked_for_signs_in_nobody(product, portal, wrong):
    browser = product.app.test_client()
    there = browser.get("/sign-in").headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    portal.asked.clear()
    answer = {"code": "a-code", "state": state, "iss": portal.address, **wrong}
    assert browser.get("/callback", query_string=answer).status_code == 400
    assert portal.asked == [] and product.SESSIONS == {}


def test_the_example_stays_one_short_file():
    assert len(PROGRAM.read_text().splitlines()) < 150
