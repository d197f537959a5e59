"""What would become of each line: which are new, which say something else than before, and which are
wrong. Looks across organizations, and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from forecourt.account.contact_rules import MOST as MOST_CONTACTS
from forecourt.console.models import Imported, Merged
from forecourt.console.transfer import house, merged, money, taken
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.tables import CUSTOMERS, HOUSE
from forecourt.core import scope
from forecourt.orgs.models import Organization
from forecourt.products.models import Product

#: Names that are looked up at once.
AT_ONCE = 1_000


@dataclass
class Customer:
    """The lines about one organization; `pk` where it is there already."""

    ref: str
    pk: int | None = None
    #: Whose is now what was theirs, where they were merged: number and name.
    merged_into: tuple[int, str] | None = None
    lines: dict[str, list[Line]] = field(default_factory=lambda: {name: [] for name in CUSTOMERS})
    #: What was imported of it before: (file, ref), then the fingerprint.
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def all(self) -> Iterator[Line]:
        """Its lines, file by file."""
        for lines in self.lines.values():
            yield from lines

    def news(self, table: str = "") -> list[Line]:
        """The lines, of one file or of all, that are right and say what was not imported before."""
        lines = self.lines[table] if table else self.all()
        return [line for line in lines if not line.problem and not self.is_known(line)]

    def is_known(self, line: Line) -> bool:
        """Whether the same was imported before."""
        line = line.whole or line
        return self.known.get((line.table, line.ref)) == line.fingerprint

    def names(self, *tables: str) -> set[str]:
        """The refs in these files, as far as they are right, and those from before."""
        found = {ref for kind, ref in self.known if kind in tables}
        for table in tables:
            found |= {line.ref for line in self.lines[table] if not line.problem}
        return found


@dataclass
class Plan:
    """Everything that was read: what belongs to no customer first, then a customer at a time."""

    lines: list[Line]
    house: dict[str, list[Line]] = field(default_factory=lambda: {name: [] for name in HOUSE})
    customers: dict[str, Customer] = field(default_factory=dict)
    #: Where the files of releases lie, if anywhere.
    folder: Path | None = None
    #: What became of lines that were read one after the other.
    streamed: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.problem]

    @property
    def warnings(self) -> list[Line]:
        return [line for line in self.lines if line.warning and not line.problem]

    def counted(self) -> Counter[str]:
        """How many lines have which outcome."""
        counted = Counter(line.outcome for line in self.lines if not line.problem)
        return counted + self.streamed


def made(lines: list[Line], folder: Path | None = None) -> Plan:
    """The plan for these lines: what is wrong is said in each of them. `folder`: where the files of
    releases lie, if anywhere."""
    plan = Plan(lines, folder=folder)
    for line in lines:
        if line.table in HOUSE and line.values:
            plan.house[line.table].append(line)
    _gather(plan)
    with scope.across_organizations("what an import finds"):
        for some in parts(list(plan.customers.values())):
            _recognize({customer.ref: customer for customer in some})
        taken.check(each for each in plan.customers.values() if not each.merged_into)
        _check_customers(plan)
        merged.check(plan.customers)
    products = _check_products(plan)
    money.check(plan, products=products)
    house.check(plan.house, products, folder)
    for customer in plan.customers.values():
        _foretell(customer)
    return plan


def parts(all_of_them: list[Any]) -> Iterator[list[Any]]:
    """A thousand at a time."""
    for start in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[start : start + AT_ONCE]


def _gather(plan: Plan) -> None:
    """Each line to its customer, in the order of organizations.csv; twice the same is wrong."""
    seen: dict[tuple[str, str, str], int] = {}
    places = {table: place for place, table in enumerate(CUSTOMERS)}
    theirs = [line for line in plan.lines if line.table in places and line.organization]
    for line in sorted(theirs, key=lambda each: places[each.table]):
        if not line.problem:
            name = (line.table, line.organization, line.ref)
            if (number := seen.setdefault(name, line.number)) != line.number:
                line.problem = _("The same stands in line %(number)d.") % {"number": number}
        customer = plan.customers.setdefault(line.organization, Customer(line.organization))
        customer.lines[line.table].append(line)
    for customer in plan.customers.values():
        money.join(customer)


def _recognize(customers: dict[str, Customer]) -> None:
    """Which of these organizations are there: by what was imported before, or as they were
    exported from this very portal."""
    rows = Imported.objects.filter(kind="organizations", ref__in=customers)
    for ref, pk in rows.values_list("ref", "organization_id"):
        customers[ref].pk = pk
    by_slug = {}
    for customer in customers.values():
        for line in customer.lines["organizations"]:
            if customer.pk is None and line.values.get("slug") and line.values.get("created"):
                by_slug[line.values["slug"]] = (customer, line.values["created"])
    found = Organization.objects.filter(slug__in=by_slug)
    for slug, pk, created in found.values_list("slug", "pk", "created_at"):
        if by_slug[slug][1] == created:
            by_slug[slug][0].pk = pk
    there = {customer.pk: customer for customer in customers.values() if customer.pk}
    rows = Imported.objects.filter(organization_id__in=there)
    for pk, *name, fingerprint in rows.values_list("organization_id", "kind", "ref", "fingerprint"):
        there[pk].known[(name[0], name[1])] = fingerprint
    gone = Merged.objects.filter(pk__in=there).values_list("pk", "into", "into__name")
    for pk, other, called in gone:
        there[pk].merged_into = (other, called)


def _check_customers(plan: Plan) -> None:
    for customer in plan.customers.values():
        own = customer.lines["organizations"]
        if customer.pk is None:
            for line in own:
                if not line.problem and not line.values.get("primary_email"):
                    line.problem = _("primary_email: A new organization needs one.")
        if customer.pk is None and not any(not line.problem for line in own):
            said = _("Its organization is left out, and so is this.")
            if not own:
                said = _("There is no organization “%s”.") % customer.ref[:60]
            for line in customer.all():
                line.problem = line.problem or said
        for line in customer.lines["contacts"][MOST_CONTACTS:]:
            most = {"most": MOST_CONTACTS}
            line.problem = _("An organization has %(most)d contacts at most.") % most


def _check_products(plan: Plan) -> set[str]:
    """Products are added, and never changed: the catalog is not the customers'. Those that there
    will be."""
    there = set(Product.objects.values_list("slug", flat=True))
    for line in plan.house["products"]:
        line.outcome = _("Unchanged") if line.values.get("slug") in there else _("New")
    there |= {line.values.get("slug", "") for line in plan.house["products"] if not line.problem}
    for customer in plan.customers.values():
        for line in customer.lines["licenses"]:
            _check_license(line, there)
        names = customer.names("licenses")
        for line in (*customer.lines["former_keys"], *customer.lines["seats"]):
            if not line.problem and line.values["license"] not in names:
                line.problem = _("license: There is none with this ref.")
    return there


def _check_license(line: Line, products: set[str]) -> None:
    values = line.values
    starts, ends = values.get("starts"), values.get("ends")
    if line.problem:
        return
    if values["product"] not in products:
        line.problem = _("product: There is no product “%s”.") % values["product"]
    elif starts and ends and ends < starts:
        line.problem = _("ends: A license cannot end before it starts.")
    elif values.get("renews") and not ends:
        line.problem = _("renews: What renews has an end, at which it does.")


def _foretell(customer: Customer) -> None:
    for line in customer.all():
        if not line.problem:
            whole = line.whole or line
            is_there = (whole.table, whole.ref) in customer.known
            line.outcome = _("Changed") if is_there else _("New")
            if customer.is_known(line):
                line.outcome = _("Unchanged")
