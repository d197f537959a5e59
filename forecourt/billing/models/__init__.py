"""What organizations pay for, what they were asked for, and what came."""

from forecourt.billing.models.details import BillingAccount, BillingDetails, Seller
from forecourt.billing.models.invoices import (
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Numbering,
    Payment,
)
from forecourt.billing.models.plans import Plan
from forecourt.billing.models.stripe import (
    ProviderCall,
    StripeCustomer,
    StripeEvent,
    StripeInvoice,
)
from forecourt.billing.models.subscriptions import Provider, Subscription

__all__ = [
    "BillingAccount",
    "BillingDetails",
    "Invoice",
    "InvoiceLine",
    "InvoiceRevision",
    "Numbering",
    "Payment",
    "Plan",
    "Provider",
    "ProviderCall",
    "Seller",
    "StripeCustomer",
    "StripeEvent",
    "StripeInvoice",
    "Subscription",
]
