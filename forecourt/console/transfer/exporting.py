"""The whole portal as the same files: a customer at a time, in the order of their numbers, so that its
size does not matter. Reads, and writes nothing but the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain

from forecourt.billing.finding import plans
from forecourt.console.models import Note
from forecourt.console.transfer import (
    activity,
    billing_details,
    brand,
    clients,
    figures,
    invoice_rows,
    keys,
    mails,
    merged,
    people,
    places,
    releases,
    subscriptions,
)
from forecourt.console.transfer.cells import guarded, written
from forecourt.console.transfer.rows import Refs, Row, ref_of
from forecourt.console.transfer.tables import COLUMNS, ON_THE_SERVER
from forecourt.core import scope
from forecourt.core.exports import inside
from forecourt.core.money import decimal
from forecourt.members.models import Invitation
from forecourt.orgs.mail_kinds import in_order
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.products.models import License, LicenseKey, Product

#: Organizations whose numbers are read at once.
AT_ONCE = 1_000


def heads(*, with_secrets: bool = False) -> dict[str, bytes]:
    """The first line of each file."""
    tables = [name for name in COLUMNS if with_secrets or name not in ON_THE_SERVER]
    return {table: _bytes([[column.name for column in COLUMNS[table]]]) for table in tables}


def pieces(*, with_secrets: bool = False) -> Iterator[dict[str, bytes]]:
    """What is next in the files: what belongs to no customer, then one customer after the other;
    `with_secrets`: people before these, and after them mails and what happened."""
    house = {
        "products": list(_products()),
        "plans": list(_plans()),
        "sellers": invoice_rows.sellers(),
    }
    yield {table: _table(table, rows) for table, rows in house.items()}
    for table, some in _house(with_secrets):
        yield {table: _table(table, some)}
    for pk in _numbers():
        with inside(pk):
            theirs = _customer(pk, with_secrets)
        yield {table: _table(table, some) for table, some in theirs.items()}
    if with_secrets:
        yield from _happened()


def _house(with_secrets: bool) -> Iterator[tuple[str, list[Row]]]:
    yield "brand", brand.rows()
    yield "clients", clients.rows()
    yield "figures", figures.rows()
    yield from (("releases", some) for some in releases.rows())
    yield from (("release_files", some) for some in releases.rows_of_files())
    if with_secrets:
        yield "keys", keys.rows()
        yield from (("accounts", some) for some in people.rows())


def _happened() -> Iterator[dict[str, bytes]]:
    owners: Iterator[int | None] = chain([None], _numbers())
    for owner in owners:
        with inside(owner):
            ref = ref_of(owner) if owner else ""
            for table, rows in (("mails", mails.rows), ("activity", activity.rows)):
                for some in rows(owner, ref):
                    yield {table: _table(table, some)}


def _numbers() -> Iterator[int]:
    last = 0
    while True:
        with scope.across_organizations("everything is exported"):
            rows = Organization.objects.filter(pk__gt=last).order_by("pk")
            some = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            return
        yield from some
        last = some[-1]


def _table(table: str, rows: list[Row]) -> bytes:
    names = [column.name for column in COLUMNS[table]]
    return _bytes([[guarded(written(row[name])) for name in names] for row in rows])


def _bytes(rows: list[list[str]]) -> bytes:
    """Each cell in quotes, so that no separator of any spreadsheet begins a formula inside of one."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def _products() -> Iterator[Row]:
    for product in Product.objects.order_by("position", "pk"):
        yield {
            "slug": product.slug,
            "name": product.name,
            "prefix": product.key_prefix,
            "kind": product.kind,
            "icon": product.icon,
            "description": product.description,
            "url": product.url,
            "contact": product.contact,
            "listed": product.is_listed,
        }


def _plans() -> Iterator[Row]:
    for plan in sorted(plans(), key=lambda each: each.pk):
        yield {
            "slug": plan.slug,
            "product": plan.product.slug,
            "name": plan.name,
            "interval": plan.interval,
            "currency": plan.currency,
            "price": decimal(plan.unit_amount, plan.currency),
            "inclusive": plan.is_inclusive,
            "withdrawn": not plan.is_offered,
            "created": plan.created_at,
        }


