"""A device in software that makes keys for WebAuthn and answers with them, and that can lie."""

import html
import json
import os
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
HERE = "https://testserver"


def ask(client: Any, address: str) -> dict[str, Any]:
    """What the page's script is told to ask the device."""
    answer = client.get(address, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 200, answer.status_code
    return answer.json()["publicKey"]


def asked_on(page: Any) -> dict[str, Any]:
    """What a page asks the device by itself."""
    found = re.search(r"data-options='([^']+)'", page.content.decode())
    assert found, page.content.decode()
    return json.loads(html.unescape(found[1]))["publicKey"]


class Device:
    """One key. `create` and `get` are the browser's functions of these names; their keywords are
    lies: another `challenge`, `origin`, `rp_id`, `type`, `user`, and so on."""

    def __init__(self, key_id: bytes = b"") -> None:
        self.id = key_id or os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user = ""
        self.count = 0

    def create(self, asked: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to being asked for a new key."""
        self.user = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        said = self._said({"type": "webauthn.create", **lies}, asked)
        data = self._data({"rp_id": asked["rp"]["id"], **lies}, made)
        response = {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response, {"credProps": {"rk": lies.get("resident", True)}})

    def get(self, asked: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to being asked for a proof."""
        said = self._said({"type": "webauthn.get", **lies}, asked)
        data = self._data({"rp_id": asked["rpId"], **lies})
        signature = self.key.sign(data + said.hash, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(lies.get("signature", signature)),
            "userHandle": lies.get("user", self.user),
        }
        return self._answer(response, {})

    def _said(self, how: dict[str, Any], asked: dict[str, Any]) -> CollectedClientData:
        challenge = how.get("challenge") or websafe_decode(asked["challenge"])
        return CollectedClientData.create(how["type"], challenge, how.get("origin", HERE))

    def _data(self, how: dict[str, Any], made: bytes = b"") -> AuthenticatorData:
        self.count = how.get("count", self.count + 1)
        flags = FLAG.AT if made else FLAG(0)
        flags |= FLAG.UP if how.get("present", True) else FLAG(0)
        flags |= FLAG.UV if how.get("verified", True) else FLAG(0)
        return AuthenticatorData.create(sha256(how["rp_id"].encode()), flags, self.count, made)

    def _answer(self, response: dict[str, Any], extensions: dict[str, Any]) -> dict[str, Any]:
        key_id = websafe_encode(self.id)
        return {
            "id": key_id,
            "rawId": key_id,
            "type": "public-key",
            "response": response,
            "authenticatorAttachment": "platform",
            "clientExtensionResults": extensions,
        }


def send(client: Any, address: str, answer: Any, **form: str) -> Any:
    """Send a device's answer as the page's script does."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return client.post(address, {"credential": text, **form})


def add(client: Any, device: Device, *, kind: str = "passkey", name: str = "Laptop") -> Any:
    """Put the device's key on the account that is signed in; the answer."""
    address = f"/profile/keys/add/?kind={kind}"
    return send(client, address, device.create(ask(client, address)), name=name)
