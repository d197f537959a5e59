"""The name of an organization in addresses."""

import re
import unicodedata
from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

from forecourt.core import scope
from forecourt.orgs.models import FormerSlug, Organization

LONGEST = 60
#: The lock behind which slugs are given away.
TURN = 0x736C7567
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
    if problem(base):
        base = f"org-{base}".strip("-")
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _looks_like_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", text) is not None


def problem(slug: str) -> str | None:
    """Why this cannot be a slug, as a sentence; None where it can."""
    if not 2 <= len(slug) <= LONGEST or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        return _(
            "2 to 60 small letters (a to z), digits and hyphens, with no hyphen at either end and"
            " no two together."
        )
    if slug.isdigit() or _looks_like_id(slug):
        return _("It needs a letter, so that nobody takes it for a number.")
    if slug in RESERVED:
        return _("The portal uses this word itself. Choose another.")
    return None


def wait_for_turn() -> None:
    """Give slugs away one at a time, until the transaction ends: what is free stays free."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [TURN])


def taken(slug: str, *, but: int = 0) -> bool:
    """Whether an organization (`but` this one) has the slug, or had it."""
    with scope.across_organizations("whether a slug is free"):
        present = Organization.objects.filter(slug=slug).exclude(pk=but)
        former = FormerSlug.objects.filter(slug=slug).exclude(organization_id=but)
        return present.exists() or former.exists()
