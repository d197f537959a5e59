"""Everything that can happen on the organization's own page."""

from forecourt.account.actions.choosing import choose_mail, confirm_address, leave_kind
from forecourt.account.actions.contacts import (
    add_contact,
    change_contact,
    clear_bounce,
    remove_contact,
)
from forecourt.account.actions.primary import change_primary, restore_primary
from forecourt.account.actions.settings import change_settings, change_sign_in_rules

__all__ = [
    "add_contact",
    "change_contact",
    "change_primary",
    "change_settings",
    "change_sign_in_rules",
    "choose_mail",
    "clear_bounce",
    "confirm_address",
    "leave_kind",
    "remove_contact",
    "restore_primary",
]
