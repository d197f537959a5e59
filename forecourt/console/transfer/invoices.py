"""Writing the invoices of an organization with all that came of them: those that are new at once. Nobody
is written to because of it, and no paper is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from forecourt.billing import importing
from forecourt.billing.accounts import account_of, present_seller, seller_version
from forecourt.billing.models import Invoice, Seller
from forecourt.console.transfer import billing_details
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core.refusals import Refused

if TYPE_CHECKING:
    from forecourt.console.transfer.plans import Customer


def write_all(work: Work, customer: Customer) -> None:
    """Invoices, then what came for them later, then their corrected copies."""
    lines = customer.news("invoices")
    numbers = {line.values.get(name) for line in lines for name in ("number", "credits")}
    rows = Invoice.objects.filter(organization=work.organization, number__in=numbers - {None, ""})
    there = {} if work.is_new else {row.number: row for row in rows}
    fresh = [line for line in lines if line.ref not in there]
    came = customer.news("payments")
    written = _write_new(work, fresh, there)
    for line in came:
        if line.values["invoice"] in written:  # with its invoice
            work.keep(line, line.made.pk)
    work.each([line for line in lines if line.ref in there], _follow)
    work.each([line for line in came if line.values["invoice"] not in written], _pay)
    work.each(customer.news("invoice_revisions"), _correct)


def _in_order(line: Line) -> tuple[object, bool]:
    """As they were issued, credit notes last; the Billing page shows them the other way round."""
    return line.values["issued"], line.made.row.is_credit_note


def _write_new(work: Work, lines: list[Line], there: dict[str, Invoice]) -> set[str]:
    """The numbers of those that were written."""
    if not lines:
        return set()
    account, rows = account_of(work.organization), dict(there)
    invoiced, sellers = importing.Invoiced.of(account.pk), dict[int, Seller]()
    in_order = sorted(lines, key=_in_order)
    for line in in_order:
        with line.judged():
            row, content = line.made.row, line.made.seller
            row.buyer_id = _details(work, line) or account.details_id
            if id(content) not in sellers:
                sellers[id(content)] = seller_version(content) if content else present_seller()
            row.seller = sellers[id(content)]
            row.subscription_id = _subscription(work, line)
            invoiced.add(row)
            if number := line.values.get("credits"):
                row.credits = _among(rows, number)
            rows[line.ref] = row
    right = [line for line in in_order if not line.problem]
    importing.take_sheets(work.actor, account, [line.made for line in right])
    for line in right:
        work.keep(line, line.made.row.pk)
        if (credited := there.get(line.values.get("credits", ""))) is not None:
            importing.credit(work.actor, credited, line.made.row)
    for part in (part for line in lines if line.problem for part in line.parts):
        part.problem = _("Its invoice is left out, and so is this.")
    return {line.ref for line in right}


def _among(rows: dict[str, Invoice], number: str) -> Invoice:
    if number not in rows:
        raise Refused(_("There is no invoice “%s”.") % number, field="credits")
    return rows[number]


def _details(work: Work, line: Line) -> int | None:
    ref = line.values.get("details")
    if not ref:
        return None
    found = billing_details.named(work, ref)
    if found is None:
        raise Refused(_("There is none with this ref."), field="details")
    return found


def _subscription(work: Work, line: Line) -> int | None:
    ref = line.values.get("subscription")
    if not ref:
        return None
    found = work.object_id("subscriptions", ref)
    if found is None:
        raise Refused(_("There is none with this ref."), field="subscription")
    return found


def _called(work: Work, line: Line) -> Invoice:
    rows = Invoice.objects.filter(organization=work.organization)
    found = rows.filter(number=line.values.get("number") or line.values["invoice"]).first()
    if found is None:
        raise Refused(_("Its invoice is left out, and so is this."))
    return found


def _follow(work: Work, line: Line) -> int:
    """What became of an invoice that is there."""
    found = _called(work, line)
    importing.follow_sheet(work.actor, found, line.made)
    return found.pk


def _pay(work: Work, line: Line) -> int:
    """Money for an invoice that is there."""
    if work.object_id("payments", line.ref) is not None:
        raise Refused(_("What came stays as it came. Give what is new another ref."), field="ref")
    is_dated = bool(line.values.get("created"))
    made = importing.take_payment(work.actor, _called(work, line), line.made, is_dated=is_dated)
    return made.pk


def _correct(work: Work, line: Line) -> int:
    """A corrected copy."""
    values = line.values
    return importing.take_revision(
        work.actor,
        _called(work, line),
        values["revision"],
        buyer_id=_details(work, line) or 0,
        issued_on=values["issued"],
        created=values.get("created"),
    ).pk
