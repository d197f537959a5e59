"""The addresses of the Billing room that are about its details."""

from forecourt.orgs.permissions import Permission
from tests.who_may.books import PAYERS
from tests.who_may.rows import inside

EDIT = Permission.EDIT_BILLING
DETAILS = {
    "company": "Acme Tools GmbH",
    "country": "DE",
    "street": "Hafenstraße 12",
    "postal_code": "20457",
    "city": "Hamburg",
    "email": "invoices@acme.example",
}

BILLING_ROOM = [
    inside("GET", "billing_details", PAYERS, EDIT, 200),
    inside(
        "POST", "billing_details", PAYERS, EDIT, 303, form=DETAILS, action="change_billing_details"
    ),
]

#: What the vendor's staff do by the command line.
BILLING_STAFF = {"change_terms"}
#: What jobs do.
BILLING_BY_ITSELF = {"note_tax_id"}
