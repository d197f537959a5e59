"""What products are written with gets along with the portal: Authlib, and openid-client for Node.
Each does all that a product does, against a running portal."""

import json
import os
import re
import secrets
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from forecourt.products.launching.adapter import CLAIMS
from tests.browser.houses import House, session_of
from tests.browser.portal import Portal
from tests.database import open_folder
from tests.rules.source import ROOT

pytestmark = pytest.mark.slow
BACK, AFTER = "http://localhost:9/callback", "http://localhost:9/"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "openid profile email"
OPENID_CLIENT = "6.8.9"
SCRIPT = Path(__file__).with_name("launch_libraries.mjs")


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """A demo with four organizations that have Connect."""
    with open_folder() as folder:
        demo = Portal(folder)
        try:
            demo.start()
            demo.command("tests.browser.houses", "4", "4")
            yield demo
        finally:
            demo.stop()


@dataclass(frozen=True)
class Registered:
    """What a product's people got from `forecourt client add`."""

    client_id: str
    secret: str


def register(portal: Portal, name: str, *more: str) -> Registered:
    asked = ["client", "add", name, "--product", "connect", *more]
    said = portal.command("forecourt", *asked)
    secret = re.search(r"client_secret +(\S+)", said)
    return Registered(re.search(r"client_id +(\S+)", said)[1], secret[1] if secret else "")


@pytest.fixture(scope="module")
def web(portal) -> Registered:
    return register(portal, "On the web", "--redirect", BACK, "--after-logout", AFTER)


@pytest.fixture(scope="module")
def device(portal) -> Registered:
    return register(portal, "In a shell", "--public", "--device")


@pytest.fixture(scope="module")
def known(portal) -> dict:
    """What the portal says of itself."""
    return requests.get(f"{portal.address}/.well-known/openid-configuration", timeout=10).json()