def _customer(pk: int, with_secrets: bool) -> dict[str, list[Row]]:
    organization = Organization.objects.select_related("primary_contact").filter(pk=pk).first()
    if organization is None:  # gone since its number was read
        return {}
    refs = Refs(pk)
    ref = ref_of(pk)
    rows: dict[str, list[Row]] = {
        "organizations": [_organization(organization)],
        "contacts": [_contact(contact, refs) for contact in _contacts(pk)],
        "members": _members(pk),
        "licenses": [],
        **billing_details.rows(pk, refs),
        "subscriptions": subscriptions.rows(pk, refs),
        **invoice_rows.rows(pk, refs),
        "seats": [],
        "former_keys": [],
        "notes": [
            _note(note, refs) for note in Note.objects.filter(organization_id=pk).order_by("pk")
        ],
        "merged": merged.rows(pk),
    }
    for granted in (
        License.objects.select_related("product").filter(organization_id=pk).order_by("pk")
    ):
        name = refs.of("licenses", granted.pk, str(granted.handle))
        keys = list(LicenseKey.objects.filter(license=granted).order_by("pk"))
        present = next((key.key for key in keys if key.works_until is None), "")
        rows["licenses"].append({**_license(granted), "ref": name, "key": present})
        rows["seats"] += [{"license": name, "email": email} for email in _seated(granted)]
        rows["former_keys"] += [
            {"license": name, "key": key.key, "works_until": key.works_until}
            for key in keys
            if key.works_until is not None
        ]
    if with_secrets:
        rows |= places.rows(pk, refs)
    for table, some in rows.items():
        for row in some:
            row["ref" if table == "organizations" else "organization"] = ref
    return rows


def _organization(found: Organization) -> Row:
    former = found.former_slugs.order_by("slug").values_list("slug", flat=True)
    return {
        "name": found.name,
        "slug": found.slug,
        "former_slugs": list(former),
        "primary_email": found.primary_contact.email,
        "who_may_invite": found.who_may_invite,
        "invitation_days": found.invitation_days,
        "second_factor_from": found.second_factor_from,
        "session_hours": found.session_hours,
        "keys_hidden": found.keys_hidden,
        "suspended": found.suspended_at,
        "suspended_reason": found.suspended_reason,
        "number": found.pk,
        "created": found.created_at,
    }


def _contacts(pk: int) -> list[Contact]:
    return sorted(Contact.objects.filter(organization_id=pk), key=lambda each: each.email)


def _contact(found: Contact, refs: Refs) -> Row:
    return {
        "ref": refs.of("contacts", found.pk, found.email),
        "email": found.email,
        "name": found.name,
        "phone": found.phone,
        "language": found.language,
        "kinds": in_order(found.kinds),
        "declined": in_order(found.declined),
        "confirmed": found.confirmed_at,
        "bounced": found.bounced_at,
        "bounce": found.bounce,
        "created": found.created_at,
    }


def _seated(granted: License) -> list[str]:
    """Who has a seat of a license, or gets one when they join."""
    members = granted.seats_taken.values_list("member__user__email", flat=True)
    invited = Invitation.objects.filter(
        organization_id=granted.organization_id,
        status=Invitation.Status.PENDING,
        licenses__contains=[granted.pk],
    )
    return sorted({*members, *invited.values_list("email", flat=True)})


def _note(found: Note, refs: Refs) -> Row:
    return {
        "ref": refs.of("notes", found.pk),
        "author": found.author,
        "text": found.text,
        "created": found.created_at,
    }


def _members(pk: int) -> list[Row]:
    """Who is in, and who is invited: elsewhere all of them are invited."""
    members = Membership.objects.filter(organization_id=pk)
    columns = ("user__email", "user__name", "role")
    people = list(members.values_list(*columns))
    invited = Invitation.objects.filter(organization_id=pk, status=Invitation.Status.PENDING)
    people += invited.values_list("email", "name", "role")
    return [{"email": email, "name": name, "role": role} for email, name, role in sorted(people)]


def _license(found: License) -> Row:
    return {
        "product": found.product.slug,
        "plan": found.plan,
        "seats": found.seats,
        "status": found.status,
        "starts": found.starts_at,
        "ends": found.ends_at,
        "renews": found.renews,
        "handle": found.handle,
        "created": found.created_at,
    }
