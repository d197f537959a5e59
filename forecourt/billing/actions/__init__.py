"""Everything that can happen in the Billing room."""

from forecourt.billing.actions.details import change_billing_details, change_terms, note_tax_id
from forecourt.billing.actions.exports import request_export
from forecourt.billing.actions.invoices import (
    correct_invoice,
    credit_invoice,
    issue_invoice,
    mark_paid,
)
from forecourt.billing.actions.plans import add_plan, withdraw_plan
from forecourt.billing.actions.starting import end_subscription, start_subscription
from forecourt.billing.actions.subscriptions import (
    cancel_subscription,
    change_seats,
    resume_subscription,
)

__all__ = [
    "add_plan",
    "cancel_subscription",
    "change_billing_details",
    "change_seats",
    "change_terms",
    "correct_invoice",
    "credit_invoice",
    "end_subscription",
    "issue_invoice",
    "mark_paid",
    "note_tax_id",
    "request_export",
    "resume_subscription",
    "start_subscription",
    "withdraw_plan",
]