class Person:
    """Somebody's browser, signed in to the portal."""

    def __init__(self, portal: Portal, address: str) -> None:
        self.portal, self.http = portal, requests.Session()
        self.http.cookies.set("session", session_of(address))

    def goes(self, address: str, back: str) -> str:
        """Follow an address up to where the product waits."""
        for _step in range(5):
            answer = self.http.get(address, allow_redirects=False, timeout=10)
            assert answer.status_code == 302, answer.text
            address = urljoin(address, answer.headers["Location"])
            if address.startswith(back):
                return address
        raise AssertionError(address)

    def agrees(self, address: str, code: str) -> None:
        """Type a device's code, and sign the device in."""
        page = self.http.get(address, params={"code": code}, timeout=10).text
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|code)" value="([^"]+)"', page))
        organization = re.search(r'name="organization" value="(\d+)"', page)[1]
        said = self.http.post(address, {**hidden, "organization": organization}, timeout=10)
        assert "The device is signed in" in said.text

    def is_signed_in(self) -> bool:
        profile = f"{self.portal.address}/profile/"
        return self.http.get(profile, allow_redirects=False, timeout=10).status_code == 200


def read(known: dict, registered: Registered, id_token: str) -> dict:
    """An ID token's claims, checked as a product checks them."""
    keys = KeySet.import_key_set(requests.get(known["jwks_uri"], timeout=10).json())
    token = jwt.decode(id_token, keys, algorithms=["RS256"])
    ours = {"iss": {"value": known["issuer"]}, "aud": {"value": registered.client_id}}
    jwt.JWTClaimsRegistry(**ours).validate(token.claims)
    return token.claims


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_signs_in_renews_asks_and_revokes(portal, web, known, method):
    house, verifier = House(1), secrets.token_urlsafe(48)
    product = OAuth2Session(
        *(web.client_id, web.secret),
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        introspection_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=BACK,
        code_challenge_method="S256",
    )
    asked = {"code_verifier": verifier, "nonce": "once"}
    there, state = product.create_authorization_url(known["authorization_endpoint"], **asked)
    back = Person(portal, house.address("admin")).goes(there, BACK)
    redeem = {"authorization_response": back, "state": state, "code_verifier": verifier}
    token = product.fetch_token(known["token_endpoint"], **redeem)
    said = read(known, web, token["id_token"])
    assert (said["org_slug"], said["role"], said["nonce"]) == (house.slug, "admin", "once")
    renewed = product.refresh_token(known["token_endpoint"])
    assert renewed["refresh_token"] != token["refresh_token"]
    told = product.get(known["userinfo_endpoint"]).json()
    assert (told["sub"], told["org_slug"]) == (said["sub"], house.slug)
    access = {"token": renewed["access_token"], "token_type_hint": "access_token"}
    assert product.introspect_token(known["introspection_endpoint"], **access).json()["active"]
    assert product.revoke_token(known["revocation_endpoint"], **access).status_code == 200
    assert not product.introspect_token(known["introspection_endpoint"], **access).json()["active"]


def test_authlib_signs_a_person_out_of_the_portal(portal, web, known):
    person, verifier = Person(portal, House(2).address("admin")), secrets.token_urlsafe(48)
    product = OAuth2Session(
        *(web.client_id, web.secret), scope=SCOPE, redirect_uri=BACK, code_challenge_method="S256"
    )
    asked = {"code_verifier": verifier}
    there, _state = product.create_authorization_url(known["authorization_endpoint"], **asked)
    redeem = {"authorization_response": person.goes(there, BACK), **asked}
    token = product.fetch_token(known["token_endpoint"], **redeem)
    assert person.is_signed_in()
    hint = f"?id_token_hint={token['id_token']}&post_logout_redirect_uri={AFTER}&state=ours"
    assert person.goes(known["end_session_endpoint"] + hint, AFTER) == f"{AFTER}?state=ours"
    assert not person.is_signed_in()


def test_authlib_signs_in_on_a_device(portal, device, known):
    house = House(1)
    product = OAuth2Session(device.client_id, token_endpoint_auth_method="none", scope=SCOPE)
    begun = requests.post(
        known["device_authorization_endpoint"],
        {"client_id": device.client_id, "scope": SCOPE},
        timeout=10,
    ).json()
    polled = {"grant_type": DEVICE, "device_code": begun["device_code"]}
    Person(portal, house.address("member")).agrees(begun["verification_uri"], begun["user_code"])
    product.fetch_token(known["token_endpoint"], **polled)
    said = product.get(known["userinfo_endpoint"]).json()
    assert (said["org_slug"], said["role"]) == (house.slug, "member")
    renewed = product.refresh_token(known["token_endpoint"])
    assert read(known, device, renewed["id_token"])["sub"] == said["sub"]


@pytest.fixture(scope="module")
def openid_client() -> Path:
    """The library, fetched once; without Node or its registry these tests are left out, loudly."""
    folder = ROOT / "var" / f"openid-client-{OPENID_CLIENT}"
    library = folder / "node_modules" / "openid-client" / "build" / "index.js"
    options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    lacking = "" if shutil.which("node") and shutil.which("npm") else "no node or no npm"
    if not lacking and not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fetch = ["npm", "install", *options, "--prefix", folder, f"openid-client@{OPENID_CLIENT}"]
        done = subprocess.run(fetch, capture_output=True, text=True, timeout=120, check=False)
        lacking = "" if library.exists() else done.stderr.strip().partition("\n")[0]
    if lacking:
        warnings.warn(f"openid-client was NOT TRIED: {lacking}", stacklevel=1)
        pytest.skip(lacking)
    return library


class Node:
    """The product in JavaScript, as it runs."""

    def __init__(self, *words: object) -> None:
        self.process = subprocess.Popen(
            ["node", str(SCRIPT), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        return line

    def hears(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def learned(self) -> dict:
        said = json.loads(self.says())
        assert self.process.wait(10) == 0
        return said


def test_openid_client_signs_in_renews_asks_and_signs_out(portal, web, openid_client):
    house = House(3)
    person = Person(portal, house.address("admin"))
    node = Node(openid_client, "code", portal.address, web.client_id, web.secret, BACK, AFTER)
    node.hears(person.goes(node.says(), BACK))
    node.hears(person.goes(node.says(), AFTER))
    learned = node.learned()
    assert learned["userinfo"]["org_slug"] == learned["introspected"]["org_slug"] == house.slug
    assert learned["introspected"]["active"] and learned["left"] == AFTER
    assert learned["refused"] == "invalid_grant" and not person.is_signed_in()


def test_openid_client_signs_in_on_a_device(portal, device, openid_client):
    house = House(4)
    node = Node(openid_client, "device", portal.address, device.client_id, "")
    address, code = node.says().split()
    Person(portal, house.address("member")).agrees(address, code)
    node.hears("done")
    learned = node.learned()
    assert learned["userinfo"]["org_slug"] == house.slug
    assert learned["claims"]["sub"] == learned["userinfo"]["sub"]


def test_the_page_signs_in_a_shell(portal, device):
    """The shell program of docs/launching.md, as it stands there."""
    if lacking := [tool for tool in ("sh", "curl", "jq") if not shutil.which(tool)]:
        warnings.warn(f"The shell of docs/launching.md was NOT RUN: no {lacking}", stacklevel=1)
        pytest.skip(f"no {lacking}")
    page = (ROOT / "docs" / "launching.md").read_text()
    program = next(each for each in re.findall(r"```sh\n(.*?)```", page, re.S) if "begun=" in each)
    environment = {**os.environ, "PORTAL": portal.address, "CLIENT_ID": device.client_id}
    with subprocess.Popen(
        ["sh", "-eu", "-c", program], env=environment, stdout=subprocess.PIPE, text=True
    ) as shell:
        _open, address, *_and_type, code = shell.stdout.readline().split()
        Person(portal, House(1).address("member")).agrees(address, code)
        said = json.loads(shell.communicate(timeout=60)[0])
    assert (said["org_slug"], said["role"]) == (House(1).slug, "member")


def test_the_page_tells_of_every_claim():
    page = (
        (ROOT / "docs" / "launching.md").read_text().partition("## Claims")[2].partition("\n## ")[0]
    )
    assert not [claim for claim in CLAIMS if f"`{claim}`" not in page]
