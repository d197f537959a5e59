"""What can happen to money, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


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
    SUBSCRIPTION_IMPORTED = "subscription.imported"
    INVOICES_IMPORTED = "billing.imported"


#: As people read them on the Activity page.
WORDS = {
    Event.PLAN_ADDED: _("Added a plan"),
    Event.PLAN_WITHDRAWN: _("Withdrew a plan"),
    Event.DETAILS_CHANGED: _("Changed billing details"),
    Event.TAX_ID_CHECKED: _("Had the tax id looked up in the register"),
    Event.TERMS_CHANGED: _("Changed the days to pay"),
    Event.SUBSCRIPTION_STARTED: _("Started a subscription"),
    Event.SUBSCRIPTION_RENEWED: _("Renewed a subscription"),
    Event.SUBSCRIPTION_CANCELED: _("Canceled a subscription"),
    Event.SUBSCRIPTION_RESUMED: _("Resumed a subscription"),
    Event.SUBSCRIPTION_ENDED: _("Ended a subscription"),
    Event.SEATS_CHANGED: _("Changed a subscription's seats"),
    Event.INVOICE_ISSUED: _("Issued an invoice"),
    Event.INVOICE_PAID: _("Noted a payment"),
    Event.INVOICE_CREDITED: _("Credited an invoice"),
    Event.INVOICE_CORRECTED: _("Issued a corrected copy"),
    Event.PAYMENT_REFUNDED: _("Gave money back"),
    Event.EXPORT_REQUESTED: _("Had a year's invoices made one file"),
    Event.EXPORT_MADE: _("Exported the books"),
    Event.PROVIDER_ASKED: _("Asked the payment provider"),
    Event.PROVIDER_ANSWERED: _("The payment provider answered"),
    Event.METHOD_CHANGED: _("Changed the payment method"),
    Event.SUBSCRIPTION_FOLLOWED: _("Followed the provider in a subscription"),
    Event.INVOICE_FOLLOWED: _("Followed the provider in an invoice"),
    Event.PAYMENT_DISPUTED: _("Noted that a payment is disputed"),
    Event.SUBSCRIPTION_IMPORTED: _("Took a subscription over from another system"),
    Event.INVOICES_IMPORTED: _("Took invoices over from another system"),
}
