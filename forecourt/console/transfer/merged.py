"""That a customer was merged into another elsewhere: read, and written once all customers are there. What
was theirs comes as the other's; what is left of them is a row that says where it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from forecourt.console.events import Event
from forecourt.console.merging import MOVED
from forecourt.console.models import Imported, Merged
from forecourt.console.transfer import organizations, taken
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import Row, ref_of
from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs import slugs
from forecourt.orgs.models import Contact, Organization, lock

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Customer

#: What whoever was merged can have: a primary contact, what staff write about them, and mails.
LEFT = ("orgs_contact", "console_note", "core_mail")
FILES = ("organizations", "contacts", "notes", "merged")
AT_ONCE = 1_000
#: An organization: by its number, or by its ref where it is not there yet.
Place = int | str


def rows(pk: int) -> list[Row]:
    """Whether a customer was merged, and into whom. In its scope."""
    found = Merged.objects.filter(organization_id=pk).first()
    if found is None:
        return []
    with scope.organization(found.into_id):
        into = ref_of(found.into_id)
    return [{"into": into, "slug": found.slug, "at": found.at}]


def check(customers: dict[str, Customer]) -> None:
    """Say which lines are wrong, and in which order the others are written: into whom first. Of who was
    merged here already nothing else is right. Sees all organizations."""
    said = [(each, line) for each in customers.values() for line in _right(each)]
    places = _places(customers, said)
    ways: dict[Place, Place] = dict(Merged.objects.values_list("organization_id", "into_id"))
    for customer, line in said:
        own, into = places[customer.ref], places.get(line.values["into"])
        if into is None:
            line.problem = _("into: There is no organization “%s”.") % line.values["into"][:60]
        elif own == into:
            line.problem = _("into: That is the same customer.")
        elif _has_lines(customer) or (
            customer.pk and not customer.merged_into and has_rows(customer.pk)
        ):
            line.problem = _too_much()
        else:
            ways.setdefault(own, into)
    _put_in_order(ways, said, places)
    _check_slugs(customers, said, places)
    for customer in customers.values():
        if customer.merged_into:
            _leave(customer, places)


def _right(customer: Customer) -> list[Line]:
    return [line for line in customer.lines["merged"] if not line.problem]


def _too_much() -> str:
    return _(
        "Who was merged has no people, licenses, papers or former addresses of their own: name those"
        " by the other customer's ref."
    )


def _places(customers: dict[str, Customer], said: list[tuple[Customer, Line]]) -> dict[str, Place]:
    """Every organization that there is or will be, as far as it is named."""
    found: dict[str, Place] = {}
    for ref, customer in customers.items():
        own = customer.lines["organizations"]
        if customer.pk or any(not line.problem for line in own):
            found[ref] = customer.pk or ref
    wanted = [line.values["into"] for _customer, line in said if line.values["into"] not in found]
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        made = Imported.objects.filter(kind="organizations", ref__in=some)
        found |= dict(made.values_list("ref", "organization_id"))
    return found


def _has_lines(customer: Customer) -> bool:
    """Whether the files say more of them than what is left of somebody who was merged."""
    primary = {line.values.get("primary_email") for line in customer.lines["organizations"]}
    former = [line.values.get("former_slugs") for line in customer.lines["organizations"]]
    contacts = [line.values.get("email") for line in customer.lines["contacts"]]
    others = any(lines for table, lines in customer.lines.items() if table not in FILES)
    return others or any(former) or len(contacts) > 1 or not primary.issuperset(contacts)


def has_rows(pk: int) -> bool:
    """Whether something is theirs that would have gone along. In their scope, or across all."""
    tables = [table for table in MOVED if table not in LEFT]
    each = " or ".join(
        f"exists (select from {table} where organization_id = %s)" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {each}", [pk] * len(tables))
        return bool(cursor.fetchone()[0]) or Contact.objects.filter(organization=pk).count() > 1


def _put_in_order(
    ways: dict[Place, Place], said: list[tuple[Customer, Line]], places: dict[str, Place]
) -> None:
    """Which goes first, and where its way ends: in the lines. One that leads round in a circle is wrong."""
    sorter: TopologicalSorter[Place] = TopologicalSorter({own: [to] for own, to in ways.items()})
    with suppress(CycleError):  # What is in no circle comes all the same.
        sorter.prepare()
    ends: dict[Place, tuple[int, Place]] = {}
    while some := sorter.get_ready():
        for place in some:
            ends[place] = (len(ends), ends[ways[place]][1] if place in ways else place)
        sorter.done(*some)
    for customer, line in said:
        line.made = ends.get(places[customer.ref])
        if not line.problem and line.made is None:
            line.problem = _circle()


def _circle() -> str:
    return _("into: These customers would be merged in a circle.")


def _check_slugs(
    customers: dict[str, Customer], said: list[tuple[Customer, Line]], places: dict[str, Place]
) -> None:
    """A former address is the other's, or free."""
    owners: dict[str, Place] = {}
    right = [(line.values["slug"], line) for _customer, line in said if not line.problem]
    for start in range(0, len(right), AT_ONCE):
        owners |= dict(taken.owners_of([slug for slug, _line in right[start : start + AT_ONCE]]))
    for ref, customer in customers.items():
        for line in customer.lines["organizations"]:
            for slug in (line.values.get("slug"), *line.values.get("former_slugs", [])):
                owners.setdefault(slug, places.get(ref, ref))
    for slug, line in right:
        if owners.get(slug, line.made[1]) != line.made[1]:
            line.problem = _("slug: Another organization has it, or had it.")


