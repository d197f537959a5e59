"""The addresses of payments by Stripe, in a portal that has not set it up; with it,
`billing/tests/test_stripe_*` walk through them."""

from forecourt.orgs.permissions import Permission
from tests.who_may.rows import ANYONE, REMOVERS, Row, inside

EDIT = Permission.EDIT_BILLING

STRIPES_PAGES = [
    Row("POST", "stripe_events", ANYONE, 404, is_signed=True),
    inside("POST", "set_up_method", REMOVERS, EDIT, 404, action="ask_for_method_page"),
    inside("GET", "method_set_up", REMOVERS, EDIT, 303),
    inside("GET", "pay_invoice", REMOVERS, EDIT, 404, thing="invoice"),
]

STAFF_WITH_STRIPE = {"start_with_stripe", "refund_payment"}
#: Done by itself, or on the way to another.
STRIPES_OWN = {"ask_for_customer", "follow_stripe", "give_up", "note_outcome", "note_refusal"}
