"""Verify a Forecourt license file, as docs/licenses.md says.

    python3 verify.py LICENSE KEYS PRODUCT SEEN

LICENSE is the file; KEYS a folder with the vendor's public keys, each as <kid>.pem; PRODUCT this
product's slug; SEEN a file that keeps the latest time. Needs the package "cryptography".
"""

import base64
import datetime as dt
import json
import re
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

NAMES = (
    "expires fingerprint format grace issued kid license license_ends license_starts"
    " organization organization_id plan product seats"
).split()
BLOCK = (
    "-----BEGIN FORECOURT {0}-----\n((?:[A-Za-z0-9+/]{{64}}\n)*[A-Za-z0-9+/=]{{1,64}}\n)"
    "-----END FORECOURT {0}-----\n"
)


class NotValid(Exception):
    """The product must behave as if there were no license."""


def signed(text: str, keys: Path) -> dict:
    """What the file says, if the vendor signed exactly that."""
    blocks = BLOCK.format("LICENSE") + BLOCK.format("SIGNATURE")
    found = re.fullmatch(blocks, text.replace("\r\n", "\n"))
    if not found:
        raise NotValid("this is not a license file")
    payload, signature = (
        base64.b64decode(block.replace("\n", ""), validate=True) for block in found.groups()
    )
    said = json.loads(payload.decode())
    again = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    if list(said) != NAMES or again != payload or said["format"] != "forecourt-license/1":
        raise NotValid("unknown format")
    known = {path.stem: path for path in keys.glob("*.pem")}
    if said["kid"] not in known:
        raise NotValid("signed with a key that this product does not know")
    key = load_pem_public_key(known[said["kid"]].read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise NotValid("the key is of another kind")
    key.verify(signature, payload)  # raises InvalidSignature
    return said


def when(text: str) -> dt.datetime:
    """A time as the file writes it."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def latest(seen: Path, issued: str) -> dt.datetime:
    """Now; if the clock was set back, the latest time that was seen."""
    times = [dt.datetime.now(dt.UTC), when(issued)]
    if seen.exists():
        times.append(when(seen.read_text().strip()))
    seen.write_text(max(times).strftime("%Y-%m-%dT%H:%M:%SZ\n"))
    return max(times)


def verify(file: Path, keys: Path, product: str, seen: Path) -> str:
    """ "valid" or "in grace", and until when; else raises."""
    said = signed(file.read_bytes().decode(), keys)
    if said["product"] != product:
        raise NotValid("this license is for another product")
    if type(said["grace"]) is not int or not 0 <= said["grace"] <= 90:
        raise NotValid("unknown format")
    now, grace = latest(seen, said["issued"]), dt.timedelta(days=said["grace"])
    end = min(when(said["expires"]), when(said["license_ends"] or said["expires"]))
    if now < when(said["license_starts"]):
        raise NotValid("the license has not started")
    if now >= end + grace:
        raise NotValid("the license file has ended")
    return f"valid until {end}" if now < end else f"in grace until {end + grace}"


if __name__ == "__main__":
    try:
        print(verify(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
    except Exception as problem:  # whatever it is, there is no license
        sys.exit(f"not valid: {problem or type(problem).__name__}")
