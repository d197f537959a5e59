"""The addresses of the Billing room, but for its details."""

from forecourt.billing import actions
from forecourt.billing.models import Invoice
from forecourt.core.actors import System
from forecourt.core.models import Export, ExportPiece
from forecourt.orgs.permissions import Permission
from tests.who_may.rows import REMOVERS, inside

VIEW, EDIT = Permission.VIEW_BILLING, Permission.EDIT_BILLING
#: Whoever may see the money: Admins, and the primary contact whatever their role (S43).
PAYERS = REMOVERS

BOOKS_ROOM = [
    inside("GET", "billing", PAYERS, VIEW, 200),
    inside("GET", "invoice", PAYERS, VIEW, 200, thing="invoice"),
    inside("GET", "invoice_pdf", PAYERS, VIEW, 200, thing="invoice"),
    inside("GET", "invoice_xml", PAYERS, VIEW, 200, thing="invoice"),
    inside("GET", "correct_invoice", PAYERS, EDIT, 200, thing="invoice"),
    # It says what it should; `test_invoice_page` corrects one.
    inside("POST", "correct_invoice", PAYERS, EDIT, 422, thing="invoice", action="correct_invoice"),
    inside("GET", "invoice_exports", PAYERS, VIEW, 200),
    inside("POST", "invoice_exports", PAYERS, VIEW, 422, action="request_export"),
    inside("GET", "invoice_export", PAYERS, VIEW, 200, thing="export"),
    inside("GET", "export_file", PAYERS, VIEW, 200, thing="export"),
    inside("GET", "cancel_subscription", PAYERS, EDIT, 200, thing="subscription"),
    inside(
        "POST",
        "cancel_subscription",
        PAYERS,
        EDIT,
        303,
        thing="subscription",
        action="cancel_subscription",
    ),
    inside(
        "POST",
        "resume_subscription",
        PAYERS,
        EDIT,
        303,
        thing="canceled_subscription",
        action="resume_subscription",
    ),
    inside("GET", "change_seats", PAYERS, EDIT, 200, thing="subscription"),
    inside(
        "POST",
        "change_seats",
        PAYERS,
        EDIT,
        303,
        form={"seats": "7"},
        thing="subscription",
        action="change_seats",
    ),
]

#: What the vendor's staff do by the command line.
STAFF_WITH_MONEY = {
    "add_plan",
    "withdraw_plan",
    "start_subscription",
    "end_subscription",
    "mark_paid",
    "credit_invoice",
    "issue_invoice",
}


def books_of(house) -> dict[str, int]:
    """The ids of a subscription, an invoice and an export of this organization."""
    plan = actions.add_plan(
        System(),
        product="deploy",
        name=f"Of {house.name}",
        interval="year",
        currency="EUR",
        unit_amount=100,
    )
    actor = System(house.pk)
    subscription = actions.start_subscription(actor, plan=plan.slug, seats=5)
    canceled = actions.start_subscription(actor, plan=plan.slug, seats=2)
    actions.cancel_subscription(actor, subscription_id=canceled.pk)
    export = export_of(house, "invoices")
    invoice = Invoice.objects.get(subscription=subscription)
    subscriptions = {"subscription": subscription.pk, "canceled_subscription": canceled.pk}
    return {
        **subscriptions,
        "invoice": invoice.pk,
        "export": export,
        "log_export": export_of(house, "activity"),
    }


def export_of(house, kind: str) -> int:
    """The id of a file of this kind that is ready."""
    made = {"kind": kind, "form": "csv", "wanted": {"year": 2026}}
    export = Export.objects.create(organization_id=house.pk, **made, status="ready", size=3)
    ExportPiece.objects.create(organization_id=house.pk, export=export, position=0, content=b"a,b")
    return export.pk
