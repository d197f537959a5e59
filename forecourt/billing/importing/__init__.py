"""Money that another system knows: taken over as it was there. Plain functions for whoever imports, in
their transaction, behind the lock on the organization. Nobody is told of it by mail; what was due to be
told before it came here was told there (`imported_on`)."""

from forecourt.billing.importing.amounts import check_currency
from forecourt.billing.importing.details import paper_of, take_details, take_former
from forecourt.billing.importing.payments import payment_of, take_payment
from forecourt.billing.importing.plans import plan_of
from forecourt.billing.importing.revisions import take_revision
from forecourt.billing.importing.sellers import (
    SELLER_KEYS,
    is_known_seller,
    seller_of,
)
from forecourt.billing.importing.sheets import Sheet, line_of, settle, sheet_of
from forecourt.billing.importing.subscriptions import (
    Terms,
    take_subscription,
    terms_of,
    what_is_due,
)
from forecourt.billing.importing.writing import Invoiced, credit, follow_sheet, take_sheets

__all__ = [
    "SELLER_KEYS",
    "Invoiced",
    "Sheet",
    "Terms",
    "check_currency",
    "credit",
    "follow_sheet",
    "is_known_seller",
    "line_of",
    "paper_of",
    "payment_of",
    "plan_of",
    "seller_of",
    "settle",
    "sheet_of",
    "take_details",
    "take_former",
    "take_payment",
    "take_revision",
    "take_sheets",
    "take_subscription",
    "terms_of",
    "what_is_due",
]
