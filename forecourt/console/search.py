"""The one search box: organizations, people, license keys, invoice numbers and tax ids, the ten most
likely as one types.

Two statements whatever is typed, in one message: who is called so, then whose it is. Each is a row of
look-ups, the surest first, every one of them through an index; PostgreSQL goes on to the next only while
there are fewer than ten, and nothing is counted.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from forecourt.core import scope
from forecourt.core.lists import LARGEST_ID, words
from forecourt.products import keys

MOST = 10
SHORTEST = 2
#: From so many letters on there are trigrams for what stands inside a name.
INSIDE_FROM = 3

#: Who is called so, by what is typed: an address, or a name. Of each no more than ten.
BY_ADDRESS = """
select person.id, person.email from account_emailaddress address
    join people_user person on person.id = address.user_id where address.email = %(lower)s"""
EMAIL_BEGINS = """
select id, email from people_user
where upper(email) collate "C" >= %(upper)s and upper(email) collate "C" < %(beyond)s"""
NAME_BEGINS = """
select id, email from people_user
where upper(name) collate "C" >= %(upper)s and upper(name) collate "C" < %(beyond)s"""
EMAIL_INSIDE = "select id, email from people_user where upper(email) like %(inside)s"
NAME_INSIDE = "select id, email from people_user where upper(name) like %(inside)s"

#: What was found (see WHAT), how it reads (none: as the organization does), and whose it is.
KEY = "select 'key', key, organization_id from products_licensekey where key = %(key)s"
INVOICE = "select 'invoice', number, organization_id from billing_invoice where number = %(upper)s"
TAX_ID = """
select 'tax_id', tax_id, organization_id from billing_billingdetails
where tax_id = %(compact)s and tax_id <> ''"""
CUSTOMER_NUMBER = "select 'number', null, id from orgs_organization where id = %(number)s"
SLUG = "select 'organization', null, id from orgs_organization where slug = %(lower)s"
BEGINS = """
select 'organization', null, id from orgs_organization
where upper(name) collate "C" >= %(upper)s and upper(name) collate "C" < %(beyond)s
order by upper(name) collate "C" """
MEMBER = """
select 'member', user_id::text, organization_id from orgs_membership
where user_id = any(string_to_array(current_setting('forecourt.found'), ',')::bigint[])"""
CONTACT = "select 'contact', email, organization_id from orgs_contact where email = %(lower)s"
INSIDE = "select 'organization', null, id from orgs_organization where upper(name) like %(inside)s"
WHAT = {
    "key": _("License key"),
    "invoice": _("Invoice"),
    "tax_id": _("Tax id"),
    "number": _("Customer number"),
    "organization": _("Organization"),
    "member": _("Member"),
    "contact": _("Contact"),
}
#: Behind everything that begins with the same letters.
LAST = "\U0010ffff"
#: For a few rows out of many that might fit, PostgreSQL would rather read a table from its beginning.
#: (And nobody is found yet.)
BY_INDEX = "set local enable_seqscan = off; set local forecourt.found = ''"


@dataclass(frozen=True)
class Hit:
    """Something that was found, always of an organization: `what` it is, and how it reads."""

    what: str
    label: str
    organization: str
    slug: str
    is_suspended: bool


def find(text: str) -> list[Hit]:
    """At most ten, the surest first: what fits wholly, then what begins so, then what has it inside."""
    q = words(text).replace("\0", "")
    if len(q) < SHORTEST:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"{BY_INDEX}; {people(q)}; {scope.ACROSS}; {things(q)}; {scope.BACK}", values(q)
        )
        by_id = {str(pk): email for pk, email, _ids in _rows_after(cursor, 2)}
        found = _rows_after(cursor, 2)
    words_for = {what: str(WHAT[what]) for what in {row[0] for row in found}}
    hits: dict[tuple[str, str], Hit] = {}
    for what, label, name, slug, suspended_at in found:
        said = {"key": keys.mask, "member": by_id.__getitem__}.get(what, str)(label)
        hit = Hit(words_for[what], said, name, slug, suspended_at is not None)
        hits.setdefault((slug, said), hit)
    return list(hits.values())[:MOST]


def _rows_after(cursor: Any, statements: int) -> list[tuple[Any, ...]]:
    """What the statement after so many others of the same message answered."""
    for _statement in range(statements):
        cursor.nextset()
    return cursor.fetchall()


def people(q: str) -> str:
    """The statement that looks for people; the next one finds their ids in a setting."""
    if "@" in q:
        chosen = [BY_ADDRESS, EMAIL_BEGINS, EMAIL_INSIDE]
    else:
        chosen = [EMAIL_BEGINS, NAME_BEGINS, EMAIL_INSIDE, NAME_INSIDE]
    parts = (f"({part} limit {MOST})" for part in _asked(q, chosen))
    return (
        "select id, email, set_config('forecourt.found', string_agg(id::text, ',') over (), true)"  # noqa: S608 - ours
        f" from ({' union all '.join(parts)} limit {MOST}) found"
    )


def things(q: str) -> str:
    """The statement that looks for organizations, and for what is theirs."""
    if "@" in q:
        chosen = [MEMBER, CONTACT]
    else:
        named = [KEY, INVOICE, TAX_ID] if any(each.isdigit() or each == "-" for each in q) else []
        number = [CUSTOMER_NUMBER] if q.isdecimal() else []
        chosen = [*named, *number, SLUG, BEGINS, MEMBER, INSIDE]
    parts = (
        f"(select {place} sure, part.* from ({part} limit {MOST}) part (what, label, owner))"  # noqa: S608
        for place, part in enumerate(_asked(q, chosen))
    )
    # Whose they are is asked once, of all together: planned for each, it took longer than the look-ups.
    return (
        "select what, coalesce(label, o.name), o.name, o.slug, o.suspended_at"  # noqa: S608
        f" from ({' union all '.join(parts)} limit {2 * MOST}) found"
        " join orgs_organization o on o.id = owner order by sure"
    )


def _asked(q: str, chosen: list[str]) -> list[str]:
    return [part for part in chosen if len(q) >= INSIDE_FROM or "%(inside)s" not in part]


def values(q: str) -> dict[str, Any]:
    """What the look-ups are asked with."""
    upper, plain = q.upper(), connection.ops.prep_for_like_query(q.upper())
    return {
        "lower": q.lower(),
        "upper": upper,
        "beyond": upper + LAST,
        "compact": "".join(upper.split()),
        "key": keys.normalize(q),
        "number": min(int(q), LARGEST_ID) if q.isdecimal() else None,
        "inside": f"%{plain}%",
    }
