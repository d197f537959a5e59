"""What can happen to money, as the audit log names it."""

from enum import StrEnum


class Event(StrEnum):
    """The events of this room. (The clock's SQL writes the renewed and the ended.)"""

    PLAN_ADDED = "plan.added"
    PLAN_WITHDRAWN = "plan.withdrawn"
    DETAILS_CHANGED = "billing.details_changed"
    TAX_ID_CHECKED = "billing.tax_id_checked"
    TERMS_CHANGED = "billing.terms_changed"
    SUBSCRIPTION_STARTED = "subscription.started"
    SUBSCRIPTION_RENEWED = "subscription.renewed"
    SUBSCRIPTION_CANCELED = "subscription.canceled"
    SUBSCRIPTION_RESUMED = "subscription.resumed"
    SUBSCRIPTION_ENDED = "subscription.ended"
    SEATS_CHANGED = "subscription.seats_changed"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_PAID = "invoice.paid"
    INVOICE_CREDITED = "invoice.credited"
    INVOICE_CORRECTED = "invoice.corrected"
    PAYMENT_REFUNDED = "invoice.refunded"
    EXPORT_REQUESTED = "billing.export_requested"
    EXPORT_MADE = "billing.export_made"
    PROVIDER_ASKED = "billing.provider_asked"
    PROVIDER_ANSWERED = "billing.provider_answered"
    METHOD_CHANGED = "billing.payment_method_changed"
    SUBSCRIPTION_FOLLOWED = "subscription.followed"
    INVOICE_FOLLOWED = "invoice.followed"
    PAYMENT_DISPUTED = "invoice.disputed"
