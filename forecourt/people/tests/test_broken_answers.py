"""What somebody made up, in the place of a device's answer: a sentence, never an error of ours."""

import copy
import itertools
import json
import tracemalloc

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from fido2 import cbor
from fido2.utils import websafe_encode

from tests.authenticator import Device, add, ask, send
from tests.cast import PASSWORD, signed_in

MOSS = "member@acme.example"
SIGN_IN, ADD = "/accounts/passkey/", "/profile/keys/add/?kind=passkey"
STEP, CONFIRM = "/accounts/second-factor/", "/accounts/reauthenticate/key/"
DEEP = 9_000

TEXTS = [
    "",
    " ",
    "null",
    "true",
    "7",
    "NaN",
    "-Infinity",
    '"text"',
    "[]",
    "{}",
    "{",
    "[" * DEEP + "]" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    "9" * 5_000,
    '{"rawId": ' + "9" * 5_000 + "}",
    '{"id": 1e999, "rawId": 1e999}',
    '"' + "x" * 30_000 + '"',
]
ODD = [None, 7, "", "é", "\x00", "\ud800", "A", [[]], {"id": []}]
PARTS = [
    ("id",),
    ("rawId",),
    ("id", "rawId"),
    ("response",),
    ("response.clientDataJSON",),
    ("response.authenticatorData",),
    ("response.attestationObject",),
    ("response.signature",),
    ("response.userHandle",),
    ("clientExtensionResults",),
]
MANY = 100_000_000
SAID = {"type": "webauthn.get", "challenge": MANY, "origin": "https://testserver"}
MADE = {"fmt": "none", "authData": MANY, "attStmt": {}}
NUMBERS = [
    (("id", "rawId"), MANY),
    (("response.userHandle",), MANY),
    (("response.signature",), MANY),
    (("response.clientDataJSON",), websafe_encode(json.dumps(SAID).encode())),
    (("response.attestationObject",), websafe_encode(cbor.encode(MADE))),
]


@pytest.fixture
def doors(world, settings):
    """Every place that takes an answer: (browser, address, an answer that is wrong in its challenge
    alone)."""
    settings.PUBLIC_URL = "https://testserver"
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    moss, device = signed_in(MOSS), Device()
    add(moss, device, kind="key")
    nobody, half = Client(), Client()
    half.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    proof = device.get(ask(nobody, SIGN_IN), challenge=b"0" * 32)
    half.get(STEP)
    ask(moss, CONFIRM)
    made = Device().create(ask(moss, ADD), challenge=b"0" * 32)
    return [
        (nobody, SIGN_IN, proof),
        (half, STEP, proof),
        (moss, CONFIRM, proof),
        (moss, ADD, made),
    ]


def with_parts(answer: dict, paths: tuple[str, ...], value) -> dict:
    """The answer with another value in these places."""
    changed = copy.deepcopy(answer)
    for path in paths:
        *above, name = path.split(".")
        (changed[above[0]] if above else changed)[name] = value
    return changed


def test_what_is_no_answer_at_all(doors):
    for client, address, _answer in doors:
        assert client.post(address, {"name": "Laptop"}).status_code == 422
        for text in TEXTS:
            assert send(client, address, text).status_code == 422, (address, text[:99])
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_an_answer_with_something_odd_in_it(doors):
    for client, address, answer in doors:
        for paths, value in itertools.product(PARTS, ODD):
            odd = with_parts(answer, paths, value)
            assert send(client, address, odd).status_code == 422, (address, paths, value)


def test_a_number_is_not_taken_for_so_many_zeros(doors):
    """fido2 does so, and would fill the memory with them for anybody who asks."""
    for (client, address, answer), (paths, number) in itertools.product(doors, NUMBERS):
        odd = with_parts(answer, paths, number)
        tracemalloc.start()
        send(client, address, odd)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MANY / 2, (address, paths)
