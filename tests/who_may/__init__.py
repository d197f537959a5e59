"""The table: every address, and who may ask what there. Written by hand, so that it can disagree
with the code; `test_who_may.py` runs it for every person of the cast."""

from tests.who_may.billing import BILLING_BY_ITSELF, BILLING_ROOM, BILLING_STAFF
from tests.who_may.books import BOOKS_ROOM, STAFF_WITH_MONEY
from tests.who_may.catalog import CATALOG_ROWS, OF_THE_CATALOG
from tests.who_may.console import CONSOLE, STAFF_THEMSELVES
from tests.who_may.launching import LAUNCHES_BY_THEMSELVES, LAUNCHING, STAFF_WITH_CLIENTS
from tests.who_may.organizations import (
    ACCOUNT_ROOM,
    CONTACTS_ROOM,
    MEMBERS_ROOM,
)
from tests.who_may.people import PEOPLE_ROWS
from tests.who_may.products import PRODUCTS_ROOM, STAFF_AT_WORK
from tests.who_may.rows import ANYONE, HOLDER, MEMBERS, SIGNED_IN, Row
from tests.who_may.stripe import STAFF_WITH_STRIPE, STRIPES_OWN, STRIPES_PAGES

__all__ = ["ANYONE", "ELSEWHERE", "HOLDER", "MEMBERS", "NOBODYS", "SIGNED_IN", "TABLE"]
__all__ += ["Row"]

TABLE = [*MEMBERS_ROOM, *ACCOUNT_ROOM, *CONTACTS_ROOM, *PRODUCTS_ROOM]
TABLE += [*BOOKS_ROOM, *BILLING_ROOM, *STRIPES_PAGES, *PEOPLE_ROWS, *LAUNCHING, *CONSOLE]
TABLE += CATALOG_ROWS

#: What of an address is nobody's, where the rows above are asked with it.
NOBODYS = {
    "openid_connect_login": {"provider_id": "none"},
    "openid_connect_callback": {"provider_id": "none"},
    "invitation_provider": {"provider_id": "none"},
    "mail_events": {"provider": "postmark"},
    "make_primary": {"address_id": 987_654_321},
    "remove_address": {"address_id": 987_654_321},
    "signing_key": {"kid": "none"},
    "disconnect_product": {"client_id": "none"},
    "end_session": {"mark": "0123456789abcdef"},
    "unlink_identity": {"identity_id": 987_654_321},
    "mfa_edit_webauthn": {"key_id": 987_654_321},
    "mfa_remove_webauthn": {"key_id": 987_654_321},
    "console_brand_preview": {"what": "light"},
    **OF_THE_CATALOG,
}
#: Actions that no address leads to, or on things that the cast does not have; their own tests walk through them.
OF_ONES_OWN = {
    "end_session",
    "end_sessions_but",
    "link_identity",
    "rename_key",
    "unlink_identity",
}
FROM_THE_COMMAND_LINE = {"start_organization", "add_staff", "reset_factor", "keep_factor"}
FROM_THE_COMMAND_LINE |= {"reseal_factors", "reseal_mails"}
FROM_THE_COMMAND_LINE |= {"reseal_signing_keys", "rotate_signing_key"}
FROM_THE_COMMAND_LINE |= STAFF_WITH_STRIPE
BY_ITSELF = {"finish_factor_reset", "follow_address", "meet_contact"} | STRIPES_OWN
BY_ITSELF |= {"note_fate", "note_refusal"}
ELSEWHERE = FROM_THE_COMMAND_LINE | STAFF_AT_WORK | STAFF_WITH_MONEY | OF_ONES_OWN | BY_ITSELF
ELSEWHERE |= STAFF_THEMSELVES | STAFF_WITH_CLIENTS | LAUNCHES_BY_THEMSELVES
#: By the import's pages and commands (`forecourt/console/tests`).
OF_AN_IMPORT = {"import_customer", "send_prepared", "upload_import", "start_import"}
OF_AN_IMPORT |= {"discard_import", "import_release", "import_client"}
OF_AN_IMPORT |= {"import_key", "import_account", "import_activity", "import_mails", "import_merged"}
OF_AN_IMPORT |= {"import_figures"}
ELSEWHERE |= OF_AN_IMPORT
ELSEWHERE |= BILLING_STAFF | BILLING_BY_ITSELF
