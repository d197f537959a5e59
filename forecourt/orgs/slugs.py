"""The name of an organization in addresses."""

import re
import unicodedata
from collections.abc import Callable

#: Words that would read as a page of ours, or as an id of something.
RESERVED = frozenset(
    "accounts admin api billing console demo health help invitations login members new "
    "organizations products settings signup staff static support theme www".split()
)


def slug_for(name: str, taken: Callable[[str], bool]) -> str:
    """A free slug for an organization's name: ASCII letters, digits and hyphens, 2 to 60 of them,
    never a bare number and no word of ours."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:50].strip("-")
    if len(base) < 2 or base.isdigit() or base in RESERVED or _looks_like_id(base):
        base = f"org-{base}".strip("-")
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _looks_like_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", text) is not None
