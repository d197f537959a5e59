"""License files, as docs/licenses.md describes them: by one a product knows its license without a
network. The names and the order of what is inside are part of the format."""

import base64
import datetime as dt
import hashlib
import json
import re

from django.conf import settings

from forecourt.products.models import License
from forecourt.products.models.signing import LONGEST

FORMAT = "forecourt-license/1"
_LINE = 64
#: Ends of lines and other control characters: a payload has none, not even escaped.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def describe(held: License, *, kid: str, now: dt.datetime) -> dict[str, str | int | None]:
    """What a license file says of a license: it is valid until the license ends, and for a year at
    the most."""
    longest = now + dt.timedelta(days=LONGEST)
    key = held.keys.get(works_until=None).key
    return {
        "format": FORMAT,
        "kid": kid,
        "issued": _time(now),
        "expires": _time(min(filter(None, (held.ends_at, longest)))),
        "grace": settings.LICENSE_GRACE_DAYS,
        "license": str(held.handle),
        "product": held.product.slug,
        "plan": _plain(held.plan),
        "seats": held.seats,
        "license_starts": _time(held.starts_at),
        "license_ends": _time(held.ends_at) if held.ends_at else None,
        "organization": _plain(held.organization.name),
        "organization_id": held.organization_id,
        "fingerprint": hashlib.sha256(key.encode()).hexdigest(),
    }


def canonical(content: dict[str, str | int | None]) -> bytes:
    """The one way to write it: RFC 8785, for strings, integers and null under names of ASCII."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def envelope(payload: bytes, signature: bytes) -> str:
    """The text of the file: payload and signature, each a block of lines of base 64."""
    return _block("LICENSE", payload) + _block("SIGNATURE", signature)


def _block(name: str, raw: bytes) -> str:
    text = base64.b64encode(raw).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(
        [f"-----BEGIN FORECOURT {name}-----", *lines, f"-----END FORECOURT {name}-----\n"]
    )


def _time(moment: dt.datetime) -> str:
    """RFC 3339 in UTC, to the second before."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
