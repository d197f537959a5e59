"""What can happen to a person's own account, as the audit log names it."""

from enum import StrEnum


class Event(StrEnum):
    """The events of this floor."""

    SIGNED_UP = "person.signed_up"
    SIGNED_IN = "person.signed_in"
    SIGNED_OUT = "person.signed_out"
    ADDRESS_VERIFIED = "person.address_verified"
    PASSWORD_CHANGED = "person.password_changed"
    PASSWORD_RESET = "person.password_reset"
    PASSWORD_SET = "person.password_set"
