"""The format: which files there are, and which columns each has. docs/importing.md tells it to people."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from forecourt.console.transfer import cells
from forecourt.console.transfer.cells import Reader
from forecourt.orgs.mail_kinds import OPTIONAL, MailKind, in_order
from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import Role
from forecourt.products.models import License, Product

SEATS = 1_000_000


@dataclass(frozen=True)
class Column:
    """One column: how its cells are read, and whether none of them may be empty."""

    name: str
    read: Reader
    is_needed: bool = False


@dataclass
class Line:
    """A line of a file: what it says, and what is wrong with it or became of it."""

    table: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    outcome: str = ""
    #: Its address or `ref` as it was typed, where that cannot be read.
    typed: str = ""

    @property
    def organization(self) -> str:
        """The `ref` of the organization that it is about."""
        column = "ref" if self.table == "organizations" else "organization"
        return str(self.values.get(column, ""))

    @property
    def ref(self) -> str:
        """What names it among those of its organization."""
        if self.table == "former_keys":  # of which nobody shall read it here
            return hashlib.sha256(str(self.values.get("key", "")).encode()).hexdigest()
        if self.table == "seats":  # both parts can be longer together than a ref
            said = f"{self.values.get('license', '')}\n{self.values.get('email', '')}"
            return hashlib.sha256(said.encode()).hexdigest()
        return str(self.values.get("ref") or self.values.get("email", ""))

    @property
    def label(self) -> str:
        """What people know it by: the organization, and who or what of it."""
        owner = "" if self.table == "organizations" else self.organization
        name = self.ref
        if self.table in ("former_keys", "seats"):
            said = (self.values.get("license"), self.values.get("email"))
            name = ", ".join(str(each) for each in said if each)
        return ", ".join(filter(None, (owner, name or self.typed)))[:254]

    @property
    def fingerprint(self) -> str:
        """The same for lines that say the same, and no others."""
        said = {name: cells.written(value) for name, value in self.values.items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def said(self, *names: str) -> dict[str, Any]:
        """What it says in these columns, as far as they are there and not left to the portal."""
        return {name: self.values[name] for name in names if self.values.get(name) is not None}


def _columns(needed: str, **readers: Reader) -> list[Column]:
    return [Column(name, read, name in needed.split()) for name, read in readers.items()]


REF, OWNER = cells.words(200), cells.words(200)
TABLES: dict[str, list[Column]] = {
    "products": _columns(
        "slug name prefix",
        slug=cells.words(40),
        name=cells.words(80),
        prefix=cells.words(4),
        kind=cells.choice(Product.Kind.values),
        icon=cells.words(40),
        description=cells.words(300),
        url=cells.words(300),
        contact=cells.words(300),
        listed=cells.yes,
    ),
    "organizations": _columns(
        "ref name",
        ref=REF,
        name=cells.words(120),
        slug=cells.slug,
        former_slugs=cells.former_slugs,
        primary_email=cells.address,
        who_may_invite=cells.choice(Organization.WhoMayInvite.values),
        invitation_days=cells.number(1, 30),
        second_factor_from=cells.day,
        session_hours=cells.number(1, 720),
        keys_hidden=cells.yes,
        created=cells.moment(),
    ),
    "contacts": _columns(
        "organization email",
        organization=OWNER,
        ref=REF,
        email=cells.address,
        name=cells.words(120),
        phone=cells.words(40),
        language=cells.language,
        kinds=cells.several(MailKind),
        declined=cells.several(in_order(OPTIONAL)),
        confirmed=cells.moment(),
        bounced=cells.moment(),
        bounce=cells.words(300),
        created=cells.moment(),
    ),
    "members": _columns(
        "organization email",
        organization=OWNER,
        email=cells.address,
        name=cells.person_name,
        role=cells.choice(Role.values),
    ),
    "licenses": _columns(
        "organization ref product plan",
        organization=OWNER,
        ref=REF,
        product=cells.words(40),
        plan=cells.words(80),
        seats=cells.number(1, SEATS),
        status=cells.choice(License.Status.values),
        starts=cells.moment(),
        ends=cells.moment(at_end=True),
        renews=cells.yes,
        key=cells.key,
        handle=cells.handle,
        created=cells.moment(),
    ),
    "seats": _columns(
        "organization license email",
        organization=OWNER,
        license=REF,
        email=cells.address,
    ),
    "former_keys": _columns(
        "organization license key works_until",
        organization=OWNER,
        license=REF,
        key=cells.key,
        works_until=cells.moment(at_end=True),
    ),
    "notes": _columns(
        "organization ref text",
        organization=OWNER,
        ref=REF,
        author=cells.words(320),
        text=cells.note,
        created=cells.moment(),
    ),
}
#: Those of customers, in the order in which they are written into the portal.
OF_CUSTOMERS = [name for name in TABLES if name != "products"]
