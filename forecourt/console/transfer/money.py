"""What is wrong with the lines about money: whether what they point to is there, and whether what they
say can be. Each becomes what it is (`Line.made`); nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forecourt.billing import finding, importing
from forecourt.billing.models import Invoice
from forecourt.billing.models import Plan as Offer
from forecourt.console.transfer import money_invoices
from forecourt.console.transfer.lines import Line
from forecourt.core import scope
from forecourt.core.refusals import Refused

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Customer, Plan

AT_ONCE = 1_000
#: What names an invoice, by the file that does.
NUMBERS = {
    "invoices": ("number", "credits"),
    "payments": ("invoice",),
    "invoice_revisions": ("invoice",),
}


def join(customer: Customer) -> None:
    """Each invoice with its lines, which are parts of it."""
    by_number: dict[str, Line] = {}
    for line in customer.lines["invoices"]:
        by_number.setdefault(line.ref, line)
    for part in customer.lines["invoice_lines"]:
        whole = by_number.get(str(part.values.get("invoice", "")))
        if whole is not None:
            whole.parts.append(part)
            part.whole = whole
        elif not part.problem:
            part.problem = _("invoice: There is none with this number in invoices.csv.")


def check(plan: Plan, *, products: set[str]) -> None:
    """Say in each line what is wrong with it. `products`: the slugs that there will be."""
    offers, sellers = _offers(plan, products), _sellers(plan)
    there = _invoices_there(plan)
    for customer in plan.customers.values():
        _check_details(customer)
        terms = _check_subscriptions(customer, offers)
        money_invoices.check(customer, there, sellers, terms)


def _offers(plan: Plan, products: set[str]) -> dict[str, tuple[Offer, str]]:
    """Every plan that there will be, with its product's slug. Plans are added, and never changed."""
    there = {offer.slug: (offer, offer.product.slug) for offer in finding.plans()}
    for line in plan.house["plans"]:
        slug, product = line.values.get("slug", ""), line.values.get("product", "")
        line.outcome = _("Unchanged") if slug in there else _("New")
        if line.problem or slug in there:
            continue
        with line.judged():
            if product not in products:
                raise Refused(_("There is no product “%s”.") % product, field="product")
            line.made = importing.plan_of(line.values)
            there[slug] = (line.made, product)
    return there


def _sellers(plan: Plan) -> dict[str, dict[str, str]]:
    """What the vendor was on paper, by ref."""
    found: dict[str, dict[str, str]] = {}
    for line in plan.house["sellers"]:
        if line.problem:
            continue
        with line.judged():
            found[line.ref] = importing.seller_of(line.values)
            is_there = importing.is_known_seller(found[line.ref])
            line.outcome = _("Unchanged") if is_there else _("New")
    return found


def _invoices_there(plan: Plan) -> dict[str, Invoice]:
    """Those of the invoices that these files speak of which are in the portal."""
    numbers = {
        str(line.values.get(name))
        for customer in plan.customers.values()
        for table, names in NUMBERS.items()
        for line in customer.lines[table]
        if not customer.is_known(line)
        for name in names
        if line.values.get(name)
    }
    asked, found = sorted(numbers), dict[str, Invoice]()
    with scope.across_organizations("which of the invoices are there"):
        for start in range(0, len(asked), AT_ONCE):
            rows = Invoice.objects.filter(number__in=asked[start : start + AT_ONCE])
            found |= {row.number: row for row in rows}
    return found


def _check_details(customer: Customer) -> None:
    for line in customer.lines["billing_details"][1:]:
        line.problem = line.problem or _("An organization has one line here.")
    for table in ("billing_details", "former_details"):
        for line in customer.news(table):
            with line.judged():
                is_former = table == "former_details"
                line.made = importing.paper_of(line.values, is_former=is_former)


def _check_subscriptions(
    customer: Customer, offers: dict[str, tuple[Offer, str]]
) -> dict[str, importing.Terms]:
    """The terms of each, by its ref."""
    known, taken = customer.names("licenses"), dict[str, Line]()
    for_what = {line.ref: line.values.get("product") for line in customer.lines["licenses"]}
    found: dict[str, importing.Terms] = {}
    for line in customer.lines["subscriptions"]:
        if line.problem:
            continue
        with line.judged():
            _check_license(line.values, known, for_what, offers)
            license = line.values.get("license")
            if license and taken.setdefault(license, line) is not line:
                raise Refused(_("Another subscription pays for this license."), field="license")
            offer, _product = offers[line.values["plan"]]
            line.made = found[line.ref] = importing.terms_of(offer, line.values)
            if not customer.is_known(line):
                line.warning = importing.what_is_due(line.made)
    return found


def _check_license(
    values: dict[str, Any],
    known: set[str],
    for_what: dict[str, Any],
    offers: dict[str, tuple[Offer, str]],
) -> None:
    if values["plan"] not in offers:
        raise Refused(_("There is no plan “%s”.") % values["plan"], field="plan")
    license = values.get("license")
    if license and license not in known:
        raise Refused(_("There is none with this ref."), field="license")
    if license in for_what and for_what[license] != offers[values["plan"]][1]:
        raise Refused(_("It is a license for another product than the plan's."), field="license")
