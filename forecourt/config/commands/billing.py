"""`plan`, `subscription`, `invoice`, `terms` and `renew`: what the vendor's staff do with money, until there
are pages for it."""

from __future__ import annotations

import argparse
import datetime as dt
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import TYPE_CHECKING

from forecourt.config.commands.staff import BadWord, as_staff, say, staff

if TYPE_CHECKING:
    from forecourt.billing.models import Invoice, Subscription


@as_staff
def plan(asked: argparse.Namespace) -> None:
    """Add, list or withdraw."""
    from forecourt.billing import actions, finding
    from forecourt.core import money

    if asked.verb == "add":
        _known(asked.currency)
        made = actions.add_plan(
            staff(),
            product=asked.product,
            name=asked.name,
            interval=asked.interval,
            currency=asked.currency,
            unit_amount=_minor(asked.price, asked.currency),
            inclusive=asked.inclusive,
            slug=asked.slug,
        )
        say(f"{made.product.name} can be had as {made.slug}.")
    elif asked.verb == "withdraw":
        say(f"{actions.withdraw_plan(staff(), plan=asked.plan)} is offered no more.")
    else:
        for each in finding.plans():
            price = money.said(each.unit_amount, each.currency)
            rest = "" if each.is_offered else ", withdrawn"
            tax = " with tax" if each.is_inclusive else ""
            say(f"{each.slug}  {each.name}: {price}{tax} a seat and {each.interval}{rest}")


def _known(currency: str) -> None:
    from forecourt.core import money

    if not money.is_currency(currency):
        raise BadWord(f"“{currency}” is no currency of ISO 4217, as EUR is one.")


def _minor(text: str, currency: str) -> int:
    """An amount that was typed, in minor units."""
    from forecourt.core import money

    try:
        amount = money.minor(Decimal(text), currency)
    except DecimalException:
        raise BadWord(f"“{text}” is no amount, as 320.00 is one.") from None
    if amount is None:
        raise BadWord(f"“{text}” is no amount of {currency}.")
    return amount


def _day(text: str | None) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadWord(f"“{text}” is no day, as 2027-03-31 is one.") from None


@as_staff
def subscription(asked: argparse.Namespace) -> None:
    """Start, list or change."""
    if asked.verb == "start":
        _start(asked)
    elif asked.verb == "list":
        from forecourt.billing.finding import subscriptions_of
        from forecourt.products.staff_finding import organization_called

        for found in subscriptions_of(organization_called(asked.organization)):
            say(_line(found))
    else:
        _change(asked)


def _start(asked: argparse.Namespace) -> None:
    from forecourt.billing import actions
    from forecourt.billing.finding import plan_called
    from forecourt.billing.stripe import actions as by_stripe
    from forecourt.products.staff_finding import organization_called

    organization, plan = organization_called(asked.organization), plan_called(asked.plan)
    price = _minor(asked.price, plan.currency) if asked.price else None
    actor, terms = staff(organization.pk), {"plan": plan.slug, "seats": asked.seats}
    if asked.by_stripe:
        made = by_stripe.start_with_stripe(actor, **terms, unit_amount=price)
        say(f"{organization.name} gets {plan.product.name} with the first payment.")
    else:
        starts = _day(asked.starts)
        made = actions.start_subscription(actor, **terms, starts_on=starts, unit_amount=price)
        say(f"{organization.name} has {plan.product.name}.")
    say(_line(made))


def _change(asked: argparse.Namespace) -> None:
    from forecourt.billing import actions
    from forecourt.billing.finding import subscription_called

    actor = staff(subscription_called(asked.id).organization_id)
    name = {"subscription_id": asked.id}
    match asked.verb:
        case "cancel":
            now = actions.cancel_subscription(actor, **name, reason=asked.reason)
        case "resume":
            now = actions.resume_subscription(actor, **name)
        case "seats":
            now = actions.change_seats(actor, **name, seats=asked.number)
        case _:
            now = actions.end_subscription(actor, **name)
    say(_line(now))


def _line(found: Subscription) -> str:
    from forecourt.core import money

    word = "ends" if found.cancels_at_period_end else "renews"
    end = "ended" if found.has_ended else f"{word} {found.period_end}"
    price = money.said(found.amount, found.plan.currency)
    return f"{found.pk}  {found.plan.slug}, {found.seats} seats, {price}, {end}"


@as_staff
def invoice(asked: argparse.Namespace) -> None:
    """Mark as paid, credit, save or list."""
    from forecourt.billing import actions
    from forecourt.billing.finding import invoice_called, invoices_of
    from forecourt.products.staff_finding import organization_called

    if asked.verb == "list":
        for each in invoices_of(organization_called(asked.organization)):
            say(_of(each))
        return
    found = invoice_called(asked.number)
    actor, name = staff(found.organization_id), {"invoice_id": found.pk}
    if asked.verb == "paid":
        amount = _minor(asked.amount, found.currency) if asked.amount else None
        more = {"received_on": _day(asked.on), "reference": asked.reference}
        payment = actions.mark_paid(actor, **name, amount=amount, **more)
        say(_of(payment.invoice))
    elif asked.verb == "refund":
        _refund(found, asked.amount)
    elif asked.verb == "credit":
        say(_of(actions.credit_invoice(actor, **name, reason=asked.reason)))
    else:
        _save(found, Path(asked.file))


def _refund(found: Invoice, amount: str | None) -> None:
    from forecourt.billing.stripe import actions as by_stripe

    part = _minor(amount, found.currency) if amount else None
    by_stripe.refund_payment(staff(found.organization_id), invoice_id=found.pk, amount=part)
    say(f"Stripe is asked to give back what was paid for {found.number}.")


def _save(found: Invoice, file: Path) -> None:
    from forecourt.billing import papers

    if file.suffix not in (".pdf", ".xml"):
        raise BadWord(f"“{file}” ends neither in .pdf nor in .xml.")
    content = papers.read_file(found, file.suffix[1:])
    if content is None:
        raise BadWord(f"{found.number} is Stripe's, and has no such file (yet).")
    file.write_bytes(content)
    say(f"{file} is {found.number}.")


def _of(found: Invoice) -> str:
    from forecourt.core import money

    total = money.said(found.total, found.currency)
    due = f", due {found.due_on}" if found.status == "open" and found.due_on else ""
    return f"{found.number}  {found.issued_on}, {total}, {found.status}{due}"


@as_staff
def terms(asked: argparse.Namespace) -> None:
    """Have other days to pay."""
    from forecourt.billing import actions
    from forecourt.products.staff_finding import organization_called

    organization = organization_called(asked.organization)
    account = actions.change_terms(staff(organization.pk), net_days=asked.net_days)
    say(f"{organization.name} has {account.net_days} days to pay.")


@as_staff
def renew(asked: argparse.Namespace) -> None:
    """Renew what is due."""
    from forecourt.billing import clock

    run = clock.renew(_day(asked.until))
    say(f"{run.renewed} renewed, {run.issued} invoices issued, {run.ended} ended.")
    if run.failed:
        raise BadWord(f"In {len(run.failed)} organizations something is wrong: see the log.")