def _leave(customer: Customer, places: dict[str, Place]) -> None:
    """Nothing is written of who was merged here; it is no news where the files say the same."""
    into, name = customer.merged_into or (0, "")
    if any(places.get(line.values["into"]) == into for line in _right(customer)):
        customer.known |= {(line.table, line.ref): line.fingerprint for line in customer.all()}
    for line in customer.news():
        line.problem = _("This customer was merged into %s: name it by that one's ref.") % name


def write_all(actor: Any, customers: dict[str, Customer]) -> None:
    """Write what is right, by an actor for no organization, once all customers are there."""
    for customer, line in sorted(_news(customers), key=lambda each: each[1].made):
        ref = line.values["into"]
        with line.judged():
            into = customers[ref].pk if ref in customers else _imported(ref)
            if into is None:
                raise Refused(_("The organization “%s” is left out.") % ref[:60], field="into")
            import_merged(replace(actor, organization_id=customer.pk), into_id=into, line=line)


def _news(customers: dict[str, Customer]) -> Iterator[tuple[Customer, Line]]:
    for customer in customers.values():
        yield from ((customer, line) for line in customer.news("merged") if customer.pk)


def _imported(ref: str) -> int | None:
    with scope.across_organizations("whom a line names"):
        made = Imported.objects.filter(kind="organizations", ref=ref)
        return made.values_list("organization_id", flat=True).first()


@action("import_customer")
def import_merged(actor, *, into_id: int, line: Line) -> None:
    """Say of a customer who has nothing that they were merged into another elsewhere: their former slug
    leads to where that way ends. Raises Refused."""
    merged_id, slug, end = actor.organization_id, line.values["slug"], holder(into_id)
    for pk in sorted((merged_id, end)):
        with scope.organization(pk):
            lock(pk)
    _look_whether(merged_id, end)
    slugs.wait_for_turn()
    with scope.organization(end):
        kept = Organization.objects.get(pk=end)
        if slug != kept.slug:
            organizations.keep_former(kept, slug)
    merged = Organization.objects.get(pk=merged_id)
    at = {"at": line.values["at"]} if line.values.get("at") else {}
    Merged.objects.create(organization=merged, into_id=into_id, slug=slug, **at)
    there = {"name": kept.name, "slug": kept.slug, "number": kept.pk}
    audit.record(actor, Event.MERGED_INTO, merged, after=there)


def _look_whether(merged_id: int, end: int) -> None:
    """Refuse what cannot be: behind both locks."""
    if end == merged_id:
        raise Refused(_circle())
    if holder(merged_id) != merged_id or holder(end) != end:
        raise Refused(_("One of them was merged into another customer before."))
    if has_rows(merged_id):
        raise Refused(_too_much())


def holder(pk: int) -> int:
    """Who has now what was an organization's: another one where it was merged, else itself."""
    with scope.across_organizations("whose it is now"):
        while (
            into := Merged.objects.filter(pk=pk).values_list("into", flat=True).first()
        ) is not None:
            pk = into
    return pk
