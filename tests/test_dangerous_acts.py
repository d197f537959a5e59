"""Every address, asked with a session whose proof is older than a quarter of an hour: the dangerous
ones lead to "Confirm that it is you" and do nothing. O26."""

from urllib.parse import quote

import pytest

from forecourt.orgs.permissions import FRESH
from forecourt.people.models import User
from tests.cast import signed_in
from tests.test_who_may import CAST, INSIDE, OUTSIDE, Unchanged, ask
from tests.who_may import MEMBERS, SIGNED_IN, Row
from tests.who_may.place import Place

#: Of a person's own pages, those that want no fresh proof: they endanger nothing, ask for a proof
#: themselves, or (a factor that nobody here has) only once there is something.
HARMLESS = {"home", "organizations", "accept_waiting", "decline_waiting", "profile", "mfa_index"}
HARMLESS |= {"account_email", "save_profile", "end_session", "end_other_sessions"}
HARMLESS |= {"cancel_factor_reset"}
HARMLESS |= {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
HARMLESS |= {"mail_confirmation_code", "confirm_by_mail"}
HARMLESS |= {"account_change_password", "account_set_password"}
HARMLESS |= {"mfa_deactivate_totp", "mfa_view_recovery_codes"}
HARMLESS |= {"connected_products", "disconnect_product"}

DANGEROUS = [row for row in INSIDE if row.permission in FRESH]
DANGEROUS += [row for row in OUTSIDE if row.who == SIGNED_IN and row.name not in HARMLESS]
STALE = [(who, kind) for who, slug, kind in CAST if slug == "acme" and who]


@pytest.fixture
def place(world) -> Place:
    return Place("acme", User.objects.create(email="somebody@example.com"))


@pytest.mark.parametrize("row", DANGEROUS, ids=str)
def test_a_dangerous_act_wants_a_fresh_proof_of_whoever_may(place: Place, row: Row):
    """Sent to confirm, with the way back; nothing is done. Whoever may not is told that instead."""
    unchanged, address = Unchanged(), place.address(row)
    for who, kind in STALE:
        answer = ask(signed_in(who, minutes_ago=15.1), row, address)
        if row.permission and kind not in row.who:
            assert answer.status_code == (403 if kind in MEMBERS else 404)
        else:
            there = f"/accounts/reauthenticate/?next={quote(address, safe='')}"
            assert (answer.status_code, answer["Location"]) == (302, there), f"{row} by {who}"
        unchanged.look(f"{row} by {who}")


def test_the_dangerous_ones_are_among_them():
    names = {row.name for row in DANGEROUS}
    assert {"edit_member", "remove_member", "account_settings", "delete_account"} <= names
    assert {"add_address", "unlink_identity", "mfa_activate_totp", "mfa_add_webauthn"} <= names
