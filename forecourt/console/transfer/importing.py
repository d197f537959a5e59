"""Importing: products and plans, then a customer at a time, each in a transaction of its own. What was cut off is
whole customers, and run again it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from forecourt.billing.actions import add_plan
from forecourt.billing.models import Plan as Offer
from forecourt.console.models import Imported
from forecourt.console.transfer import (
    billing_details,
    contacts,
    house,
    invoices,
    licenses,
    merged,
    notes,
    numbers,
    organizations,
    places,
    seats,
    subscriptions,
)
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.plans import Customer, Plan
from forecourt.console.transfer.work import Work
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.members.actions.preparing import prepare
from forecourt.orgs.models import lock
from forecourt.orgs.permissions import Role
from forecourt.products.actions import add_product
from forecourt.products.models import Product


def run(actor: Any, plan: Plan) -> Iterator[int]:
    """Write what is right in the plan, by an actor for no organization; yields how many lines are
    done. What became of each, and what was refused after all, is said in the lines."""
    done = 0
    for table, lines in plan.house.items():
        for line in lines if table not in house.NAMES else ():
            if not line.problem and table in OF_HOUSE:
                OF_HOUSE[table](actor, line)
            done += 1
            yield done
    for number in house.run(actor, plan.house, plan.folder):
        done += number
        yield done
    for customer in plan.customers.values():
        if customer.news():
            _one(actor, customer)
        done += sum(map(len, customer.lines.values()))
        yield done
    merged.write_all(actor, plan.customers)


def _add_product(actor: Any, line: Line) -> None:
    values = dict(line.values)
    if Product.objects.filter(slug=values["slug"]).exists():
        return
    given = {"key_prefix": values.pop("prefix"), "is_listed": values.pop("listed", True)}
    values["kind"] = values.get("kind") or Product.Kind.DOWNLOAD
    with line.judged():
        add_product(actor, **values, **given)


def _add_plan(actor: Any, line: Line) -> None:
    said, values = line.made, line.values
    if said is None or Offer.objects.filter(slug=said.slug).exists():
        return
    more = {"created_at": said.created_at} if values.get("created") else {}
    with line.judged():
        add_plan(
            actor,
            product=values["product"],
            name=said.name,
            slug=said.slug,
            unit_amount=said.unit_amount,
            currency=said.currency,
            interval=said.interval,
            inclusive=said.is_inclusive,
            is_offered=said.is_offered,
            **more,
        )


#: (A seller's paper is written with the first invoice that names it.)
OF_HOUSE = {"products": _add_product, "plans": _add_plan}


def _one(actor: Any, customer: Customer) -> None:
    wanted = [line.values.get("number") for line in customer.news("organizations")]
    pk = customer.pk or numbers.of_organization(actor, next(iter(wanted), None))
    said = {id(line): line.outcome for line in customer.all()}
    try:
        import_customer(replace(actor, organization_id=pk), customer=customer)
        customer.pk = pk
        return
    except Refused as refusal:
        problem = str(refusal)
    except Gone:
        problem = _("The organization is not there any more.")
    except IntegrityError:  # by a unique constraint: another run was quicker
        problem = _("Somebody else has just made what this makes. Run it again.")
    for line in customer.all():
        line.outcome = said[id(line)]
        line.problem = line.problem or problem


@action("import_customer")
def import_customer(actor, *, customer: Customer) -> None:
    """Write the lines about one organization: what is new, and what says another thing than before;
    what says the same leaves alone what became of it since. Nobody is told of it by mail, but of a
    change of name, rules or primary contact."""
    audit.unchanged()
    work = _begin(actor, customer)
    work.each(customer.news("contacts"), contacts.write)
    work.each(customer.news("licenses"), licenses.write)
    work.each(customer.news("memberships"), places.write_membership)
    work.each(customer.news("invitations"), places.write_invitation)
    work.each(customer.news("members"), _write_member)
    work.each(customer.news("billing_details"), billing_details.write)
    work.each(customer.news("former_details"), billing_details.write_former)
    work.each(customer.news("subscriptions"), subscriptions.write)
    invoices.write_all(work, customer)
    work.each(customer.news("seats"), seats.write)
    work.each(customer.news("former_keys"), licenses.write_former_key)
    work.each(customer.news("notes"), notes.write)
    organizations.shut(work, customer.lines["organizations"])
    Imported.objects.bulk_create(work.fresh)


def _begin(actor: Any, customer: Customer) -> Work:
    """The organization itself: a new one, or what is another now."""
    own = customer.news("organizations")
    if customer.pk is None:
        organization = organizations.create(actor, own[0], customer.lines["contacts"])
        work = Work(actor, organization, True, {})
        work.keep(own[0], organization.pk)
        return work
    organization = lock(customer.pk)
    rows = Imported.objects.filter(organization_id=customer.pk)
    entries = {(row.kind, row.ref): row for row in rows}
    work = Work(actor, organization, False, entries)
    work.each(own, organizations.change)
    return work


def _write_member(work: Work, line: Line) -> int | None:
    """A person becomes an invitation that waits to be sent; who is in already, or came as they were,
    is left alone."""
    email = line.values["email"]
    if work.object_id("memberships", email) or work.object_id("invitations", email):
        return work.object_id("invitations", email)
    made = prepare(
        work.actor,
        email=email,
        role=line.values.get("role") or Role.MEMBER,
        name=line.values.get("name", ""),
    )
    return None if isinstance(made, str) else made.pk
