"""License keys: DPLY-7K2F-…, eight groups of four.

The first group is the product's. Then 26 letters of Crockford's base 32 (crockford.com/base32.html:
no I, L, O or U) with 130 random bits, and two with a checksum over all before them: a key that was
mistyped is known as such without a look into the database, 1,023 times of 1,024.
"""

import hashlib
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, CHECK, GROUP = 26, 2, 4
#: What people write for what they read.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make(prefix: str) -> str:
    """A new key of a product, from the operating system's random numbers."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return complete(prefix, body)


def complete(prefix: str, body: str) -> str:
    """The key with this random part: with its checksum, in groups."""
    return _written(prefix, body + _checksum(prefix, body))


def normalize(text: str) -> str:
    """A key as it is kept, of one that was typed: upper case, without blanks; O for 0, I and L
    for 1 in the random part. Keys of another form stay as they are, but for blanks around."""
    plain = "".join(text.upper().split()).replace("-", "")
    if len(plain) != GROUP + LETTERS + CHECK:
        return text.strip()
    prefix, rest = plain[:GROUP], plain[GROUP:].translate(_MEANT)
    return _written(prefix, rest)


def is_well_formed(key: str) -> bool:
    """Whether the key's checksum is right (whether it was ever made is the database's to say)."""
    plain = normalize(key).replace("-", "")
    prefix, body, check = plain[:GROUP], plain[GROUP:-CHECK], plain[-CHECK:]
    return len(body) == LETTERS and not {*body} - {*ALPHABET} and check == _checksum(prefix, body)


def _checksum(prefix: str, body: str) -> str:
    """Ten bits of SHA-256, as two letters."""
    digest = hashlib.sha256(f"{prefix}-{body}".encode()).digest()
    number = int.from_bytes(digest[:2], "big") >> 6
    return ALPHABET[number >> 5] + ALPHABET[number & 31]


def _written(prefix: str, rest: str) -> str:
    groups = [rest[at : at + GROUP] for at in range(0, len(rest), GROUP)]
    return "-".join([prefix, *groups])


def mask(key: str) -> str:
    """All but the first nine letters hidden (of a short one, a third): enough to tell it from
    another."""
    shown = min(9, len(key) // 3)
    return key[:shown] + re.sub(r"[^-]", "•", key[shown:])
