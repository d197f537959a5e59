"""What an organization pays for: written, and read again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forecourt.billing import importing
from forecourt.billing.finding import plan_called
from forecourt.billing.models import Subscription
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import Refs, Row
from forecourt.console.transfer.work import Work
from forecourt.core.money import decimal
from forecourt.core.refusals import Refused
from forecourt.products.models import License


def write(work: Work, line: Line) -> int:
    """A subscription that is new, or what is another now."""
    theirs = Subscription.objects.filter(organization=work.organization)
    found = theirs.select_related("plan", "license").filter(
        pk=work.object_id("subscriptions", line.ref) or 0
    )
    subscription = importing.take_subscription(
        work.actor,
        work.organization,
        plan_called(line.values["plan"]),
        _license(work, line),
        line.made,
        found=found.first(),
    )
    return subscription.pk


def _license(work: Work, line: Line) -> License | None:
    ref = line.values.get("license")
    if not ref:
        return None
    rows = License.objects.filter(organization=work.organization)
    found = rows.filter(pk=work.object_id("licenses", ref) or 0).first()
    if found is None:
        raise Refused(_("There is none with this ref."), field="license")
    return found


def rows(pk: int, refs: Refs) -> list[Row]:
    """Those of an organization."""
    found = Subscription.objects.select_related("plan", "license").filter(organization_id=pk)
    return [_row(each, refs) for each in found.order_by("pk")]


def _row(found: Subscription, refs: Refs) -> Row:
    license = found.license
    return {
        "ref": refs.of("subscriptions", found.pk),
        "plan": found.plan.slug,
        "license": refs.of("licenses", license.pk, str(license.handle)) if license else "",
        "seats": found.seats,
        "next_seats": found.next_seats,
        "price": decimal(found.unit_amount, found.plan.currency),
        "status": found.status,
        "started": found.anchor_date,
        "period_start": found.period_start,
        "period_end": found.period_end,
        "cancels": found.cancels_at_period_end,
        "canceled": found.canceled_at,
        "reason": found.cancel_reason,
        "ended": found.ended_at,
        "provider": found.provider,
        "external_id": found.external_id,
        "created": found.created_at,
    }
