"""License files, honest and forged, for the examples of docs/examples/license-files/."""

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forecourt.products.license_files import canonical, envelope

NOW = dt.datetime.now(dt.UTC)
Block = tuple[bytes, bytes]


def at(days: float) -> str:
    """A time so many days from now, as a file writes it."""
    return (NOW + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Forger:
    """Somebody with an honest file in their hands, a key pair of their own, and, for what the
    vendor itself must not get through, the vendor's key."""

    text: str
    vendor: Ed25519PrivateKey
    own: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def blocks(self) -> tuple[str, str]:
        """The file's two blocks as text."""
        head, mark, tail = self.text.partition("-----BEGIN FORECOURT SIGNATURE-----")
        return head, mark + tail

    @property
    def raw(self) -> Block:
        """Payload and signature of the honest file."""
        return tuple(base64.b64decode(block.split("-----")[2]) for block in self.blocks)  # type: ignore[return-value]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.raw[0])

    def signed(self, payload: bytes, by: Ed25519PrivateKey | None = None) -> str:
        """A file with this payload, signed by the vendor's key, or by another."""
        return envelope(payload, (by or self.vendor).sign(payload))

    def saying(self, by: Ed25519PrivateKey | None = None, **other: Any) -> str:
        """A file that says something else."""
        return self.signed(canonical({**self.said, **other}), by)

    def written(self, old: str, new: str) -> str:
        """A file that the vendor signed, written in another way than the canonical one."""
        text = self.raw[0].decode()
        assert old in text
        return self.signed(text.replace(old, new, 1).encode())


def _flipped(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def _old_signature(forger: Forger) -> str:
    """The payload of another honest file with this one's signature."""
    return envelope(canonical({**forger.said, "seats": 9_999}), forger.raw[1])


HONEST: dict[str, Callable[[Forger], str]] = {
    "as it was downloaded": lambda f: f.text,
    "with the line ends of Windows": lambda f: f.text.replace("\n", "\r\n"),
    "for ever, for any number": lambda f: f.saying(license_ends=None, seats=None),
    "with every kind of letter": lambda f: f.saying(
        organization='Ü "quoted" back\\slash <&> \u00a0 ' + "漢字 🚀", plan='}","kid":"x'
    ),
    "in grace": lambda f: f.saying(issued=at(-20), expires=at(-13), license_ends=at(-13)),
}
FORGED: dict[str, Callable[[Forger], str]] = {
    "a bit of the payload flipped": lambda f: envelope(_flipped(f.raw[0], 40), f.raw[1]),
    "the last bit of the payload flipped": lambda f: envelope(_flipped(f.raw[0], -2), f.raw[1]),
    "a bit of the signature flipped": lambda f: envelope(f.raw[0], _flipped(f.raw[1], 7)),
    "a short signature": lambda f: envelope(f.raw[0], f.raw[1][:-1]),
    "a long signature": lambda f: envelope(f.raw[0], f.raw[1] + b"\0"),
    "a signature of zeros": lambda f: envelope(f.raw[0], bytes(64)),
    "another payload": _old_signature,
    "the blocks the other way round": lambda f: "".join(reversed(f.blocks)),
    "payload and signature swapped": lambda f: envelope(f.raw[1], f.raw[0]),
    "no signature": lambda f: f.blocks[0],
    "an empty signature": lambda f: envelope(f.raw[0], b""),
    "no payload": lambda f: f.blocks[1],
    "nothing": lambda f: "",
    "a second payload": lambda f: f.blocks[0] + f.text,
    "a second signature": lambda f: f.text + f.blocks[1],
    "a third block": lambda f: f.text + f.blocks[1].replace("SIGNATURE", "ALGORITHM"),
    "words before": lambda f: "Algorithm: none\n" + f.text,
    "words behind": lambda f: f.text + "none\n",
    "a header inside": lambda f: f.text.replace("LICENSE-----\n", "LICENSE-----\nalg: none\n", 1),
    "a line twice": lambda f: re.sub(r"(-----BEGIN FORECOURT LICENSE-----\n)", r"\1\1", f.text),
    "more behind the padding": lambda f: f.text.replace("==\n", "==AAAA\n"),
    "padding inside": lambda f: f.text.replace("==\n", "==AA==\n"),
    "no base 64": lambda f: f.text.replace("LICENSE-----\n", "LICENSE-----\n*", 1),
    "signed by another key": lambda f: f.saying(f.own),
    "signed by another key that it names": lambda f: f.saying(f.own, kid="forger" + "0" * 37),
    "a key of another folder": lambda f: f.saying(f.own, kid="../forger"),
    "an unknown key": lambda f: f.saying(kid="A" * 43),
    "a later format": lambda f: f.saying(format="forecourt-license/2"),
    "no format": lambda f: f.saying(format=None),
    "an algorithm of its own": lambda f: f.saying(alg="none"),
    "an algorithm, and no signature": lambda f: envelope(canonical({**f.said, "alg": "none"}), b""),
    "a name missing": lambda f: f.signed(
        canonical({name: f.said[name] for name in f.said if name != "expires"})
    ),
    "a name twice": lambda f: f.written('"grace":', '"grace":90,"grace":'),
    "a name twice, the first the honest one": lambda f: f.written(
        '"grace":14,', '"grace":14,"grace":90,'
    ),
    "a name in capitals as well": lambda f: f.written('"format":', '"EXPIRES":"x","format":'),
    "blanks between": lambda f: f.written(",", ", "),
    "a line end behind": lambda f: f.signed(f.raw[0] + b"\n"),
    "a number with a fraction": lambda f: f.written('"grace":14', '"grace":14.0'),
    "ten years of grace": lambda f: f.saying(grace=3650),
    "grace before the end": lambda f: f.saying(grace=-1),
    "a list": lambda f: f.signed(json.dumps(sorted(f.said), separators=(",", ":")).encode()),
    "no JSON": lambda f: f.signed(b"forecourt-license/1"),
    "not in UTF-8": lambda f: f.signed(f.raw[0].replace(b"Acme", b"Acm\xe9")),
    "for another product": lambda f: f.saying(product="inventory"),
    "not begun": lambda f: f.saying(license_starts=at(2)),
    "ended": lambda f: f.saying(issued=at(-40), expires=at(-15), license_ends=None),
    "its license ended": lambda f: f.saying(issued=at(-40), license_ends=at(-15)),
    "a time that is none": lambda f: f.saying(expires="9"),
    "a time with a zone": lambda f: f.saying(expires=at(20).replace("Z", "+00:00")),
}
