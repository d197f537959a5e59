"""The format: which files there are, and which columns each has. docs/importing.md tells it to people."""

from __future__ import annotations

from forecourt.console.transfer import cells, more_cells, whole_tables
from forecourt.console.transfer.lines import Column, columns
from forecourt.console.transfer.money_tables import MONEY, MONEY_OF_HOUSE, OWNER, REF
from forecourt.orgs.mail_kinds import OPTIONAL, MailKind, in_order
from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import Role
from forecourt.products.models import License, Product

SEATS = 1_000_000
#: Those that belong to no customer, in the order in which they are written into the portal.
HOUSE: dict[str, list[Column]] = {
    "products": columns(
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
    **MONEY_OF_HOUSE,
    **whole_tables.CATALOG,
    **whole_tables.OF_HOUSE,
}
#: Those of customers, in the order in which they are written.
CUSTOMERS: dict[str, list[Column]] = {
    "organizations": columns(
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
        suspended=cells.moment(),
        suspended_reason=cells.words(300),
        number=more_cells.size,
        created=cells.moment(),
    ),
    "contacts": columns(
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
    "members": columns(
        "organization email",
        organization=OWNER,
        email=cells.address,
        name=cells.person_name,
        role=cells.choice(Role.values),
    ),
    "licenses": columns(
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
    "seats": columns(
        "organization license email",
        organization=OWNER,
        license=REF,
        email=cells.address,
    ),
    "former_keys": columns(
        "organization license key works_until",
        organization=OWNER,
        license=REF,
        key=cells.key,
        works_until=cells.moment(at_end=True),
    ),
    **MONEY,
    "notes": columns(
        "organization ref text",
        organization=OWNER,
        ref=REF,
        author=cells.words(320),
        text=cells.text(4_000),
        created=cells.moment(),
    ),
    "merged": columns(
        "organization into slug",
        organization=OWNER,
        into=REF,
        slug=cells.slug,
        at=cells.moment(),
    ),
    **whole_tables.OF_CUSTOMERS,
}
TABLES: dict[str, list[Column]] = {**HOUSE, **CUSTOMERS}
#: What is too long to be read at once.
STREAMED = whole_tables.STREAMED
COLUMNS = {**TABLES, **STREAMED}
#: What only the server's own export has, and only the server imports.
ON_THE_SERVER = (*whole_tables.SECRET, *STREAMED)
